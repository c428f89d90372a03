import { type Refused, refused } from '../outcome.ts';
import { CELL_CHARS_MAX, COLUMNS_MAX, HEADING_ROWS_MAX, type StreamedCell, Stretches, type TableStretch } from './streamed-row.ts';

const CHUNK_BYTES = 256 * 1024;

/** True when all of it is UTF-8. One pass in pieces: a text of 60 MB is never held as one string. */
function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

function* pieces(bytes: Uint8Array, encoding: 'utf-8' | 'gb18030'): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true });
  yield decoder.decode();
}

/** The separator of a table: of comma, tab and semicolon the one that stands most often, outside quotes, in its first lines. */
function separatorOf(start: string): string {
  const plain = start.replace(/"[^"]*"/g, '');
  const count = (mark: string) => plain.split(mark).length;
  return [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** Cuts text into records by RFC 4180, whatever the cut of the pieces. */
class CsvReader {
  #fields: string[] = [];
  #field = '';
  #inQuotes = false;
  /** A quote was seen inside quotes: doubled it is one, else it ends them. */
  #quoteSeen = false;
  #afterReturn = false;

  constructor(private readonly separator: string) {}

  /** True at the end of a text whose last quote was never closed. */
  get isOpen(): boolean {
    return this.#inQuotes && !this.#quoteSeen;
  }

  *push(text: string): Generator<string[]> {
    for (const char of text) {
      if (this.#inQuotes && !this.#quoteSeen) {
        if (char === '"') this.#quoteSeen = true;
        else this.#add(char);
        continue;
      }
      if (this.#quoteSeen) {
        this.#quoteSeen = false;
        if (char === '"') {
          this.#add('"');
          continue;
        }
        this.#inQuotes = false;
      }
      const wasReturn = this.#afterReturn;
      this.#afterReturn = char === '\r';
      if (char === '"' && this.#field === '') this.#inQuotes = true;
      else if (char === this.separator) this.#endField();
      else if (char === '\r' || (char === '\n' && !wasReturn)) yield this.end();
      else if (char !== '\n') this.#add(char);
    }
  }

  #add(char: string): void {
    if (this.#field.length <= CELL_CHARS_MAX) this.#field += char;
  }

  #endField(): void {
    if (this.#fields.length < COLUMNS_MAX) this.#fields.push(this.#field);
    this.#field = '';
  }

  /** The record under way. */
  end(): string[] {
    this.#endField();
    const fields = this.#fields;
    this.#fields = [];
    return fields;
  }
}

/**
 * The rows of comma-, tab- or semicolon-separated text, in UTF-8 or else GB18030. A number in scientific notation, as a spreadsheet writes long
 * ones, is told as `rounded`: its digits are lost.
 * @returns null, or a refusal `table/too-many-rows`, `table/unreadable`
 */
export async function* streamCsv(bytes: Uint8Array, limits: { readonly rows: number }): AsyncGenerator<TableStretch, Refused | null> {
  const encoding = isUtf8(bytes) ? 'utf-8' : 'gb18030';
  yield { kind: 'head', head: { format: 'csv', encoding, merged: [], otherSheets: 0 } };
  const stretches = new Stretches();
  let reader: CsvReader | null = null;
  let row = 0;
  let count = 0;
  const isTooLong = (cells: readonly StreamedCell[]) => cells.length > 0 && ++count > limits.rows + HEADING_ROWS_MAX;
  try {
    for (const piece of pieces(bytes, encoding)) {
      reader ??= new CsvReader(separatorOf(piece.slice(0, 4000)));
      for (const fields of reader.push(piece)) {
        const cells = cellsOf(fields);
        if (isTooLong(cells)) return refused('table/too-many-rows', { limit: limits.rows });
        const full = stretches.add({ row: ++row, cells });
        if (full) yield full;
      }
    }
  } catch {
    return refused('table/unreadable'); // neither UTF-8 nor GB18030
  }
  if (!reader || reader.isOpen) return refused('table/unreadable');
  const cells = cellsOf(reader.end());
  if (isTooLong(cells)) return refused('table/too-many-rows', { limit: limits.rows });
  const last = stretches.add({ row: ++row, cells }) ?? stretches.rest();
  if (last) yield last;
  return null;
}

const SCIENTIFIC = /^[+-]?\d(?:\.\d+)?E\+?\d{2,3}$/i;

function cellsOf(fields: readonly string[]): StreamedCell[] {
  return fields.flatMap((field, at) => {
    // `="0123"` is how spreadsheets are told to leave digits alone.
    const text = field.replace(/^="(.*)"$/s, '$1').trim();
    if (text === '') return [];
    return [{ column: at + 1, text, ...(SCIENTIFIC.test(text) ? { kind: 'rounded' as const } : {}) }];
  });
}
