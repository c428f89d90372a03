import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type Batch = Schemas['Batch'];
export type BatchDetail = Schemas['BatchDetail'];
export type Claim = Schemas['Claim'];
export type ClaimDetail = Schemas['ClaimDetail'];
export type DefectKind = Schemas['DefectKind'];
export type Station = Schemas['Station'];

/** All that an act at a station may change. */
const LISTS = [['batches'], ['batch'], ['claims'], ['dossiers'], ['dossier'], ['count-exceptions']] as const;

export const useBatches = () =>
  useQuery({ queryKey: ['batches'], queryFn: () => answer(api.GET('/api/v1/batches')), refetchOnMount: 'always' });

export const useBatch = (batchId: string) =>
  useQuery({
    queryKey: ['batch', batchId],
    queryFn: () => answer(api.GET('/api/v1/batches/{batchId}', { params: { path: { batchId } } })),
    refetchOnMount: 'always',
  });

export const useClaims = () =>
  useQuery({ queryKey: ['claims'], queryFn: () => answer(api.GET('/api/v1/claims')), refetchOnMount: 'always' });

const pathOf = (claimId: string) => ({ params: { path: { claimId } } });

export const useClaim = (claimId: string) =>
  useQuery({
    queryKey: ['claim', claimId],
    queryFn: () => answer(api.GET('/api/v1/claims/{claimId}', pathOf(claimId))),
    refetchOnMount: 'always',
  });

export const useDefectKinds = () =>
  useQuery({
    queryKey: ['defect-kinds'],
    queryFn: () => answer(api.GET('/api/v1/defect-codes')),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useContractors = () => useQuery({ queryKey: ['contractors'], queryFn: () => answer(api.GET('/api/v1/contractors')) });

export const useCreateBatch = () => useAct((body: Schemas['NewBatch']) => answer(api.POST('/api/v1/batches', { body })), LISTS);

export const useClaimStation = () =>
  useAct(
    ({ batchId, station, dossierCode }: { batchId: string; station: Station; dossierCode: string | null }) =>
      answer(api.POST('/api/v1/batches/{batchId}/claims', { params: { path: { batchId } }, body: { station, dossierCode } })),
    LISTS,
  );

export const useFinishClaim = () => useAct((id: string) => answer(api.POST('/api/v1/claims/{claimId}/finish', pathOf(id))), LISTS);

export const useReleaseClaim = () => useAct((id: string) => answer(api.POST('/api/v1/claims/{claimId}/release', pathOf(id))), LISTS);

export const useReturnClaim = () =>
  useAct(
    ({ id, toStation, reason }: { id: string; toStation: Station; reason: string }) =>
      answer(api.POST('/api/v1/claims/{claimId}/return', { ...pathOf(id), body: { toStation, reason } })),
    LISTS,
  );

/** Judges a page; the claim is read again. */
export const useJudgePage = (claimId: string) =>
  useAct(
    ({ pageId, verdict, defects }: { pageId: string; verdict: 'pass' | 'fail'; defects: string[] }) =>
      answer(api.PUT('/api/v1/claims/{claimId}/pages/{pageId}', { params: { path: { claimId, pageId } }, body: { verdict, defects } })),
    [['claim', claimId]],
  );

/** Open exception reports of counting, the oldest first. */
export const useOpenExceptions = () =>
  useInfiniteQuery({
    queryKey: ['count-exceptions'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/count-exceptions', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchOnMount: 'always',
  });
