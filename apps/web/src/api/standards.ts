import { useMutation, useQuery } from '@tanstack/react-query';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import { answer } from './refusal.ts';

export type Standard = Schemas['Standard'];
export type StandardVersion = Schemas['StandardVersion'];
export type StandardText = Schemas['StandardText'];
export type StandardItem = NonNullable<StandardText['items']>[number];
export type StandardTrial = Schemas['StandardTrial'];
export type ItemEdit = Schemas['QualityItemEdit'];

const STANDARDS = ['standards'] as const;

/** Schemes and quality standards with their versions. */
export const useStandards = () => useQuery({ queryKey: STANDARDS, queryFn: () => answer(api.GET('/api/v1/standards')) });

/** The text of a version; versions never change. */
export const useStandardText = ({ kind, id }: Pick<Standard, 'kind' | 'id'>, version: number) =>
  useQuery({
    queryKey: ['standard-text', kind, id, version],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      answer(api.GET('/api/v1/standards/{kind}/{standardId}/versions/{version}', { params: { path: { kind, standardId: id, version } } })),
  });

/** What is wrong with a text and what it would change. */
export const useStandardTrial = (kind: Standard['kind'], yaml: string) =>
  useQuery({
    queryKey: ['standard-trial', kind, yaml],
    enabled: yaml !== '',
    gcTime: 0,
    queryFn: () => answer(api.POST('/api/v1/standards/trials', { body: { kind, yaml } })),
  });

/** The text of a quality standard with items changed. */
export const useQualityDraft = () =>
  useMutation({
    mutationFn: ({ standardId, ...body }: { standardId: string; source: string | null; edits: ItemEdit[] }) =>
      answer(api.POST('/api/v1/standards/quality/{standardId}/drafts', { params: { path: { standardId } }, body })),
  });

/** Dossiers are judged and shown by what is in force: their lists are read again. */
export const useAdoptStandard = () =>
  useAct((body: Schemas['NewStandardVersion']) => answer(api.POST('/api/v1/standards', { body })), [STANDARDS, ['schemes'], ['quality']]);

export const useWithdrawStandard = () =>
  useAct(
    (standardVersionId: string) => answer(api.DELETE('/api/v1/standards/{standardVersionId}', { params: { path: { standardVersionId } } })),
    [STANDARDS],
  );
