import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

export type ManifestOrder = Schemas['ManifestOrder'];
export type ManifestReport = Schemas['ManifestReport'];
export type ManifestLine = ManifestReport['lines'][number];

const LOOK_MS = 1500;

/** What filing a list would do. */
export const useCheckManifest = () =>
  useMutation({ mutationFn: (order: ManifestOrder) => answer(api.POST('/api/v1/manifests/checks', { body: order })) });

/** The rows that are left out, saved as a sheet. */
export const useManifestErrors = () =>
  useMutation({
    mutationFn: (order: ManifestOrder) => answer(api.POST('/api/v1/manifests/error-sheets', { body: order, parseAs: 'blob' })),
    onSuccess: (bytes) => saveFile(bytes, 'lantai-left-out.xlsx'),
  });

/** Puts a list on its way. */
export const useApplyManifest = () =>
  useMutation({
    mutationFn: ({ order, plan }: { order: ManifestOrder; plan: string }) =>
      answer(api.POST('/api/v1/manifests', { body: { ...order, plan } })),
  });

/** How far a list has been filed; asked again while it is. */
export function useManifestProgress(manifestId: string | null) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ['manifest', manifestId],
    enabled: manifestId !== null,
    queryFn: async () => {
      const progress = await answer(api.GET('/api/v1/manifests/{manifestId}', { params: { path: { manifestId: manifestId ?? '' } } }));
      if (progress.state !== 'filing') void queries.invalidateQueries({ queryKey: ['dossiers'] });
      return progress;
    },
    refetchInterval: ({ state }) => (!state.data || state.data.state === 'filing' ? LOOK_MS : false),
  });
}

/** Separator sheets or labels of a dossier, saved as PDF. */
export const usePrintSeparators = () =>
  useMutation({
    mutationFn: (order: Schemas['SeparatorRequest']) => answer(api.POST('/api/v1/separators', { body: order, parseAs: 'blob' })),
    onSuccess: (bytes, { kind }) => saveFile(bytes, `lantai-${kind}.pdf`),
  });
