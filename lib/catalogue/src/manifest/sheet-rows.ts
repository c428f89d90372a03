import { ArchiveError } from '@lantai/values';
import { findManifestField, type ManifestField, type ManifestFinding } from './fields.ts';

/** A cell as a table reader gives it. */
export interface SheetCell {
  /** From 1. */
  readonly column: number;
  readonly text: string;
  readonly kind?: 'date' | 'fraction' | 'rounded' | 'error';
  readonly formula?: true;
}

/** A row as a table reader gives it. */
export interface SheetRow {
  readonly row: number;
  readonly cells: readonly SheetCell[];
}

/** Merged cells, from 1, both ends included. */
export interface MergedCells {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** A row under its headings. */
export interface ManifestRow {
  readonly row: number;
  readonly text: Readonly<Partial<Record<ManifestField, string>>>;
  readonly findings: readonly ManifestFinding[];
  /** As they stood, for the error sheet. */
  readonly cells: readonly SheetCell[];
}

/** The headings of a list. */
export interface ManifestHead {
  /** Last row of the heading. */
  readonly row: number;
  readonly columns: ReadonlyMap<number, ManifestField>;
  /** The words above each column as they stand, known or not. */
  readonly headings: ReadonlyMap<number, string>;
}

/** Rows in which the headings are looked for: titles and notes may stand above them. */
const HEAD_ROWS_MAX = 20;
/** Cells changed by a person before the list is read, by row and column; an empty text empties the cell. */
export type CellEdits = ReadonlyMap<number, ReadonlyMap<number, string>>;

/**
 * Puts rows under their headings as they come. Headings are known by their words, in any order of columns, over one row or two (形成时间 above
 * 年 月 日), wherever in the first twenty rows they stand.
 */
export class ManifestSheet {
  #head: ManifestHead | null = null;
  #waiting: SheetRow[] = [];
  #mayGrow = false;
  readonly #merged: MergedCells[];
  #nextMerge = 0;
  #active: { readonly range: MergedCells; readonly cell: SheetCell | null }[] = [];

  constructor(
    merged: readonly MergedCells[],
    private readonly edits: CellEdits = new Map(),
  ) {
    this.#merged = [...merged].sort((a, b) => a.fromRow - b.fromRow);
  }

  get head(): ManifestHead | null {
    return this.#head;
  }

  /**
   * Takes a row. @returns it under its headings; null for one above them, or one that says nothing
   * @throws ArchiveError `manifest/heading-missing`, `manifest/column-twice` (caller)
   */
  take(given: SheetRow): ManifestRow | null {
    const row = this.#edited(given);
    if (!this.#head) {
      this.#head = findHead(row);
      this.#mayGrow = this.#head !== null;
      this.#waiting.push(row);
      if (!this.#head && this.#waiting.length >= HEAD_ROWS_MAX) throw new ArchiveError('manifest/heading-missing', 'caller');
      return null;
    }
    if (this.#mayGrow) {
      this.#mayGrow = false;
      const grown = growHead(this.#head, row);
      if (grown) {
        this.#head = grown;
        return null;
      }
    }
    return this.#read(this.#head, row);
  }

  /** @throws ArchiveError `manifest/heading-missing` (caller) when no row was a heading */
  end(): ManifestHead {
    if (!this.#head) throw new ArchiveError('manifest/heading-missing', 'caller');
    return this.#head;
  }

  #edited({ row, cells }: SheetRow): SheetRow {
    const edits = this.edits.get(row);
    if (!edits) return { row, cells };
    const kept = cells.filter((c) => !edits.has(c.column));
    const typed = [...edits].flatMap(([column, text]) => (text.trim() === '' ? [] : [{ column, text: text.trim() }]));
    return { row, cells: [...kept, ...typed].sort((a, b) => a.column - b.column) };
  }

  #read(head: ManifestHead, row: SheetRow): ManifestRow | null {
    const findings: ManifestFinding[] = [];
    const cells = this.#unmerge(head, row, findings);
    const text: Partial<Record<ManifestField, string>> = {};
    for (const cell of cells) {
      const field = head.columns.get(cell.column);
      if (!field || field === 'unused') continue;
      const said = checkCell(row.row, field, cell);
      if (said) findings.push(said);
      if (cell.text !== '' && said?.severity !== 'error') text[field] = cell.text;
    }
    if (!Object.keys(text).length && !findings.length) return null;
    return { row: row.row, text, findings, cells };
  }

  /** A cell merged downwards counts for every row that it covers, with a word; other merging cannot be told apart and is refused. */
  #unmerge(head: ManifestHead, { row, cells }: SheetRow, findings: ManifestFinding[]): readonly SheetCell[] {
    while (this.#nextMerge < this.#merged.length && this.#merged[this.#nextMerge]!.fromRow <= row) {
      const range = this.#merged[this.#nextMerge++]!;
      if (range.toRow <= head.row || range.toRow < row) continue;
      this.#active.push({ range, cell: cells.find((c) => range.fromRow === row && c.column === range.fromColumn) ?? null });
    }
    if (!this.#active.length) return cells;
    this.#active = this.#active.filter(({ range }) => range.toRow >= row);
    const filled = [...cells];
    for (const { range, cell } of this.#active) {
      const field = columnsOf(range)
        .map((c) => head.columns.get(c))
        .find((f) => f !== undefined);
      if (!field) continue;
      const isPlain = range.fromColumn === range.toColumn && range.fromRow > head.row;
      const severity = isPlain ? 'warning' : 'error';
      if (!isPlain || range.fromRow === row)
        findings.push({ row, field, code: isPlain ? 'manifest/cells-merged-down' : 'manifest/cells-merged', severity, params: {} });
      if (isPlain && cell && range.fromRow < row && !filled.some((c) => c.column === cell.column)) filled.push(cell);
    }
    return filled;
  }
}

const columnsOf = ({ fromColumn, toColumn }: MergedCells) => Array.from({ length: toColumn - fromColumn + 1 }, (_, i) => fromColumn + i);

/** Fields whose text would be another one had a spreadsheet made a number of it. */
const DATES: readonly ManifestField[] = ['date', 'birth'];

function checkCell(row: number, field: ManifestField, cell: SheetCell): ManifestFinding | null {
  const say = (code: string, severity: 'error' | 'warning') => ({ row, field, code: `manifest/${code}`, severity, params: {} });
  if (cell.formula && cell.text === '') return say('formula-empty', 'error');
  if (cell.kind === 'error') return say('cell-error', 'error');
  if (cell.kind === 'rounded') return say('cell-rounded', 'error');
  // 1985.10 typed as a number has become 1985.1: January or October cannot be told.
  if (cell.kind === 'fraction' && DATES.includes(field)) return say('cell-fraction', 'error');
  if (cell.kind === 'date' && !DATES.includes(field)) return say('cell-date', 'error');
  return cell.formula ? say('cell-formula', 'warning') : null;
}

function findHead({ row, cells }: SheetRow): ManifestHead | null {
  const named = cells.flatMap((c) => {
    const field = findManifestField(c.text);
    return field ? [{ column: c.column, field }] : [];
  });
  const fields = new Set(named.map((n) => n.field));
  if (!fields.has('title') || fields.size < 3 || named.length * 2 < cells.length) return null;
  return withColumns({ row, columns: new Map(), headings: new Map() }, row, cells);
}

/** A second row of headings: all of its cells name fields, as 年 月 日 below 形成时间, or the codes below the words. */
function growHead(head: ManifestHead, { row, cells }: SheetRow): ManifestHead | null {
  const fields = cells.map((c) => findManifestField(c.text));
  if (cells.length < 2 || fields.some((f) => f === null)) return null;
  const above = new Map([...head.columns].filter(([column]) => !cells.some((c) => c.column === column)));
  // 年 月 日 take the place of what stands above them.
  const parts = fields.includes('year') ? new Map([...above].filter(([, f]) => f !== 'date')) : above;
  return withColumns({ ...head, columns: parts }, row, cells);
}

/** @throws ArchiveError `manifest/column-twice` (caller) */
function withColumns(head: ManifestHead, row: number, cells: readonly SheetCell[]): ManifestHead {
  const columns = new Map(head.columns);
  const headings = new Map(head.headings);
  for (const { column, text } of cells) {
    const field = findManifestField(text);
    headings.set(column, text);
    if (!field) continue;
    if (field !== 'unused' && [...columns].some(([c, f]) => f === field && c !== column))
      throw new ArchiveError('manifest/column-twice', 'caller', { column });
    columns.set(column, field);
  }
  return { row, columns, headings };
}
