import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumModule } from '@hyzyla/pdfium';
import { ArchiveError } from '@lantai/values';
import { addTablePlaces } from './wasm-table.ts';

// PDFium as WebAssembly, its C interface. The package's own classes wrap a tenth of it; what is declared here is exported by the same binary.
// Source of every signature: PDFium public/fpdfview.h, fpdf_edit.h, fpdf_text.h, fpdf_annot.h, fpdf_attachment.h, fpdf_signature.h, fpdf_formfill.h, fpdf_sysfontinfo.h.

type Fn<A extends number = number> = (...args: A[]) => number;

/** The functions used. A number is an int, a double or a pointer into the heap; 0 is the null pointer. */
export interface PdfiumApi {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc: Fn; free: Fn; __indirect_function_table: WebAssembly.Table };
  readonly _FPDF_InitLibraryWithConfig: Fn;
  readonly _FPDF_SetSystemFontInfo: Fn;
  readonly _FPDF_LoadMemDocument: Fn;
  readonly _FPDF_GetLastError: Fn;
  readonly _FPDF_CloseDocument: Fn;
  readonly _FPDF_GetPageCount: Fn;
  readonly _FPDF_GetFormType: Fn;
  readonly _FPDF_DocumentHasValidCrossReferenceTable: Fn;
  readonly _FPDF_GetSecurityHandlerRevision: Fn;
  readonly _FPDF_GetSignatureCount: Fn;
  readonly _FPDF_GetSignatureObject: Fn;
  readonly _FPDFSignatureObj_GetContents: Fn;
  readonly _FPDFSignatureObj_GetByteRange: Fn;
  readonly _FPDFSignatureObj_GetSubFilter: Fn;
  readonly _FPDFSignatureObj_GetTime: Fn;
  readonly _FPDFAnnot_GetRect: Fn;
  readonly _FPDFAnnot_GetFormFieldType: Fn;
  readonly _FPDFDoc_GetAttachmentCount: Fn;
  readonly _FPDFDoc_GetJavaScriptActionCount: Fn;
  readonly _FPDF_LoadPage: Fn;
  readonly _FPDF_ClosePage: Fn;
  readonly _FPDF_GetPageWidthF: Fn;
  readonly _FPDF_GetPageHeightF: Fn;
  readonly _FPDF_GetPageBoundingBox: Fn;
  readonly _FPDFPage_GetRotation: Fn;
  readonly _FPDFPage_GetAnnotCount: Fn;
  readonly _FPDFPage_GetAnnot: Fn;
  readonly _FPDFPage_CloseAnnot: Fn;
  readonly _FPDFAnnot_GetSubtype: Fn;
  readonly _FPDFPage_CountObjects: Fn;
  readonly _FPDFPage_GetObject: Fn;
  readonly _FPDFFormObj_CountObjects: Fn;
  readonly _FPDFFormObj_GetObject: Fn;
  readonly _FPDFPageObj_GetType: Fn;
  readonly _FPDFPageObj_GetBounds: Fn;
  readonly _FPDFPageObj_GetMatrix: Fn;
  readonly _FPDFPageObj_HasTransparency: Fn;
  readonly _FPDFTextObj_GetTextRenderMode: Fn;
  readonly _FPDFTextObj_GetFont: Fn;
  readonly _FPDFFont_GetIsEmbedded: Fn;
  readonly _FPDFImageObj_GetBitmap: Fn;
  readonly _FPDFImageObj_GetImagePixelSize: Fn;
  readonly _FPDFImageObj_GetImageMetadata: Fn;
  readonly _FPDFImageObj_GetImageDataRaw: Fn;
  readonly _FPDFImageObj_GetImageFilterCount: Fn;
  readonly _FPDFImageObj_GetImageFilter: Fn;
  readonly _FPDFBitmap_CreateEx: Fn;
  readonly _FPDFBitmap_FillRect: Fn;
  readonly _FPDFBitmap_Destroy: Fn;
  readonly _FPDF_RenderPageBitmap: Fn;
  readonly _FPDF_PageToDevice: Fn;
  readonly _FPDFText_LoadPage: Fn;
  readonly _FPDFText_ClosePage: Fn;
  readonly _FPDFText_CountChars: Fn;
  readonly _FPDFText_GetUnicode: Fn;
  readonly _FPDFText_IsGenerated: Fn;
  readonly _FPDFText_HasUnicodeMapError: Fn;
  readonly _FPDFText_GetLooseCharBox: Fn;
  readonly _FPDFText_GetTextObject: Fn;
  readonly _FPDFDOC_InitFormFillEnvironment: Fn;
  readonly _FPDFDOC_ExitFormFillEnvironment: Fn;
  readonly _FORM_OnAfterLoadPage: Fn;
  readonly _FORM_OnBeforeClosePage: Fn;
  readonly _FPDF_FFLDraw: Fn;
}

/** Callbacks the system font needs. */
const CALLBACK_PLACES = 2;
let compiled: { module: WebAssembly.Module; firstPlace: number } | null = null;

/** Reads and compiles the binary once. Call it before rights are given up: afterwards the file may be out of reach. */
export function loadPdfium(): { readonly module: WebAssembly.Module; readonly firstPlace: number } {
  if (compiled) return compiled;
  const file = readFileSync(createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm'));
  const { binary, firstPlace } = addTablePlaces(file, CALLBACK_PLACES);
  compiled = { module: new WebAssembly.Module(binary), firstPlace };
  return compiled;
}

/**
 * A new engine with its own heap. Each document gets one: what a broken file does to the heap ends with the file,
 * and memory a large one took is given back.
 */
export async function createPdfium(): Promise<PdfiumApi> {
  const { module } = loadPdfium();
  const options = {
    instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
    print: () => undefined,
    printErr: () => undefined, // the engine prints what it dislikes, with words of the file
  };
  // The declared type of the package names a part of the functions the binary has; PdfiumApi names those used here.
  return (await (PDFiumModule as unknown as (o: typeof options) => Promise<unknown>)(options)) as PdfiumApi;
}

/** A piece of the engine's heap, freed with `using` semantics by {@link withHeap}. */
export interface HeapBlock {
  readonly at: number;
  /** A view that is valid until the next call into the engine: the heap moves when it grows. */
  view(): DataView;
}

/** Lends `byteLength` bytes of heap to `work`. @throws ArchiveError `pdf/out-of-memory` (caller). */
export function withHeap<T>(api: PdfiumApi, byteLength: number, work: (block: HeapBlock) => T): T {
  const at = api.wasmExports.malloc(byteLength);
  if (at === 0) throw new ArchiveError('pdf/out-of-memory', 'caller', { byteLength });
  try {
    return work({ at, view: () => new DataView(api.HEAPU8.buffer, at, byteLength) });
  } finally {
    api.wasmExports.free(at);
  }
}

/** `count` floats or ints that `call` writes to the heap; null when it returns 0. */
export function readNumbers(api: PdfiumApi, type: 'f32' | 'f64' | 'i32', count: number, call: (at: number) => number): number[] | null {
  return withHeap(api, 4 * count, (block) => {
    if (call(block.at) === 0) return null;
    const view = block.view();
    return Array.from({ length: count }, (_, i) => (type === 'f32' ? view.getFloat32(4 * i, true) : view.getInt32(4 * i, true)));
  });
}
