import { useMutation, useQuery } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type DossierCount = Schemas['DossierCount'];
export type CountException = Schemas['CountException'];

const keyOf = (dossierId: string) => ['count', dossierId] as const;
const pathOf = (dossierId: string) => ({ params: { path: { dossierId } } });

/** What was declared of a dossier and what came. */
export const useCount = (dossierId: string) =>
  useQuery({ queryKey: keyOf(dossierId), queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}/count', pathOf(dossierId))) });

export const useDeclareSlip = (dossierId: string) =>
  useAct(
    (body: Schemas['NewSlip']) => answer(api.POST('/api/v1/dossiers/{dossierId}/slips', { ...pathOf(dossierId), body })),
    [keyOf(dossierId)],
  );

export const useCheckCount = (dossierId: string) =>
  useAct((_: undefined) => answer(api.POST('/api/v1/dossiers/{dossierId}/counts', pathOf(dossierId))), [keyOf(dossierId)]);

export const useSettleException = (dossierId: string) =>
  useAct(
    ({ id, way, words }: { id: string; way: 'explained' | 'settled'; words: string }) =>
      answer(
        api.POST('/api/v1/count-exceptions/{exceptionId}/settlement', { params: { path: { exceptionId: id } }, body: { way, words } }),
      ),
    [keyOf(dossierId)],
  );

/** Accepts the dossier and files it (验收归档); its heading is read again. A refusal opens the report of what differs: it is shown at once. */
export const useFileDossier = (dossierId: string) =>
  useAct(
    (_: undefined) => answer(api.POST('/api/v1/dossiers/{dossierId}/filing', pathOf(dossierId))),
    [keyOf(dossierId), ['dossier', dossierId]],
    { isRefusalKept: true },
  );

/** The processing slip as a PDF, saved under the dossier's code. An entry of the log. */
export const usePrintSlip = (dossierId: string) =>
  useMutation({
    mutationFn: (_code: string) => answer(api.POST('/api/v1/dossiers/{dossierId}/slip-sheets', { ...pathOf(dossierId), parseAs: 'blob' })),
    onSuccess: (bytes, code) => saveFile(bytes as unknown as Blob, `${code}-slip.pdf`),
  });
