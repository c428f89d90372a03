import { useMutation, useQuery } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type Consultation = Schemas['Consultation'];
export type Kinship = Schemas['Kinship'];
export type Post = Schemas['EveryPost']['items'][number];
export type PolicyTable = Schemas['PolicyTable'];
export type Reorganisation = Schemas['Reorganisation'];

const FONDS = ['fonds'] as const;
const REORGANISATIONS = ['reorganisations'] as const;
const UNIT = ['unit'] as const;
const POSTS = ['posts'] as const;
const POLICIES = ['policies'] as const;
const CONSULTATIONS = ['consultations'] as const;
const KINSHIPS = ['kinships'] as const;

/** While rows follow a change of the tree, how far they are is asked again. */
const AGAIN_MS = 1_500;
/** Somebody else signs in for a consultation: told without reloading. */
const PRESENCE_EVERY_MS = 15_000;

/** A unit in numbers. */
export const useUnitView = (unitId: string) =>
  useQuery({
    queryKey: [...UNIT, unitId],
    queryFn: () => answer(api.GET('/api/v1/units/{unitId}', { params: { path: { unitId } } })),
  });
/** Changes of the tree, asked again while one is under way. */
export const useReorganisations = () =>
  useQuery({
    queryKey: REORGANISATIONS,
    queryFn: () => answer(api.GET('/api/v1/reorganisations')),
    refetchInterval: ({ state }) => (state.data?.items.some((item) => item.state === 'running') ? AGAIN_MS : false),
  });
/** What a plan would change; null: nothing is planned yet. */
export const usePreview = (plan: Schemas['ReorganisationPlan'] | null) =>
  useQuery({
    queryKey: ['reorganisation-preview', plan],
    enabled: plan !== null,
    gcTime: 0,
    queryFn: () => answer(api.POST('/api/v1/reorganisations/preview', { body: plan as Schemas['ReorganisationPlan'] })),
  });
export const useFoundOrganisation = () =>
  useAct((body: Schemas['NewOrganisation']) => answer(api.POST('/api/v1/fonds', { body })), [FONDS, UNIT]);
export const useCreateUnit = () => useAct((body: Schemas['NewUnit']) => answer(api.POST('/api/v1/units', { body })), [FONDS, UNIT]);
/** A move or merge by its plan; a split takes code and name of the new unit. */
export const useReorganise = () =>
  useAct(
    async ({ plan, code = '', name = '' }: { plan: Schemas['ReorganisationPlan']; code?: string; name?: string }) => {
      const params = { path: { unitId: plan.unitId } };
      if (plan.kind === 'move') await answer(api.POST('/api/v1/units/{unitId}/move', { params, body: { parentId: plan.parentId } }));
      else if (plan.kind === 'merge') await answer(api.POST('/api/v1/units/{unitId}/merge', { params, body: { intoId: plan.intoId } }));
      else await answer(api.POST('/api/v1/units/{unitId}/split', { params, body: { code, name, unitIds: plan.unitIds } }));
    },
    [FONDS, UNIT, REORGANISATIONS],
  );

export const useEveryPost = () => useQuery({ queryKey: POSTS, queryFn: () => answer(api.GET('/api/v1/posts')) });
/** The posts of one account and the dossiers that are its own. */
export const usePostsOf = (accountId: string) =>
  useQuery({
    queryKey: [...POSTS, accountId],
    queryFn: () => answer(api.GET('/api/v1/accounts/{accountId}/posts', { params: { path: { accountId } } })),
  });
export const useGivePost = () =>
  useAct(
    ({ accountId, body }: { accountId: string; body: Schemas['NewPost'] }) =>
      answer(api.POST('/api/v1/accounts/{accountId}/posts', { params: { path: { accountId } }, body })),
    [POSTS],
  );
export const useEndPost = () =>
  useAct(
    ({ accountId, postId }: { accountId: string; postId: string }) =>
      answer(api.DELETE('/api/v1/accounts/{accountId}/posts/{postId}', { params: { path: { accountId, postId } } })),
    [POSTS],
  );
export const useTieSubject = () =>
  useAct(
    ({ accountId, dossierId, tied }: { accountId: string; dossierId: string; tied: boolean }) => {
      const init = { params: { path: { accountId, dossierId } } };
      return answer(
        tied
          ? api.PUT('/api/v1/accounts/{accountId}/subjects/{dossierId}', init)
          : api.DELETE('/api/v1/accounts/{accountId}/subjects/{dossierId}', init),
      );
    },
    [POSTS],
  );
export const useFindDossier = () =>
  useMutation({ mutationFn: (code: string) => answer(api.POST('/api/v1/dossier-codes', { body: { code } })) });

export const usePolicies = () => useQuery({ queryKey: POLICIES, queryFn: () => answer(api.GET('/api/v1/policies')) });
export const usePolicyText = (version: number | undefined) =>
  useQuery({
    queryKey: ['policy', version],
    enabled: version !== undefined,
    queryFn: () => answer(api.GET('/api/v1/policies/{version}', { params: { path: { version: version ?? 0 } } })),
  });
/** Everything wrong with a text, and what it says when nothing is. */
export const usePolicyCheck = (yaml: string) =>
  useQuery({
    queryKey: ['policy-check', yaml],
    enabled: yaml !== '',
    gcTime: 0,
    queryFn: () => answer(api.POST('/api/v1/policies/checks', { body: { yaml } })),
  });
export const useDraftPolicy = () => useAct((yaml: string) => answer(api.POST('/api/v1/policies', { body: { yaml } })), [POLICIES]);
export const useTryPolicy = () =>
  useMutation({ mutationFn: (yaml: string) => answer(api.POST('/api/v1/policies/trials', { body: { yaml } })) });
export const useActivatePolicy = () =>
  useAct(
    ({ version, baseVersion }: { version: number; baseVersion: number }) =>
      answer(api.POST('/api/v1/policies/{version}/activation', { params: { path: { version } }, body: { baseVersion } })),
    [POLICIES],
  );
export const useExplain = () =>
  useMutation({ mutationFn: (body: Schemas['AccessQuestion']) => answer(api.POST('/api/v1/policy-explanations', { body })) });

export const useConsultations = () =>
  useQuery({ queryKey: CONSULTATIONS, queryFn: () => answer(api.GET('/api/v1/consultations')), refetchInterval: PRESENCE_EVERY_MS });
export const useReaders = () => useQuery({ queryKey: ['readers'], queryFn: () => answer(api.GET('/api/v1/readers')) });
export const useAskConsultation = () =>
  useAct((body: Schemas['NewConsultation']) => answer(api.POST('/api/v1/consultations', { body })), [CONSULTATIONS]);
const of = (consultationId: string) => ({ path: { consultationId } });
/** The words of a request and of its decision: read when it is opened, never kept behind it. */
export const useConsultationWords = (consultationId: string) =>
  useQuery({
    queryKey: ['consultation-words', consultationId],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => answer(api.GET('/api/v1/consultations/{consultationId}/request', { params: of(consultationId) })),
  });
/** The form as a PDF, handed to the browser. */
export const useConsultationForm = () =>
  useMutation({
    mutationFn: ({ id }: Consultation) =>
      answer(api.POST('/api/v1/consultations/{consultationId}/form', { params: of(id), parseAs: 'blob' })),
    onSuccess: (bytes, { target }) => saveFile(bytes, `${target.code}-consultation.pdf`),
  });
export const useApproveConsultation = () =>
  useAct(
    ({ id, body }: { id: string; body: Schemas['ConsultationApproval'] }) =>
      answer(api.POST('/api/v1/consultations/{consultationId}/approval', { params: of(id), body })),
    [CONSULTATIONS],
  );
export const useRefuseConsultation = () =>
  useAct(
    ({ id, body }: { id: string; body: Schemas['ConsultationRefusal'] }) =>
      answer(api.POST('/api/v1/consultations/{consultationId}/refusal', { params: of(id), body })),
    [CONSULTATIONS],
  );
export const useWithdrawConsultation = () =>
  useAct((id: string) => answer(api.POST('/api/v1/consultations/{consultationId}/withdrawal', { params: of(id) })), [CONSULTATIONS]);
export const useEndConsultation = () =>
  useAct(
    (consultationId: string) => answer(api.DELETE('/api/v1/consultations/{consultationId}', { params: { path: { consultationId } } })),
    [CONSULTATIONS],
  );
export const useAttend = () =>
  useAct(
    (consultationId: string) =>
      answer(
        api.POST('/api/v1/consultations/{consultationId}/presence', { params: { path: { consultationId } }, body: { notRelated: true } }),
      ),
    [CONSULTATIONS, ['dossiers'], ['overview']],
  );

export const useKinships = () => useQuery({ queryKey: KINSHIPS, queryFn: () => answer(api.GET('/api/v1/kinships')) });
export const useDeclareKinship = () =>
  useAct((body: Schemas['NewKinship']) => answer(api.POST('/api/v1/kinships', { body })), [KINSHIPS, CONSULTATIONS]);
export const useEndKinship = () =>
  useAct((kinshipId: string) => answer(api.DELETE('/api/v1/kinships/{kinshipId}', { params: { path: { kinshipId } } })), [KINSHIPS]);
