import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

/** As second person, or as first to whom something was returned. */
export type CountercheckSide = 'second' | 'first';

/** What waits for this account in two-person mode, the longest waiting first. */
export function useCounterchecks(side: CountercheckSide, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['counterchecks', side],
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(api.GET('/api/v1/counterchecks', { params: { query: { as: side, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // Whoever comes back from a desk has settled something there.
    refetchOnMount: 'always',
  });
}

/** Where two persons are asked for. */
export function useCountercheckRules(enabled: boolean) {
  return useQuery({ queryKey: ['countercheck-rules'], enabled, queryFn: () => answer(api.GET('/api/v1/countercheck-rules')) });
}

/** Asks for two persons in a fonds under a scheme, or no longer. The password is asked again. */
export function useSetCountercheckRule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['CountercheckRuling']) => answer(api.POST('/api/v1/countercheck-rules', { body })),
    onSuccess: () => {
      for (const key of ['countercheck-rules', 'counterchecks', 'desk']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** A word on materials of a dossier as the desk shows them. One after the other with the desk's own operations. */
export function useCountercheck(dossierId: string) {
  const queries = useQueryClient();
  return useMutation({
    scope: { id: `desk ${dossierId}` },
    mutationFn: (act: Schemas['CountercheckAct']) => {
      const desk = queries.getQueryData<Schemas['Desk']>(['desk', dossierId]);
      return answer(
        api.POST('/api/v1/dossiers/{dossierId}/counterchecks', {
          params: { path: { dossierId } },
          body: { baseVersion: desk?.version ?? 1, act },
        }),
      );
    },
    onSuccess: (desk) => queries.setQueryData(['desk', dossierId], desk),
    onError: () => void queries.invalidateQueries({ queryKey: ['desk', dossierId] }),
  });
}
