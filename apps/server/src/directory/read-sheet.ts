import type { TableCell, TableSheet } from '@lantai/documents';
import { ArchiveError, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DecoderRequest, TablesReply } from '../children/index.ts';
import { type DirectoryField, type DirectoryPerson, type DirectoryUnit, PEOPLE_MAX, UNITS_MAX } from './directory-list.ts';
import { FORM, type FormSheet, levelOfWord, roleOfWord, truthOfWord } from './sheet-form.ts';

/** Which worksheet of the form. */
export type SheetName = 'units' | 'people';

/** What is wrong with one cell or row of a sheet. */
export interface SheetFinding {
  readonly sheet: SheetName;
  readonly row: number;
  /** Letters of the column; null: of the whole row. */
  readonly column: string | null;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** A sheet as it was read: rows with a cell that cannot be taken are not in the list. */
export interface SheetList {
  readonly units: readonly DirectoryUnit[];
  readonly people: readonly DirectoryPerson[];
  readonly findings: readonly SheetFinding[];
  /** Letters of the column of each field, by worksheet. */
  readonly columns: Readonly<Record<SheetName, Readonly<Partial<Record<DirectoryField, string>>>>>;
}

/**
 * Takes an uploaded workbook apart, in a process without keys.
 * @throws ArchiveError `table/…`, `directory/sheet-…`, `directory/column-…`, `directory/cells-merged` (caller)
 */
export async function readSheet(archive: Pick<Archive, 'decoders'>, bytes: Uint8Array): Promise<SheetList> {
  return listOfSheets(await readWorkbook(archive, bytes));
}

async function readWorkbook({ decoders }: Pick<Archive, 'decoders'>, bytes: Uint8Array): Promise<readonly TableSheet[]> {
  const request: DecoderRequest = { kind: 'tables', rows: PEOPLE_MAX + UNITS_MAX };
  try {
    const { reply } = await decoders.run<DecoderRequest, TablesReply>(request, [bytes], { urgency: 'looked-at' });
    if (reply.kind === 'refused') throw new ArchiveError(reply.code, 'caller', reply.detail);
    return reply.sheets;
  } catch (error) {
    // What kills the process that reads it is a file that cannot be read.
    if (isArchiveError(error, 'child/memory') || isArchiveError(error, 'child/timeout'))
      throw new ArchiveError('table/unreadable', 'caller');
    throw error;
  }
}

const fold = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s*＊.]/g, '');
const isCalled = (text: string, { zh, en }: { readonly zh: string; readonly en: string }) =>
  [zh, en, `${zh}${en}`].some((name) => fold(name) === fold(text));

/** Letters of a column, as Excel names it: 1 → A, 28 → AB. */
export function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest > 0 ? columnLetters(rest) : '') + String.fromCharCode(65 + ((column - 1) % 26));
}

/** What the worksheets say. Pure. @throws ArchiveError as {@link readSheet} */
export function listOfSheets(sheets: readonly TableSheet[]): SheetList {
  const units = sheets.find((s) => isCalled(s.name, FORM.units));
  const people = sheets.find((s) => isCalled(s.name, FORM.people));
  if (!units && !people) throw new ArchiveError('directory/sheet-missing', 'caller');
  const read = { units: units && readRows(units, FORM.units, 'units'), people: people && readRows(people, FORM.people, 'people') };
  const findings = [...(read.units?.findings ?? []), ...(read.people?.findings ?? [])];
  if (!read.units?.rows.length && !read.people?.rows.length && !findings.length) throw new ArchiveError('directory/sheet-empty', 'caller');
  const people_ = (read.people?.rows ?? []).map((row) => personOf(row, findings, read.people!.columns));
  return {
    units: (read.units?.rows ?? []).map(unitOf),
    people: people_.filter((p): p is DirectoryPerson => p !== null),
    findings,
    columns: { units: read.units?.columns ?? {}, people: read.people?.columns ?? {} },
  };
}

interface FieldRow {
  readonly row: number;
  readonly text: Readonly<Partial<Record<DirectoryField, string>>>;
}

interface ReadRows {
  readonly rows: FieldRow[];
  readonly findings: SheetFinding[];
  readonly columns: Partial<Record<DirectoryField, string>>;
}

function readRows(sheet: TableSheet, form: FormSheet, name: SheetName): ReadRows {
  if (sheet.merged.length) throw new ArchiveError('directory/cells-merged', 'caller', { sheet: form.zh, place: sheet.merged[0] ?? '' });
  const [head, ...body] = sheet.rows;
  const fields = fieldsOfHead(head?.cells ?? [], form);
  const findings: SheetFinding[] = [];
  const rows: FieldRow[] = [];
  for (const { row, cells } of body) {
    const wrong = cells.filter((cell) => cell.kind !== 'plain' && fields.has(cell.column));
    for (const cell of wrong)
      findings.push({ sheet: name, row, column: columnLetters(cell.column), code: `directory/cell-${cell.kind}`, params: {} });
    if (wrong.length) continue;
    const text: Partial<Record<DirectoryField, string>> = {};
    for (const cell of cells) {
      const field = fields.get(cell.column);
      if (field && cell.text) text[field] = cell.text;
    }
    if (Object.keys(text).length) rows.push({ row, text });
  }
  const columns: Partial<Record<DirectoryField, string>> = {};
  for (const [column, field] of fields) columns[field] = columnLetters(column);
  return { rows, findings, columns };
}

/** @throws ArchiveError `directory/column-unknown`, `directory/column-twice`, `directory/column-missing` (caller) */
function fieldsOfHead(cells: readonly TableCell[], form: FormSheet): Map<number, DirectoryField> {
  const fields = new Map<number, DirectoryField>();
  for (const { column, text, kind } of cells) {
    const found = kind === 'plain' ? form.columns.find((c) => isCalled(text, c)) : undefined;
    const at = { sheet: form.zh, column: columnLetters(column) };
    if (!found) throw new ArchiveError('directory/column-unknown', 'caller', at);
    if ([...fields.values()].includes(found.field)) throw new ArchiveError('directory/column-twice', 'caller', at);
    fields.set(column, found.field);
  }
  const missing = form.columns.find((c) => c.needed && ![...fields.values()].includes(c.field));
  if (missing) throw new ArchiveError('directory/column-missing', 'caller', { sheet: form.zh, heading: missing.zh });
  return fields;
}

const unitOf = ({ row, text }: FieldRow): DirectoryUnit => ({
  row,
  code: text.code ?? '',
  name: text.name ?? '',
  parentCode: text.parentCode ?? null,
});

function personOf({ row, text }: FieldRow, findings: SheetFinding[], columns: ReadRows['columns']): DirectoryPerson | null {
  const disabled = text.disabled === undefined ? false : truthOfWord(text.disabled);
  if (disabled === null) {
    findings.push({ sheet: 'people', row, column: columns.disabled ?? null, code: 'directory/truth-unknown', params: {} });
    return null;
  }
  return {
    row,
    externalId: text.externalId ?? '',
    loginName: text.loginName ?? '',
    displayName: text.displayName ?? null,
    unit: text.unit ?? null,
    role: text.role === undefined ? null : roleOfWord(text.role),
    level: text.level === undefined ? null : levelOfWord(text.level),
    disabled,
    holderNumber: text.externalId ?? null,
  };
}
