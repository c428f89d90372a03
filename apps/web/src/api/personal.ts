import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAskLeave } from '../parts/ask-leave.tsx';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

export type SubjectRequest = Schemas['SubjectRequest'];
export type RequestKind = Schemas['SubjectRequestKind'];
export type ProcessingPurpose = Schemas['ProcessingPurpose'];
export type Limit = Schemas['PersonalLimit'];
export type Register = 'processing' | 'provision' | 'destruction' | 'assessment' | 'breach' | 'request' | 'consent';

/** Everything of this room is read again after each of its acts: they touch each other, and none is read often. */
const ROOM = 'personal';

const useRoom = <T>(what: string, ask: () => Promise<T>, enabled = true) => useQuery({ queryKey: [ROOM, what], queryFn: ask, enabled });

export const useOwnDossiers = (enabled = true) => useRoom('own', () => answer(api.GET('/api/v1/own-dossiers')), enabled);
export const useRequests = () => useRoom('requests', () => answer(api.GET('/api/v1/subject-requests')));
export const useRequestAnswer = (id: string, enabled: boolean) =>
  useRoom(
    `answer/${id}`,
    () => answer(api.GET('/api/v1/subject-requests/{requestId}/answer', { params: { path: { requestId: id } } })),
    enabled,
  );
export const useRestrictions = () => useRoom('restrictions', () => answer(api.GET('/api/v1/restrictions')));
export const useConsents = () => useRoom('consents', () => answer(api.GET('/api/v1/consents')));
export const usePurposes = () => useRoom('purposes', () => answer(api.GET('/api/v1/processing/purposes')));
export const useLimits = () => useRoom('limits', () => answer(api.GET('/api/v1/processing/limits')));
export const useNotices = () => useRoom('notices', () => answer(api.GET('/api/v1/processing/notices')));
export const useProcessing = () => useRoom('processing', () => answer(api.GET('/api/v1/registers/processing')));
export const useProvisions = () => useRoom('provisions', () => answer(api.GET('/api/v1/registers/provision')));
export const useDestructions = () => useRoom('destructions', () => answer(api.GET('/api/v1/registers/destruction')));
export const useAssessments = () => useRoom('assessments', () => answer(api.GET('/api/v1/impact-assessments')));
export const useBreaches = () => useRoom('breaches', () => answer(api.GET('/api/v1/breaches')));

function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries({ queryKey: [ROOM] }) });
}

const of = (requestId: string) => ({ path: { requestId } });
const at = '/api/v1/subject-requests/{requestId}';

export const useMakeRequest = () => useAct((body: Schemas['NewSubjectRequest']) => answer(api.POST('/api/v1/subject-requests', { body })));
export const useDecideRequest = () =>
  useAct(({ id, body }: { id: string; body: Schemas['SubjectRequestDecision'] }) =>
    answer(api.POST(`${at}/decision`, { params: of(id), body })),
  );
export const useExtendRequest = () =>
  useAct(({ id, reason }: { id: string; reason: string }) => answer(api.POST(`${at}/extension`, { params: of(id), body: { reason } })));
export const useFulfilRequest = () =>
  useAct(({ id, result }: { id: string; result: string }) => answer(api.POST(`${at}/result`, { params: of(id), body: { result } })));
export const useWithdrawRequest = () => useAct((id: string) => answer(api.DELETE(at, { params: of(id) })));
export const useApproveDestruction = () => useAct((id: string) => answer(api.POST(`${at}/destruction`, { params: of(id) })));
export const useLiftRestriction = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/restrictions/{restrictionId}', { params: { path: { restrictionId: id } } })));
export const useRecordConsent = () => useAct((body: Schemas['NewConsent']) => answer(api.POST('/api/v1/consents', { body })));
export const useWithdrawConsent = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/consents/{consentId}', { params: { path: { consentId: id } } })));
export const useKeepPurpose = () =>
  useAct(({ code, body }: { code: string; body: Schemas['ProcessingPurposeDraft'] }) =>
    answer(api.PUT('/api/v1/processing/purposes/{code}', { params: { path: { code } }, body })),
  );
export const useSetLimit = () =>
  useAct(({ code, value }: { code: Limit['code']; value: number }) =>
    answer(api.PUT('/api/v1/processing/limits/{code}', { params: { path: { code } }, body: { value } })),
  );
export const useKeepNotice = () => useAct((body: Schemas['NewNotice']) => answer(api.POST('/api/v1/processing/notices', { body })));
export const useRecordAssessment = () =>
  useAct((body: Schemas['NewImpactAssessment']) => answer(api.POST('/api/v1/impact-assessments', { body })));
export const useRecordBreach = () => useAct((body: Schemas['NewBreach']) => answer(api.POST('/api/v1/breaches', { body })));
export const useMarkBreach = () =>
  useAct(({ id, step }: { id: string; step: Schemas['BreachStep']['step'] }) =>
    answer(api.POST('/api/v1/breaches/{breachId}/steps', { params: { path: { breachId: id } }, body: { step } })),
  );
export const useBreachNotice = () =>
  useAct(({ id, to }: { id: string; to: 'authority' | 'persons' }) =>
    answer(api.POST('/api/v1/breaches/{breachId}/notices', { params: { path: { breachId: id } }, body: { to }, parseAs: 'blob' })),
  );
/** A register as CSV, once what is sensitive in it was shown and a reason given; null when it was not to leave after all. */
export const useExportRegister = () => {
  const askLeave = useAskLeave();
  return useAct(async (register: Register): Promise<Blob | null> => {
    const params = { path: { register } };
    const confirmed = await answer(api.POST('/api/v1/registers/{register}/counts', { params, body: {} }));
    const reason = await askLeave(confirmed);
    if (reason === null) return null;
    return answer(api.POST('/api/v1/registers/{register}/sheets', { params, body: { leave: { confirmed, reason } }, parseAs: 'blob' }));
  });
};
