import { assert } from '@lantai/values';

/** The CFF outlines of an OpenType font, and which CID each of its glyphs has. */
export interface CffGlyphs {
  /** The `CFF ` table: what a PDF embeds as CIDFontType0C. */
  readonly table: Uint8Array;
  /** CID of each glyph, by glyph index. */
  readonly cids: readonly number[];
}

/**
 * Takes the CFF table out of an OpenType font and reads its charset. Cutting a font down renumbers the glyphs and keeps their CIDs,
 * and a PDF names glyphs by CID. For fonts made in this process; a broken one is a bug.
 * Sources: OpenType `CFF `, Adobe Technical Note 5176 sections 4, 5, 9, 13.
 */
export function readCffGlyphs(openType: Uint8Array): CffGlyphs {
  const table = findTable(openType, 'CFF ');
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const names = readIndex(view, view.getUint8(2));
  const tops = readIndex(view, names.end);
  const top = readDict(view, tops.offsets[0] ?? 0, tops.offsets[1] ?? 0);
  const charset = top.get(15)?.[0] ?? 0;
  const charStrings = top.get(17)?.[0] ?? 0;
  assert(charset > 2 && charStrings > 0, 'a CID-keyed font has a charset and charstrings of its own');
  return { table, cids: readCharset(view, charset, readIndex(view, charStrings).offsets.length - 1) };
}

/**
 * Advance width of each glyph, by glyph index, in font units. Read from `hmtx` because fontkit draws a glyph's outline to answer this,
 * which is slow and fails on some outlines of harfbuzz's subsets. Source: OpenType `hhea`, `hmtx`.
 */
export function readAdvances(openType: Uint8Array): (glyph: number) => number {
  const metrics = findTable(openType, 'hmtx');
  const header = findTable(openType, 'hhea');
  const view = new DataView(metrics.buffer, metrics.byteOffset, metrics.byteLength);
  const count = new DataView(header.buffer, header.byteOffset, header.byteLength).getUint16(34);
  return (glyph) => view.getUint16(4 * Math.min(glyph, count - 1));
}

function findTable(font: Uint8Array, tag: string): Uint8Array {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  for (let i = 0, at = 12; i < view.getUint16(4); i++, at += 16)
    if (String.fromCharCode(...font.subarray(at, at + 4)) === tag)
      return font.slice(view.getUint32(at + 8), view.getUint32(at + 8) + view.getUint32(at + 12));
  throw new Error(`assertion failed: the font has a ${tag} table`);
}

function readIndex(view: DataView, at: number): { offsets: number[]; end: number } {
  const count = view.getUint16(at);
  if (count === 0) return { offsets: [], end: at + 2 };
  const size = view.getUint8(at + 2);
  const data = at + 2 + (count + 1) * size;
  const offsets = Array.from({ length: count + 1 }, (_, i) => {
    let offset = 0;
    for (let b = 0; b < size; b++) offset = offset * 256 + view.getUint8(at + 3 + i * size + b);
    return data + offset;
  });
  return { offsets, end: offsets[count] ?? at };
}

/** Operands by operator; operators of two bytes are 1200 and more. Real numbers are skipped: offsets are whole. */
function readDict(view: DataView, start: number, end: number): Map<number, number[]> {
  const dict = new Map<number, number[]>();
  let operands: number[] = [];
  for (let at = start; at < end; ) {
    const b = view.getUint8(at++);
    if (b <= 21) {
      dict.set(b === 12 ? 1200 + view.getUint8(at++) : b, operands);
      operands = [];
    } else if (b === 28) {
      operands.push(view.getInt16(at));
      at += 2;
    } else if (b === 29) {
      operands.push(view.getInt32(at));
      at += 4;
    } else if (b === 30) {
      while ((view.getUint8(at++) & 0x0f) !== 0x0f);
      operands.push(Number.NaN);
    } else if (b <= 246) operands.push(b - 139);
    else if (b <= 250) operands.push((b - 247) * 256 + view.getUint8(at++) + 108);
    else operands.push(-(b - 251) * 256 - view.getUint8(at++) - 108);
  }
  return dict;
}

function readCharset(view: DataView, at: number, glyphs: number): number[] {
  const format = view.getUint8(at);
  const cids = [0];
  let next = at + 1;
  while (cids.length < glyphs) {
    const first = view.getUint16(next);
    const more = format === 0 ? 0 : format === 1 ? view.getUint8(next + 2) : view.getUint16(next + 2);
    next += format === 0 ? 2 : format === 1 ? 3 : 4;
    for (let i = 0; i <= more; i++) cids.push(first + i);
  }
  return cids;
}
