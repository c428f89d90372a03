import { continuesSegment, DROP, foldSegment, foldTable, isLineEnd, isSilent, isSpace, SLOW } from './fold-table.ts';

/** What lay before a folded unit in the source: nothing, white space, or a line end. */
export const GAP = { none: 0, space: 1, line: 2 } as const;

/** Folded text before its numbers are closed: what detection works on. */
export interface FoldedUnits {
  readonly units: Uint16Array;
  readonly length: number;
  /** One {@link GAP} for each unit. */
  readonly gaps: Uint8Array;
  /** Source range of each unit, in UTF-16 units of the source. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Folded text and where each UTF-16 unit of it came from, as ranges in UTF-16 units of the source. */
export interface FoldedText {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Longest possible growth of one source unit under NFKC (U+FDFA gives 18). */
const GROWTH_MAX = 18;

class UnitWriter {
  units: Uint16Array;
  gaps: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
  length = 0;
  gap: number = GAP.none;

  constructor(capacity: number) {
    this.units = new Uint16Array(capacity);
    this.gaps = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  put(unit: number, start: number, end: number): void {
    if (this.length === this.units.length) this.#grow();
    const at = this.length++;
    this.units[at] = unit;
    this.gaps[at] = this.gap;
    this.starts[at] = start;
    this.ends[at] = end;
    this.gap = GAP.none;
  }

  #grow(): void {
    const wider = new UnitWriter(this.units.length * 2 + GROWTH_MAX);
    wider.units.set(this.units);
    wider.gaps.set(this.gaps);
    wider.starts.set(this.starts);
    wider.ends.set(this.ends);
    ({ units: this.units, gaps: this.gaps, starts: this.starts, ends: this.ends } = wider);
  }
}

/** End of the segment that begins at `from`: one character and what continues it, silent characters in between included. */
function segmentEnd(source: string, from: number): number {
  let end = from + (source.codePointAt(from)! > 0xffff ? 2 : 1);
  for (let at = end; at < source.length; ) {
    const char = String.fromCodePoint(source.codePointAt(at)!);
    at += char.length;
    if (continuesSegment(char)) end = at;
    else if (!isSilent(char)) break;
  }
  return end;
}

/** Folds without looking for numbers. */
export const foldUnits = (source: string): FoldedUnits => foldInto(new UnitWriter(source.length), source);

const scratch = new UnitWriter(2048);

/** {@link foldUnits} for a moment: what `use` is given is overwritten by the next call, so nothing of it may be kept. */
export function withFoldedUnits<T>(source: string, use: (units: FoldedUnits) => T): T {
  scratch.length = 0;
  scratch.gap = GAP.none;
  return use(foldInto(scratch, source));
}

function foldInto(out: UnitWriter, source: string): FoldedUnits {
  const table = foldTable();
  // Where the last segment began, in the source and in the output: a mark that continues it makes it be folded again.
  let baseAt = -1;
  let baseLength = 0;
  let baseGap: number = GAP.none;
  for (let at = 0; at < source.length; ) {
    const unit = source.charCodeAt(at);
    const to = table[unit]!;
    if (to === DROP) {
      const char = source[at]!;
      if (isSpace(char)) {
        out.gap = Math.max(out.gap, isLineEnd(char) ? GAP.line : GAP.space);
      }
      at++;
      continue;
    }
    if (to === SLOW && unit >= 0xd800 && unit <= 0xdbff) {
      const char = String.fromCodePoint(source.codePointAt(at)!);
      if (isSilent(char) && !continuesSegment(char)) {
        at += char.length;
        continue;
      }
    }
    if (to === SLOW && baseAt >= 0 && continuesSegment(source[at]!)) {
      at = baseAt;
      out.length = baseLength;
      out.gap = baseGap;
    }
    baseAt = at;
    baseLength = out.length;
    baseGap = out.gap;
    if (to !== SLOW) {
      out.put(to, at, ++at);
      continue;
    }
    const end = segmentEnd(source, at);
    const folded = foldSegment(source.slice(at, end));
    for (let i = 0; i < folded.length; i++) out.put(folded.charCodeAt(i), at, end);
    at = end;
    baseAt = -1;
  }
  return { units: out.units, length: out.length, gaps: out.gaps, starts: out.starts, ends: out.ends };
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** UTF-16 units as text. INVARIANT: folding leaves no half of a surrogate pair, which the decoder would replace. */
export function textOfUnits(units: Uint16Array, length: number): string {
  return decoder.decode(units.subarray(0, length));
}

/** What one character folds to when that is one code point; null otherwise. */
export function foldCharacter(char: string): string | null {
  const to = char.length === 1 ? foldTable()[char.charCodeAt(0)]! : SLOW;
  if (to === DROP) return null;
  if (to !== SLOW) return String.fromCharCode(to);
  const folded = foldSegment(char);
  return folded.length > 0 && folded.length === (folded.codePointAt(0)! > 0xffff ? 2 : 1) ? folded : null;
}
