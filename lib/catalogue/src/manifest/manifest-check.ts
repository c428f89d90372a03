import { comparePartialDates } from '@lantai/values';
import { schemeCodes } from '../archival-code.ts';
import { classPosition, findSchemeClass } from '../scheme.ts';
import { foldTitle } from '../titles.ts';
import type { ManifestFinding } from './fields.ts';
import { type ManifestLine, type ManifestScheme, readManifestLine } from './manifest-line.ts';
import { foldName, type ManifestSubject, readDossierCode, readSubject } from './manifest-subject.ts';
import type { ManifestRow } from './sheet-rows.ts';

/** One dossier of a list, with what is to be said of it so far. */
export interface ManifestDossier {
  /** Archival code. */
  readonly code: string;
  readonly firstRow: number;
  readonly rows: readonly ManifestRow[];
  readonly subject: ManifestSubject;
  /** Materials in the order of the list; those of rows that cannot be taken are missing. */
  readonly lines: readonly ManifestLine[];
  readonly findings: readonly ManifestFinding[];
}

/** True when a dossier is left out whole: one error in it is enough, so that none is filed half. */
export const isRefused = (findings: readonly ManifestFinding[]): boolean => findings.some((f) => f.severity === 'error');

interface Named {
  readonly code: string;
  readonly row: number;
  told: boolean;
}

/** Rows of one dossier; a list has none so long. */
const DOSSIER_ROWS_MAX = 5000;

/**
 * Checks a list row by row: cuts it into dossiers, reads each, and remembers of those that went by no more than their codes, ID numbers and
 * names. What shows only later about an earlier dossier is told by {@link ManifestCheck.late}.
 */
export class ManifestCheck {
  readonly #codes;
  #rows: ManifestRow[] = [];
  #code: string | null = null;
  readonly #seen = new Map<string, number>();
  readonly #idNumbers = new Map<string, Named>();
  readonly #names = new Map<string, Named>();
  readonly #late = new Map<string, ManifestFinding[]>();
  /** Findings of rows that belong to no dossier, as they have no code. */
  readonly homeless: { readonly row: ManifestRow; readonly findings: readonly ManifestFinding[] }[] = [];

  /** @param defaultCode of rows that name no dossier, for a list of one alone */
  constructor(
    private readonly scheme: ManifestScheme,
    private readonly defaultCode: string | null = null,
  ) {
    this.#codes = schemeCodes(scheme.scheme.codes);
  }

  /** Takes a row. @returns the dossier that it ends, for its code differs; else null */
  take(row: ManifestRow): ManifestDossier | null {
    const { code: named, problem } = readDossierCode(this.#codes, row);
    const code = named ?? (problem === 'missing' ? this.defaultCode : null);
    if (code === null) {
      const field = 'dossierCode' as const;
      const finding: ManifestFinding = {
        row: row.row,
        field,
        code: `manifest/code-${problem ?? 'missing'}`,
        severity: 'error',
        params: {},
      };
      this.homeless.push({ row, findings: [...row.findings, finding] });
      return null;
    }
    if (code === this.#code) {
      this.#rows.push(row);
      return null;
    }
    const done = this.end();
    this.#code = code;
    this.#rows = [row];
    return done;
  }

  /** The last dossier; null when there was none. */
  end(): ManifestDossier | null {
    const code = this.#code;
    const rows = this.#rows;
    this.#code = null;
    this.#rows = [];
    return code === null ? null : this.#judge(code, rows);
  }

  /** What rows below say of dossiers above them, by code. To be asked at the end. */
  get late(): ReadonlyMap<string, readonly ManifestFinding[]> {
    return this.#late;
  }

  #judge(code: string, rows: readonly ManifestRow[]): ManifestDossier {
    const firstRow = rows[0]!.row;
    const { subject, findings } = readSubject(rows);
    const lines: ManifestLine[] = [];
    for (const row of rows.slice(0, DOSSIER_ROWS_MAX)) {
      const read = readManifestLine(this.scheme, row);
      findings.push(...read.findings);
      if (read.line) lines.push(...joinImages(lines, read.line));
    }
    const say = (row: number, name: string, params: ManifestFinding['params'] = {}) =>
      findings.push({ row, field: 'dossierCode', code: `manifest/${name}`, severity: 'error', params });
    if (rows.length > DOSSIER_ROWS_MAX) say(firstRow, 'dossier-too-long', { max: DOSSIER_ROWS_MAX });
    const before = this.#seen.get(code);
    if (before !== undefined) {
      // The first of its stretches may have been told to be good: it is left out as well.
      say(firstRow, 'dossier-scattered', { first: before });
      this.#tellLate(code, {
        row: before,
        field: 'dossierCode',
        code: 'manifest/dossier-scattered',
        severity: 'error',
        params: { first: firstRow },
      });
    } else this.#seen.set(code, firstRow);
    findings.push(...checkLines(this.scheme, lines), ...this.#checkPerson(code, firstRow, subject));
    return { code, firstRow, rows, subject, lines, findings };
  }

  #checkPerson(code: string, row: number, { name, idNumber, copySet }: ManifestSubject): ManifestFinding[] {
    const findings: ManifestFinding[] = [];
    const compare = (
      known: Map<string, Named>,
      key: string,
      field: 'idNumber' | 'name',
      finding: string,
      severity: 'error' | 'warning',
    ) => {
      const other = known.get(key);
      if (!other) known.set(key, { code, row, told: false });
      if (!other || other.code === code) return;
      const params = (at: number) => ({ row, field, code: finding, severity, params: { other: at } });
      findings.push(params(other.row));
      if (!other.told) this.#tellLate(other.code, { ...params(row), row: other.row });
      other.told = true;
    };
    // A person has one original and perhaps one duplicate set.
    if (idNumber) compare(this.#idNumbers, `${copySet} ${idNumber}`, 'idNumber', 'manifest/id-number-twice', 'error');
    if (name) compare(this.#names, `${copySet} ${foldName(name)}`, 'name', 'manifest/same-name', 'warning');
    return findings;
  }

  #tellLate(code: string, finding: ManifestFinding): void {
    const told = this.#late.get(code);
    if (told) told.push(finding);
    else this.#late.set(code, [finding]);
  }
}

/** A row that repeats its material to name a further image of it is one material with it; lists of images are written so. */
function joinImages(lines: ManifestLine[], line: ManifestLine): ManifestLine[] {
  const last = lines.at(-1);
  const isSame =
    last &&
    line.images.length > 0 &&
    last.images.length > 0 &&
    line.number !== null &&
    line.number === last.number &&
    line.classCode === last.classCode;
  if (!isSame || foldTitle(last.title) !== foldTitle(line.title)) return [line];
  lines.pop();
  return [{ ...last, images: [...last.images, ...line.images] }];
}

/** Numbers twice or missing, the same material twice, and an order that is not that of the scheme. */
function checkLines({ scheme }: ManifestScheme, lines: readonly ManifestLine[]): ManifestFinding[] {
  const findings: ManifestFinding[] = [];
  const say = (
    row: number,
    field: ManifestFinding['field'],
    code: string,
    severity: ManifestFinding['severity'],
    params: ManifestFinding['params'] = {},
  ) => findings.push({ row, field, code: `manifest/${code}`, severity, params });
  const numbers = new Map<string, ManifestLine>();
  const materials = new Map<string, ManifestLine>();
  const byClass = new Map<string, ManifestLine[]>();
  for (const line of lines) {
    const number = `${line.classCode} ${line.number}`;
    const twin = line.number === null ? undefined : numbers.get(number);
    if (twin) say(line.row, 'number', 'number-twice', 'error', { first: twin.row });
    numbers.set(number, line);
    const { date } = line;
    const what = JSON.stringify([line.classCode, foldTitle(line.title), date, line.remarks]);
    const same = materials.get(what);
    if (same) say(line.row, 'title', 'material-twice', 'warning', { first: same.row });
    materials.set(what, line);
    if (!byClass.get(line.classCode)?.push(line)) byClass.set(line.classCode, [line]);
  }
  const unsorted = lines.find((l, at) => at > 0 && classPosition(scheme, l.classCode) < classPosition(scheme, lines[at - 1]!.classCode));
  if (unsorted) say(unsorted.row, 'classCode', 'class-order', 'info');
  for (const [code, list] of byClass) checkClass(findSchemeClass(scheme, code)?.ordering === 'date', list, say);
  return findings;
}

function checkClass(
  isByDate: boolean,
  list: readonly ManifestLine[],
  say: (
    row: number,
    field: ManifestFinding['field'],
    code: string,
    severity: ManifestFinding['severity'],
    params?: ManifestFinding['params'],
  ) => void,
): void {
  const numbered = list.flatMap((l) => (l.number === null ? [] : [l.number]));
  const most = Math.max(0, ...numbered);
  if (numbered.length === list.length && most > new Set(numbered).size)
    say(list[0]!.row, 'number', 'number-gap', 'warning', { count: most - new Set(numbered).size });
  const inOrder = numbered.length === list.length ? [...list].sort((a, b) => a.number! - b.number!) : list;
  const wrong = inOrder.find((l, at) => at > 0 && comparePartialDates(inOrder[at - 1]!.date, l.date) > 0);
  if (isByDate && wrong) say(wrong.row, 'date', 'date-order', 'warning');
}
