import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type PropertyCheck = Schemas['PropertyCheck'];
export type PropertyCheckSummary = Schemas['PropertyCheckSummary'];
export type PropertyItem = Schemas['PropertyItem'];
export type PropertyMoment = Schemas['PropertyMoment'];
export type PropertyResult = Schemas['PropertyResult'];

const LOOK_MS = 1500;
const listKey = (dossierId: string) => ['property-checks', dossierId] as const;
const checkKey = (checkId: string) => ['property-check', checkId] as const;

/** The four-property checks of a dossier; asked again while one runs. */
export const usePropertyChecks = (dossierId: string) =>
  useQuery({
    queryKey: listKey(dossierId),
    queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}/property-checks', { params: { path: { dossierId } } })),
    refetchInterval: ({ state }) => (state.data?.checks.some((c) => c.state === 'running') ? LOOK_MS : false),
  });

/** One of them with its items; not asked for while it runs, since it has none. */
export const usePropertyCheck = (check: PropertyCheckSummary | null) =>
  useQuery({
    queryKey: checkKey(check?.id ?? ''),
    enabled: check !== null && check.state !== 'running',
    queryFn: () => answer(api.GET('/api/v1/property-checks/{checkId}', { params: { path: { checkId: check?.id ?? '' } } })),
  });

export const useStartCheck = (dossierId: string) =>
  useAct(
    (moment: PropertyMoment) =>
      answer(api.POST('/api/v1/dossiers/{dossierId}/property-checks', { params: { path: { dossierId } }, body: { moment } })),
    [listKey(dossierId)],
  );

const RULES_KEY = ['filing-check-rules'] as const;

/** Where the check is asked for before filing. */
export const useFilingCheckRules = (enabled: boolean) =>
  useQuery({ queryKey: RULES_KEY, enabled, queryFn: () => answer(api.GET('/api/v1/filing-check-rules')) });

/** Asks for the check before filing in a fonds under a scheme, or no longer. The password is asked again. */
export const useSetFilingCheckRule = () =>
  useAct((body: Schemas['FilingCheckRuling']) => answer(api.POST('/api/v1/filing-check-rules', { body })), [RULES_KEY]);

/** What a person says of an item. */
export function useAnswerItem({ id, dossierId }: Pick<PropertyCheck, 'id' | 'dossierId'>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['PropertyAnswer']) =>
      answer(api.POST('/api/v1/property-checks/{checkId}/answers', { params: { path: { checkId: id } }, body })),
    onSuccess: () =>
      Promise.all([queries.invalidateQueries({ queryKey: checkKey(id) }), queries.invalidateQueries({ queryKey: listKey(dossierId) })]),
  });
}

/** The report, saved under the dossier's code. An entry of the log. */
export const useCheckReport = ({ id, dossierCode }: Pick<PropertyCheck, 'id' | 'dossierCode'>) =>
  useMutation({
    mutationFn: (form: 'pdf' | 'xml') =>
      answer(api.POST('/api/v1/property-checks/{checkId}/reports', { params: { path: { checkId: id } }, body: { form }, parseAs: 'blob' })),
    onSuccess: (bytes, form) => saveFile(bytes as unknown as Blob, `${dossierCode}-four-properties.${form}`),
  });

/** Description and process metadata of a dossier, saved under its code. An entry of the log. */
export const useDescription = () =>
  useMutation({
    mutationFn: ({ id }: { id: string; code: string }) =>
      answer(api.POST('/api/v1/dossiers/{dossierId}/descriptions', { params: { path: { dossierId: id } }, parseAs: 'blob' })),
    onSuccess: (bytes, { code }) => saveFile(bytes as unknown as Blob, `${code}-description.xml`),
  });
