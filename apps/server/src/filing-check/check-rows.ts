import type { PropertyFinding, PropertyMoment, PropertyResult } from '@lantai/catalogue/properties';
import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** Findings of an item that are kept; the rest are counted. */
export const FINDINGS_KEPT = 100;

/** What an item of a check came to, as it is kept, sealed. */
export interface KeptItem {
  /** `1-7` of the standard, `GD-1-7` as printed. */
  readonly code: string;
  readonly printed: string;
  readonly result: PropertyResult;
  /** Why it was skipped, or what a person is asked; null for one that ran. */
  readonly reason: string | null;
  readonly checked: number;
  readonly measured: Readonly<Record<string, string | number>>;
  readonly findings: readonly PropertyFinding[];
  readonly findingCount: number;
}

/** The whole of a check, as it is kept, sealed. */
export interface KeptResults {
  readonly form: 1;
  readonly items: readonly KeptItem[];
}

/** A row of `property_check`. */
export interface CheckRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly moment: PropertyMoment;
  readonly standard: string;
  readonly state: 'running' | 'done' | 'stopped';
  readonly code: string | null;
  readonly total: number;
  readonly done: number;
  readonly results: Uint8Array | null;
  readonly made_by: string;
  readonly created_at_ms: number;
  readonly ended_at_ms: number | null;
}

/** A row of `property_answer`. */
export interface AnswerRow {
  readonly id: string;
  readonly check_id: string;
  readonly dossier_id: string;
  readonly item: string;
  readonly result: 'pass' | 'fail' | 'skipped';
  readonly words: Uint8Array;
  readonly made_by: string;
  readonly created_at_ms: number;
}

export const CHECK_COLUMNS = `c.id, c.dossier_id, c.moment, c.standard, c.state, c.code, c.total, c.done, c.results, c.made_by, c.created_at_ms,
  c.ended_at_ms`;

const place = (table: string, column: string, rowId: string) => ({ table, column, rowId, version: 1 });

/** Seals what a check found under the dossier's key. */
export const sealResults = (sealer: Sealer, row: Pick<CheckRow, 'id' | 'dossier_id'>, text: string): Uint8Array =>
  sealer.seal({ kind: 'dossier', id: row.dossier_id }, place('property_check', 'results', row.id), text) as Uint8Array;

/** Opens what a check found; none while it runs. @throws ArchiveError `column/corrupt` (corruption) */
export function openResults(sealer: Sealer, row: Pick<CheckRow, 'id' | 'dossier_id' | 'results'>): readonly KeptItem[] {
  if (!row.results) return [];
  const text = sealer.get({ kind: 'dossier', id: row.dossier_id }, place('property_check', 'results', row.id), row.results);
  return (JSON.parse(text) as KeptResults).items;
}

export const sealWords = (sealer: Sealer, row: { readonly id: string; readonly dossierId: string }, words: string): Uint8Array =>
  sealer.seal({ kind: 'dossier', id: row.dossierId }, place('property_answer', 'words', row.id), words) as Uint8Array;

/** @throws ArchiveError `column/corrupt` (corruption) */
export const openWords = (sealer: Sealer, row: AnswerRow): string =>
  sealer.get({ kind: 'dossier', id: row.dossier_id }, place('property_answer', 'words', row.id), row.words);

/** What persons answered to a check, in the order in which they did: the last of an item holds. */
export const readAnswers = (sql: Sql, checkIds: readonly string[]): Promise<AnswerRow[]> =>
  sql.query<AnswerRow>(
    'select id, check_id, dossier_id, item, result, words, made_by, created_at_ms from property_answer where check_id = any($1::uuid[]) order by id',
    [checkIds],
  );
