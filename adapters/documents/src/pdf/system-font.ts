import type { FallbackFonts } from '../fallback-font.ts';
import { loadPdfium, type PdfiumApi } from './engine.ts';

// A PDF may name 宋体 and not carry it. The engine then asks the system for a font; this is the system.
// Source: PDFium public/fpdf_sysfontinfo.h, version 1 of the structure.

const STRUCT_BYTES = 36;
const FIELD = { mapFont: 12, getFontData: 20 } as const;
const REGULAR = 1;
const BOLD = 2;
const BOLD_WEIGHT = 600;
/** Windows charset numbers: Shift-JIS, Hangul, GB 2312, Big5. */
const CJK_CHARSETS = [128, 129, 134, 136];
const CJK_FACES = /song|sim(sun|hei|kai|li|you)|kai|fang|hei|ming|yahei|gb2312|gothic|mincho|noto|han|[^\x20-\x7e]/i;

/**
 * Lets the engine draw Chinese text of fonts that are not embedded. Other faces stay with the engine's own stand-ins.
 * @returns how many times a font was asked for and given: more than none means letters look different from the author's.
 */
export function installSystemFont(api: PdfiumApi, fonts: FallbackFonts): { readonly given: () => number } {
  let given = 0;
  const mapFont = (_this: number, weight: number, _italic: number, charset: number, _pitch: number, face: number) => {
    if (!CJK_CHARSETS.includes(charset) && !CJK_FACES.test(readText(api, face))) return 0;
    given += 1;
    return weight >= BOLD_WEIGHT ? BOLD : REGULAR;
  };
  const getFontData = (_this: number, font: number, table: number, buffer: number, size: number) => {
    if (table !== 0) return 0;
    const file = font === BOLD ? fonts.bold : fonts.regular;
    if (buffer !== 0 && size >= file.length) api.HEAPU8.set(file, buffer);
    return file.length;
  };
  // The structure lives as long as the engine, whose heap goes with it.
  const at = api.wasmExports.malloc(STRUCT_BYTES);
  api.HEAPU8.fill(0, at, at + STRUCT_BYTES);
  const view = new DataView(api.HEAPU8.buffer);
  view.setInt32(at, 1, true);
  view.setUint32(at + FIELD.mapFont, putInTable(api, 0, mapFont, 7), true);
  view.setUint32(at + FIELD.getFontData, putInTable(api, 1, getFontData, 5), true);
  api._FPDF_SetSystemFontInfo(at);
  return { given: () => given };
}

function readText(api: PdfiumApi, at: number): string {
  const end = at === 0 ? 0 : api.HEAPU8.indexOf(0, at);
  return String.fromCharCode(...api.HEAPU8.subarray(at, Math.min(end, at + 128)));
}

/** Puts a function of `arity` ints giving an int into a free place of the engine's table. A table takes only WebAssembly functions, so one wraps it. */
function putInTable(api: PdfiumApi, place: number, fn: (...args: number[]) => number, arity: number): number {
  const i32 = 0x7f;
  const type = [0x60, arity, ...Array<number>(arity).fill(i32), 1, i32];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, type.length + 1, 1, ...type], // one type
    ...[2, 7, 1, 1, 0x65, 1, 0x66, 0, 0], // import "e" "f"
    ...[7, 5, 1, 1, 0x66, 0, 0], // export it again
  ]);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { e: { f: fn } });
  const index = loadPdfium().firstPlace + place;
  api.wasmExports.__indirect_function_table.set(index, instance.exports.f as never);
  return index;
}
