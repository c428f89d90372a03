import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

export type CodeRule = Schemas['CodeRule'];
export type CodeStandard = Schemas['CodeStandard'];

export const useCodeRules = () =>
  useQuery({ queryKey: ['code-rules'], queryFn: () => answer(api.GET('/api/v1/code-rules')), refetchOnMount: 'always' });

export const useSetCodeRule = () =>
  useAct((body: Schemas['NewCodeRule']) => answer(api.PUT('/api/v1/code-rules', { body })), [['code-rules']]);

/** What a run of writing codes anew came to. */
export interface Rewritten {
  readonly changed: number;
  readonly second: number;
  readonly unfit: number;
}

/** Writes the codes of all dossiers of a rule, some at a time; a run that breaks off goes on where it was when it is begun again. */
export function useRewriteCodes() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ fondsId, schemeId }: Pick<CodeRule, 'fondsId' | 'schemeId'>): Promise<Rewritten> => {
      const sum = { changed: 0, second: 0, unfit: 0 };
      for (let after: string | null | undefined; after !== null; ) {
        const done: Schemas['Recoded'] = await answer(api.POST('/api/v1/recodings', { body: { fondsId, schemeId, after: after ?? null } }));
        for (const key of ['changed', 'second', 'unfit'] as const) sum[key] += done[key];
        after = done.after;
      }
      return sum;
    },
    onSettled: () => Promise.all([['code-rules'], ['dossiers'], ['dossier']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
