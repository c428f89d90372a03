import { CELL_CHARS_MAX, COLUMNS_MAX, type StreamedCell, type StreamedRow } from './streamed-row.ts';
import type { WorkbookParts } from './workbook-parts.ts';
import type { TagReader } from './xml-tags.ts';

type Cell = Omit<StreamedCell, 'column' | 'formula'>;

const DAY_MS = 86_400_000;
/** Excel believes in a 29 February 1900; days before March 1900 are one behind. */
const FALSE_LEAP_DAY = 60;

/** Day of a spreadsheet's day number, as `1985-07-01`; null when it is none. */
export function dayOfSerial(serial: number, from1904: boolean): string | null {
  const days = Math.floor(serial) + (from1904 ? 1462 : serial < FALSE_LEAP_DAY ? 1 : 0);
  if (!(days > 0) || days > 400_000) return null;
  return new Date(Date.UTC(1899, 11, 30) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Reads the rows of a worksheet's XML. Source: ECMA-376 part 1, 18.3.1. */
export class SheetReader implements TagReader {
  #done: StreamedRow[] = [];
  #row = 0;
  #column = 0;
  #cells: StreamedCell[] = [];
  #type = '';
  #style = 0;
  #value = '';
  #isFormula = false;
  #inValue = false;
  #inReading = false;

  constructor(private readonly parts: Pick<WorkbookParts, 'strings' | 'dates' | 'from1904'>) {}

  /** Rows that are complete. */
  takeRows(): StreamedRow[] {
    const rows = this.#done;
    this.#done = [];
    return rows;
  }

  open(name: string, attribute: (name: string) => string | undefined): void {
    if (name === 'row') {
      this.#row = Number(attribute('r') ?? this.#row + 1);
      this.#column = 0;
      this.#cells = [];
    } else if (name === 'c') {
      const letters = /^[A-Z]{1,3}/.exec(attribute('r') ?? '')?.[0];
      this.#column = letters ? [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) : this.#column + 1;
      this.#type = attribute('t') ?? 'n';
      this.#style = Number(attribute('s') ?? 0);
      this.#value = '';
      this.#isFormula = false;
    } else if (name === 'f') this.#isFormula = true;
    else if (name === 'rPh') this.#inReading = true;
    else if (name === 'v' || (name === 't' && !this.#inReading)) this.#inValue = true;
  }

  text(text: string): void {
    if (this.#inValue && this.#value.length <= CELL_CHARS_MAX) this.#value += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inValue = false;
    else if (name === 'rPh') this.#inReading = false;
    else if (name === 'c') this.#endCell();
    else if (name === 'row') this.#done.push({ row: this.#row, cells: this.#cells });
  }

  #endCell(): void {
    if (this.#column > COLUMNS_MAX) return;
    const cell = this.#cellOf(this.#value);
    if (cell.text === '' && !this.#isFormula) return;
    this.#cells.push({ column: this.#column, ...cell, ...(this.#isFormula ? { formula: true as const } : {}) });
  }

  #cellOf(value: string): Cell {
    const plain = (text: string): Cell => ({ text: decoded(text).trim().slice(0, CELL_CHARS_MAX) });
    if (this.#type === 's') return plain(this.parts.strings[Number(value)] ?? '');
    if (this.#type === 'inlineStr' || this.#type === 'str') return plain(value);
    if (this.#type === 'b') return { text: value === '1' ? 'true' : value === '' ? '' : 'false' };
    if (this.#type === 'e') return { text: value, kind: 'error' };
    if (this.#type === 'd') return { text: value.slice(0, 10), kind: 'date' };
    return this.#numberOf(value);
  }

  #numberOf(value: string): Cell {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) return { text: '' };
    const shown = this.parts.dates.get(this.#style);
    const day = shown && dayOfSerial(number, this.parts.from1904);
    if (shown && day) return { text: shown === 'day' ? day : day.slice(0, shown === 'month' ? 7 : 4), kind: 'date' };
    // Spreadsheets keep fifteen digits and write noughts for the rest.
    if (Number.isInteger(number)) return Math.abs(number) < 1e15 ? { text: String(number) } : { text: value, kind: 'rounded' };
    return { text: String(number), kind: 'fraction' };
  }
}

/** Strings write characters that XML may not hold as `_x000D_`. Source: ECMA-376 part 1, 22.9.2.19. */
const decoded = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
