import { useEffect, useState } from 'react';

const PAUSE_MS = 500;

/** A text half a second after it was last changed: what is typed is asked about when whoever types it pauses. */
export function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
