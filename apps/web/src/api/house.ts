import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

/** Totals and to-do; asked again while work goes on. */
export function useOverview(intervalMs = 15_000) {
  return useQuery({ queryKey: ['overview'], queryFn: () => answer(api.GET('/api/v1/overview')), refetchInterval: intervalMs });
}

/** Fonds and units this account may see. */
export function useFonds() {
  return useQuery({ queryKey: ['fonds'], queryFn: () => answer(api.GET('/api/v1/fonds')), staleTime: 300_000 });
}

export function useSchemes() {
  return useQuery({ queryKey: ['schemes'], queryFn: () => answer(api.GET('/api/v1/schemes')), staleTime: 300_000 });
}

export function useScheme(schemeId: string | undefined) {
  return useQuery({
    queryKey: ['scheme', schemeId],
    queryFn: () => answer(api.GET('/api/v1/schemes/{schemeId}', { params: { path: { schemeId: schemeId ?? '' } } })),
    enabled: schemeId !== undefined,
    staleTime: 300_000,
  });
}

/** Several schemes at once, as far as they are here. */
export function useSchemesById(schemeIds: readonly string[]): Schemas['Scheme'][] {
  return useQueries({
    queries: schemeIds.map((schemeId) => ({
      queryKey: ['scheme', schemeId],
      queryFn: () => answer(api.GET('/api/v1/schemes/{schemeId}', { params: { path: { schemeId } } })),
      staleTime: 300_000,
    })),
    combine: (results) => results.flatMap((result) => (result.data ? [result.data] : [])),
  });
}

/** Fields the archive defined for its dossiers and materials. */
export function useFieldDefinitions() {
  return useQuery({ queryKey: ['field-definitions'], queryFn: () => answer(api.GET('/api/v1/field-definitions')), staleTime: 300_000 });
}

export type Unit = Schemas['UnitNode'];

/** Units by id over all fonds, and each unit's path of names. */
export function useUnits(): { byId: Map<string, Unit>; list: Unit[]; pathOf(id: string): string } {
  const { data } = useFonds();
  return useMemo(() => {
    // A unit that was given no name is known by its code, the root of a fonds by the fonds'.
    const list =
      data?.fonds.flatMap((f) => f.units.map((u) => ({ ...u, name: u.name || (u.parentId === null ? f.name || f.code : u.code) }))) ?? [];
    const byId = new Map(list.map((u) => [u.id, u]));
    const pathOf = (id: string): string => {
      const names: string[] = [];
      for (let u = byId.get(id); u; u = u.parentId ? byId.get(u.parentId) : undefined) names.unshift(u.name);
      return names.join(' / ');
    };
    return { byId, list, pathOf };
  }, [data]);
}

export function useHealth() {
  return useQuery({ queryKey: ['health'], queryFn: () => answer(api.GET('/api/v1/health')), staleTime: 60_000 });
}
