import { useCallback } from 'react';
import type { Schemas } from '../api/client.ts';
import { useWords } from '../words/words.tsx';

/** A count as people read it: exact to its limit, then "1,000+". */
export function useCount(): (count: Schemas['Count']) => string {
  const { number } = useWords();
  return useCallback((count) => `${number(count.value)}${count.more ? '+' : ''}`, [number]);
}
