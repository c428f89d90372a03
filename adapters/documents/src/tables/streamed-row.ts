/** What a cell holds, where it is not plain text or a whole number. */
export type CellKind =
  /** A number shown as a date: `text` says it to the part that the cell's format shows, `1985-07` for 1985年7月. */
  | 'date'
  /** A number with a fraction; `1985.10` typed as a number has lost its zero. */
  | 'fraction'
  /** A whole number of more digits than a spreadsheet keeps: its last digits are not those that were typed. */
  | 'rounded'
  /** `#N/A` and the like; `text` is the error's own name. */
  | 'error';

/** A cell with something in it, as it travels between processes. */
export interface StreamedCell {
  /** From 1. */
  readonly column: number;
  /** Trimmed, at most 2000 characters. */
  readonly text: string;
  /** Left out: plain. */
  readonly kind?: CellKind;
  /** True for a formula: `text` is the value that its program left there last, nothing is calculated. Empty where it left none. */
  readonly formula?: true;
}

/** A row with something in it. */
export interface StreamedRow {
  /** As Excel counts, from 1; of CSV the number of the record. */
  readonly row: number;
  readonly cells: readonly StreamedCell[];
}

/** A rectangle of merged cells, from 1, both ends included. Only the first cell of it holds anything. */
export interface MergedRange {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** What is known of a table before its first row. */
export interface TableHead {
  readonly format: 'xlsx' | 'csv';
  /** Of CSV; a workbook is always UTF-8. */
  readonly encoding: 'utf-8' | 'gb18030';
  readonly merged: readonly MergedRange[];
  /** Further worksheets with something in them; they are not read. */
  readonly otherSheets: number;
}

/** The head first, then rows a thousand or so at a time. */
export type TableStretch =
  | { readonly kind: 'head'; readonly head: TableHead }
  | { readonly kind: 'rows'; readonly rows: readonly StreamedRow[] };

/** Rows and characters of one stretch: what a pipe carries in one frame. */
const STRETCH_ROWS = 1000;
const STRETCH_CHARS = 1_000_000;
/** Characters of one cell; what is longer is no catalogue entry. */
export const CELL_CHARS_MAX = 2000;
/** Rows that may stand above the first entry. */
export const HEADING_ROWS_MAX = 20;
/** Columns looked at. */
export const COLUMNS_MAX = 100;

/** Gathers rows into stretches. */
export class Stretches {
  #rows: StreamedRow[] = [];
  #chars = 0;

  /** Takes a row; a stretch when one is full. Rows without a cell are dropped. */
  add(row: StreamedRow): TableStretch | null {
    if (!row.cells.length) return null;
    this.#rows.push(row);
    for (const cell of row.cells) this.#chars += cell.text.length;
    return this.#rows.length >= STRETCH_ROWS || this.#chars >= STRETCH_CHARS ? this.rest() : null;
  }

  /** What is left; null when nothing is. */
  rest(): TableStretch | null {
    const rows = this.#rows;
    this.#rows = [];
    this.#chars = 0;
    return rows.length ? { kind: 'rows', rows } : null;
  }
}
