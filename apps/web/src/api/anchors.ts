import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { saveFile } from '../parts/save-file.ts';
import { useWords } from '../words/words.tsx';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer, isRefusal } from './refusal.ts';

export type Provider = Schemas['AnchorProvider'];
export type Stamp = Schemas['Stamp'];
export type StampedCheckpoint = Schemas['StampedCheckpoint'];
export type NewProvider = Schemas['NewAnchorProvider'];

const PROVIDERS = ['anchor-providers'] as const;
const STAMPS = ['anchor-stamps'] as const;
/** What was asked again shows by itself. */
const LOOK_EVERY_MS = 15_000;

export const useProviders = () =>
  useQuery({
    queryKey: PROVIDERS,
    queryFn: () => answer(api.GET('/api/v1/anchors/providers')),
    refetchInterval: LOOK_EVERY_MS,
  });

/** Checkpoints with their stamps, a page at a time. */
export const useStamps = () =>
  useInfiniteQuery({
    queryKey: STAMPS,
    initialPageParam: null as number | null,
    queryFn: ({ pageParam }) =>
      answer(api.GET('/api/v1/anchors/checkpoints', { params: { query: { limit: 20, ...(pageParam ? { before: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.nextBefore,
    refetchInterval: LOOK_EVERY_MS,
  });

export const useAddProvider = () =>
  useAct((body: NewProvider) => answer(api.POST('/api/v1/anchors/providers', { body })), [PROVIDERS, STAMPS]);
export const useEndProvider = () =>
  useAct(
    (providerId: string) => answer(api.DELETE('/api/v1/anchors/providers/{providerId}', { params: { path: { providerId } } })),
    [PROVIDERS, STAMPS],
  );
/** Asks every provider at once, and checks every stamp again. */
export const useCheckAnchors = () => useAct(() => answer(api.POST('/api/v1/anchors/checks')), [PROVIDERS, STAMPS]);

/** The newest checkpoint as a sheet of PDF, saved. */
export function usePrintCheckpoint() {
  const { code } = useWords();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/v1/log/checkpoint/sheets', { parseAs: 'blob' })),
    onSuccess: (sheet: Blob) => saveFile(sheet, `lantai-checkpoint-${new Date().toISOString().slice(0, 10)}.pdf`),
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
}
