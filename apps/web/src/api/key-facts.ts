import { useMutation, useQuery } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type KeyFacts = Schemas['KeyFacts'];
export type KeyFact = Schemas['KeyFact'];
export type KeyFactCode = Schemas['KeyFactCode'];
export type Assertion = Schemas['KeyFactAssertion'];
export type Determination = Schemas['Determination'];
export type AlterationHint = Schemas['AlterationHint'];

const keyOf = (dossierId: string) => ['key-facts', dossierId] as const;

/** The key facts of a dossier, judged anew at each look. */
export const useKeyFacts = (dossierId: string) =>
  useQuery({
    queryKey: keyOf(dossierId),
    queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}/key-facts', { params: { path: { dossierId } } })),
  });

export const useProposeDetermination = (dossierId: string) =>
  useAct(
    (body: Schemas['NewDetermination']) =>
      answer(api.POST('/api/v1/dossiers/{dossierId}/determinations', { params: { path: { dossierId } }, body })),
    [keyOf(dossierId)],
  );

const pathOf = (determinationId: string) => ({ params: { path: { determinationId } } });

export const useConfirmDetermination = (dossierId: string) =>
  useAct(
    ({ id, words }: { id: string; words: string }) =>
      answer(api.POST('/api/v1/determinations/{determinationId}/confirmation', { ...pathOf(id), body: { words } })),
    [keyOf(dossierId)],
  );

export const useRefuseDetermination = (dossierId: string) =>
  useAct(
    ({ id, words }: { id: string; words: string }) =>
      answer(api.POST('/api/v1/determinations/{determinationId}/refusal', { ...pathOf(id), body: { reason: words } })),
    [keyOf(dossierId)],
  );

export const useWithdrawDetermination = (dossierId: string) =>
  useAct((id: string) => answer(api.POST('/api/v1/determinations/{determinationId}/withdrawal', pathOf(id))), [keyOf(dossierId)]);

export const useMakeDocument = (dossierId: string) =>
  useAct(
    (id: string) => answer(api.POST('/api/v1/determinations/{determinationId}/document-forms', pathOf(id))),
    [keyOf(dossierId), ['desk', dossierId], ['dossier', dossierId]],
  );

export const useAttachDocument = (dossierId: string) =>
  useAct(
    ({ id, materialId }: { id: string; materialId: string }) =>
      answer(api.POST('/api/v1/determinations/{determinationId}/documents', { ...pathOf(id), body: { materialId } })),
    [keyOf(dossierId), ['desk', dossierId]],
  );

export const useMarkAssertion = (dossierId: string) =>
  useAct(
    (body: Schemas['AssertionMarking']) =>
      answer(api.POST('/api/v1/dossiers/{dossierId}/assertion-marks', { params: { path: { dossierId } }, body })),
    [keyOf(dossierId)],
  );

export const useAnswerHint = (dossierId: string) =>
  useAct(
    ({ id, ...body }: Schemas['AlterationHintAnswer'] & { id: string }) =>
      answer(api.POST('/api/v1/alteration-hints/{hintId}/answer', { params: { path: { hintId: id } }, body })),
    [keyOf(dossierId)],
  );

/** The audit form before an appointment (任前审核登记表) as a PDF or a workbook, saved under the dossier's code. An entry of the log. */
export const useAuditForm = (dossierId: string) =>
  useMutation({
    mutationFn: ({ format }: { code: string; format: 'pdf' | 'xlsx' }) =>
      answer(api.POST('/api/v1/dossiers/{dossierId}/audit-forms', { params: { path: { dossierId }, query: { format } }, parseAs: 'blob' })),
    onSuccess: (bytes, { code, format }) => saveFile(bytes, `${code}-audit.${format}`),
  });
