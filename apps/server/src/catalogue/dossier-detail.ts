import type { BoxedVolume, Facts, FindingView, Masking } from '@lantai/contract';
import { Masker } from '@lantai/search';
import type { Archive } from '../archive/index.ts';
import { readVolumesOf } from '../boxes/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { NOTHING_SHOWN, type ShownNow } from '../masking/index.ts';
import { checkCatalogue } from './catalogue-findings.ts';
import { loadCatalogue } from './catalogue-state.ts';
import { type OtherCode, readOtherCodes } from './dossier-codes.ts';
import { fieldNamer, readFieldDefinitions } from './field-definitions.ts';
import type { DossierLine } from './list-dossiers.ts';

/** What one dossier shows beside its line in a list. */
export interface DossierDetail {
  readonly fields: Record<string, string>;
  readonly facts: Facts;
  readonly findings: readonly FindingView[];
  readonly masking: Masking;
  /** Restricted materials that the account may not see. */
  readonly hiddenMaterials: number;
  readonly createdAtMs: number;
  /** Its second code, and those that it had. */
  readonly codes: readonly OtherCode[];
  /** In which boxes its volumes lie. */
  readonly boxes: readonly BoxedVolume[];
}

/** Reads a dossier's details; its line was read in scope. @throws ArchiveError `dossier/not-found` (caller) */
export async function readDossierDetail(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  line: Pick<DossierLine, 'id'>,
  { shown, untilMs }: ShownNow = NOTHING_SHOWN,
): Promise<DossierDetail> {
  const { state } = await loadCatalogue(tx, archive, scope, line.id);
  const seen = scopeSql(scope, 'm', 2);
  const row = await tx.one<{ created_at_ms: number; hidden: number }>(
    `select d.created_at_ms, (select count(*)::int from material m where m.dossier_id = d.id and not ${seen.sql}) as hidden from dossier d where d.id = $1`,
    [line.id, ...seen.params],
  );
  const received = await tx.query<{ code: string; severity: FindingView['severity']; params: NonNullable<FindingView['params']> }>(
    'select code, severity, params from finding where dossier_id = $1 and page_id is null and source_file_id is null order by code, id',
    [line.id],
  );
  const definitions = await readFieldDefinitions(tx, state.head.place.fondsId);
  const { dossier } = checkCatalogue(state, definitions);
  const masker = new Masker(shown);
  const nameOf = fieldNamer(definitions);
  const fields = Object.fromEntries(Object.entries(state.fields).map(([code, value]) => [code, masker.field(nameOf(code), value)]));
  return {
    fields,
    masking: { hidden: masker.hidden, shownUntilMs: untilMs },
    facts: { ...state.facts, conditions: { ...state.facts.conditions } },
    findings: [...dossier, ...received.map(({ code, severity, params }) => ({ code, severity, params }))],
    hiddenMaterials: row?.hidden ?? 0,
    createdAtMs: row?.created_at_ms ?? 0,
    codes: (await readOtherCodes(tx, [line.id])).get(line.id) ?? [],
    boxes: await readVolumesOf(tx, line.id),
  };
}
