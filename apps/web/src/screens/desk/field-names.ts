import { useCallback } from 'react';
import { useFieldDefinitions } from '../../api/house.ts';
import { useWords, type WordKey } from '../../words/words.tsx';
import { zh } from '../../words/zh.ts';

/** The name of a field: of the house, or as the archive defined it; its code when neither knows it. */
export function useFieldName(): (code: string) => string {
  const { w, language } = useWords();
  const { data } = useFieldDefinitions();
  return useCallback(
    (code) => {
      const defined = data?.fields.find((field) => field.code === code);
      if (defined) return defined.name[language];
      const key = `field.${code}`;
      return key in zh ? w(key as WordKey) : code;
    },
    [data, language, w],
  );
}
