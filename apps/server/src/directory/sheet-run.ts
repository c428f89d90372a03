import { wordsOf } from '@lantai/contract';
import type { PlainTable } from '@lantai/documents/sheets';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { runSheetWorker } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { type ApplyOptions, applyRun, checkOffice, previewRun } from './apply-run.ts';
import type { DirectoryRefusal } from './directory-list.ts';
import type { PersonStep } from './plan-people.ts';
import type { DirectoryPlan } from './plan-run.ts';
import type { UnitStep } from './plan-units.ts';
import { readSheet, type SheetFinding, type SheetList, type SheetName } from './read-sheet.ts';
import { FORM, templateTables } from './sheet-form.ts';

/** How an uploaded sheet is meant. */
export interface SheetOptions {
  readonly fondsId: string;
  /** It names everybody: whom earlier sheets made and it does not name is disabled. */
  readonly complete: boolean;
  readonly adopts: boolean;
}

/** One row of a sheet with what becomes of it. */
export interface SheetLine {
  readonly sheet: SheetName;
  readonly row: number | null;
  readonly column: string | null;
  /** Code of the unit or external id of the person; the sign-in name of somebody who vanished is not told: null. */
  readonly what: string | null;
  readonly act: 'create' | 'change' | 'disable' | 'enable' | 'nothing' | 'refused';
  readonly changes: readonly string[];
  readonly code: string | null;
  readonly params: Readonly<Record<string, string | number>>;
  readonly accountId: string | null;
}

export interface SheetPlan {
  readonly lines: readonly SheetLine[];
  readonly refusal: DirectoryRefusal | null;
  /** What is to be sent back with the sheet to apply it. */
  readonly digest: string;
}

export interface SheetResult {
  readonly lines: readonly SheetLine[];
  /** Passwords of new accounts, shown once. */
  readonly passwords: readonly { readonly what: string; readonly loginName: string; readonly password: string }[];
}

const listOf = ({ units, people }: SheetList, complete: boolean) => ({ units, people, isComplete: complete });

/**
 * A sheet with findings may not be told to be complete: rows that could not be read would vanish.
 * @throws ArchiveError `directory/complete-with-errors` (caller)
 */
function checkComplete({ findings }: SheetList, complete: boolean): void {
  if (complete && findings.some((f) => f.sheet === 'people'))
    throw new ArchiveError('directory/complete-with-errors', 'caller', { count: findings.length });
}

/** What an uploaded sheet would change, by row and column. @throws ArchiveError as {@link readSheet} and previewRun (caller) */
export async function planSheet(archive: Archive, desk: Desk, bytes: Uint8Array, options: SheetOptions): Promise<SheetPlan> {
  checkOffice(desk);
  const sheet = await readSheet(archive, bytes);
  checkComplete(sheet, options.complete);
  const plan = await previewRun(archive, desk, listOf(sheet, options.complete), { ...options, kind: 'sheet' });
  return { lines: linesOf(sheet, plan), refusal: plan.refusal, digest: plan.digest };
}

/** Applies an uploaded sheet. @throws ArchiveError as {@link planSheet} and applyRun (caller) */
export async function applySheet(
  archive: Archive,
  desk: Desk,
  bytes: Uint8Array,
  options: SheetOptions & Pick<ApplyOptions, 'digest' | 'givesPasswords' | 'mayEmpty'>,
): Promise<SheetResult> {
  checkOffice(desk);
  const sheet = await readSheet(archive, bytes);
  checkComplete(sheet, options.complete);
  const done = await applyRun(archive, desk, listOf(sheet, options.complete), { ...options, kind: 'sheet' });
  const passwords = done.people.flatMap(({ password, step }) =>
    password && step.wanted ? [{ what: step.wanted.person.externalId, loginName: step.wanted.person.loginName, password }] : [],
  );
  return { lines: linesOf(sheet, { units: done.units, people: done.people.map((p) => p.step) }), passwords };
}

/** The empty form. @throws ArchiveError `desk/not-allowed` (caller) */
export async function makeTemplate(archive: Archive, desk: Desk): Promise<Uint8Array> {
  checkOffice(desk);
  return runSheetWorker(archive.config, { tables: templateTables() });
}

/** The plan of a sheet as a sheet: what is refused, with row, column and reason. */
export async function makeErrorSheet(
  archive: Archive,
  desk: Desk,
  bytes: Uint8Array,
  options: SheetOptions & { language: 'zh' | 'en' },
): Promise<Uint8Array> {
  const { lines } = await planSheet(archive, desk, bytes, options);
  return runSheetWorker(archive.config, { tables: [errorTable(lines, options.language)] });
}

function errorTable(lines: readonly SheetLine[], language: 'zh' | 'en'): PlainTable {
  const word = (name: string) => wordsOf(language, `directory/error-${name}`);
  const columns = (['sheet', 'row', 'column', 'what', 'reason'] as const).map((name) => ({
    heading: word(name),
    width: name === 'reason' ? 70 : 14,
  }));
  const rows = lines
    .filter((line) => line.act === 'refused')
    .map((line) => [
      FORM[line.sheet][language],
      line.row === null ? '' : String(line.row),
      line.column ?? '',
      line.what ?? '',
      wordsOf(language, line.code ?? '', line.params),
    ]);
  return { name: word('title'), columns, rows };
}

/** Every row with what becomes of it, in the order of the sheet; who vanished behind them. */
function linesOf(sheet: SheetList, plan: Pick<DirectoryPlan, 'units' | 'people'>): SheetLine[] {
  const letters = (name: SheetName, why: DirectoryRefusal | null) => (why?.field ? (sheet.columns[name][why.field] ?? null) : null);
  const common = (step: UnitStep | PersonStep) => ({
    row: step.row,
    act: step.act,
    changes: step.changes,
    code: step.refusal?.code ?? null,
    params: step.refusal?.params ?? {},
  });
  const lines: SheetLine[] = [
    ...plan.units.map((s) => ({
      ...common(s),
      sheet: 'units' as const,
      column: letters('units', s.refusal),
      what: s.code,
      accountId: null,
    })),
    ...plan.people.map((s) => ({
      ...common(s),
      sheet: 'people' as const,
      column: letters('people', s.refusal),
      what: s.wanted?.person.externalId ?? null,
      accountId: s.accountId,
    })),
    ...sheet.findings.map((f: SheetFinding) => ({ ...f, what: null, act: 'refused' as const, changes: [], accountId: null })),
  ];
  const place = (line: SheetLine) => (line.sheet === 'units' ? 0 : 1_000_000) + (line.row ?? 999_999);
  return lines.sort((a, b) => place(a) - place(b));
}
