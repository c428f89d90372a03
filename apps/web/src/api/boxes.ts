import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

export type Box = Schemas['Box'];
export type BoxDetail = Schemas['BoxDetail'];
export type BoxPlace = Schemas['BoxPlace'];

/** What of boxes is looked for: codes and numbers only. */
export interface BoxQuery {
  readonly fill?: 'room' | 'empty' | 'ended' | undefined;
  readonly retention?: string | undefined;
  readonly year?: number | undefined;
  readonly repository?: string | undefined;
}

/** All that a change of a box may change. */
const LISTS = [['boxes'], ['box'], ['dossier']] as const;

export const useBoxes = (query: BoxQuery) =>
  useInfiniteQuery({
    queryKey: ['boxes', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/boxes', {
          params: {
            query: {
              ...(query.fill ? { fill: query.fill } : {}),
              ...(query.retention ? { retention: query.retention } : {}),
              ...(query.year ? { year: query.year } : {}),
              ...(query.repository ? { repository: query.repository } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchOnMount: 'always',
  });

const pathOf = (boxId: string) => ({ params: { path: { boxId } } });

export const useBox = (boxId: string) =>
  useQuery({ queryKey: ['box', boxId], queryFn: () => answer(api.GET('/api/v1/boxes/{boxId}', pathOf(boxId))), refetchOnMount: 'always' });

export const useCreateBoxes = () => useAct((body: Schemas['NewBoxes']) => answer(api.POST('/api/v1/boxes', { body })), LISTS);

export const useEditBox = (boxId: string) =>
  useAct((body: Schemas['BoxChange']) => answer(api.PATCH('/api/v1/boxes/{boxId}', { ...pathOf(boxId), body })), LISTS);

export const usePutIntoBox = () =>
  useAct(
    ({ boxId, body }: { boxId: string; body: Schemas['BoxPut'] }) =>
      answer(api.POST('/api/v1/boxes/{boxId}/volumes', { ...pathOf(boxId), body })),
    LISTS,
  );

export const useTakeFromBox = (boxId: string) =>
  useAct((body: Schemas['BoxTaking']) => answer(api.POST('/api/v1/boxes/{boxId}/takings', { ...pathOf(boxId), body })), LISTS);

/** The box that a scanned code or a number names. */
export const useFindBox = () => useMutation({ mutationFn: (text: string) => answer(api.POST('/api/v1/box-finds', { body: { text } })) });

/** A label, or the contents list, of boxes. */
export interface BoxPaper {
  readonly boxIds: readonly string[];
  readonly what: 'face' | 'spine' | 'qr' | 'list';
  readonly format: 'pdf' | 'xlsx';
}

/** Prints labels or contents lists. An entry of the log. */
export const useBoxPaper = () =>
  useMutation({
    mutationFn: async ({ boxIds, what, format }: BoxPaper) => {
      const ids = [...boxIds];
      const bytes =
        what === 'list'
          ? await answer(api.POST('/api/v1/box-lists', { body: { boxIds: ids, format }, parseAs: 'blob' }))
          : await answer(api.POST('/api/v1/box-labels', { body: { boxIds: ids, kind: what, format }, parseAs: 'blob' }));
      return { bytes, name: `boxes-${what}.${format}` };
    },
    onSuccess: ({ bytes, name }) => saveFile(bytes, name),
  });
