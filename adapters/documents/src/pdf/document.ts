import type { Finding } from '@lantai/values';
import type { FallbackFonts } from '../fallback-font.ts';
import { MAX_PAGES } from '../limits.ts';
import { type Refused, refused } from '../outcome.ts';
import { createPdfium, type PdfiumApi, withHeap } from './engine.ts';
import { installSystemFont } from './system-font.ts';

/** An open PDF. */
export interface PdfDocument {
  readonly api: PdfiumApi;
  readonly handle: number;
  /** Form environment, 0 when the document has no form. */
  readonly form: number;
  readonly pageCount: number;
  /** What is to be said of the document as a whole. */
  readonly findings: readonly Finding[];
  /** How often a font that is not embedded was stood in for so far. */
  fontsGiven(): number;
  close(): void;
}

/** Error numbers of FPDF_GetLastError. */
const ERROR = { format: 3, password: 4, security: 5 } as const;
/** Results of FPDF_GetFormType. */
const FORM_XFA = [2, 3];
/** Where the mark of the end is looked for, as readers do. Source: ISO 32000-1, annex H, note 18. */
const END_SEARCH_BYTES = 1024;
/** The structure FPDF_FORMFILLINFO; no callback is set. */
const FORM_INFO_BYTES = 256;

/**
 * Opens a PDF in an engine of its own.
 * @param password tried as user and owner password; without one, a document that needs none for reading opens
 * @returns `pdf/password-needed`, `pdf/password-wrong`, `pdf/encryption-unsupported`, `pdf/unreadable`, `pdf/no-pages` or `document/too-many-pages` as a refusal
 */
export async function openPdf(bytes: Uint8Array, fonts: FallbackFonts, password?: string): Promise<PdfDocument | Refused> {
  const api = await createPdfium();
  const system = installSystemFontAfterInit(api, fonts);
  const file = api.wasmExports.malloc(bytes.length);
  if (file === 0) return refused('pdf/too-large', { byteLength: bytes.length });
  api.HEAPU8.set(bytes, file);
  const handle = loadDocument(api, file, bytes.length, password);
  if (handle === 0) return refusalOf(api._FPDF_GetLastError(), password);
  const pageCount = api._FPDF_GetPageCount(handle);
  if (pageCount < 1) return refused('pdf/no-pages');
  if (pageCount > MAX_PAGES) return refused('document/too-many-pages', { count: pageCount, limit: MAX_PAGES });
  const form = api._FPDF_GetFormType(handle) === 0 ? 0 : openForm(api, handle);
  return {
    api,
    handle,
    form,
    pageCount,
    findings: [...documentFindings(api, handle), ...endFindings(bytes)],
    fontsGiven: system.given,
    close: () => {
      if (form !== 0) api._FPDFDOC_ExitFormFillEnvironment(form);
      api._FPDF_CloseDocument(handle);
    },
  };
}

function installSystemFontAfterInit(api: PdfiumApi, fonts: FallbackFonts) {
  withHeap(api, 32, (config) => {
    api.HEAPU8.fill(0, config.at, config.at + 32);
    config.view().setInt32(0, 2, true); // version 2, no fonts of a file system, no script engine
    api._FPDF_InitLibraryWithConfig(config.at);
  });
  return installSystemFont(api, fonts);
}

function loadDocument(api: PdfiumApi, file: number, byteLength: number, password: string | undefined): number {
  if (password === undefined) return api._FPDF_LoadMemDocument(file, byteLength, 0);
  const text = new TextEncoder().encode(password);
  return withHeap(api, text.length + 1, (block) => {
    api.HEAPU8.set(text, block.at);
    api.HEAPU8[block.at + text.length] = 0;
    const handle = api._FPDF_LoadMemDocument(file, byteLength, block.at);
    api.HEAPU8.fill(0, block.at, block.at + text.length);
    return handle;
  });
}

function refusalOf(error: number, password: string | undefined): Refused {
  if (error === ERROR.password) return refused(password === undefined ? 'pdf/password-needed' : 'pdf/password-wrong');
  return refused(error === ERROR.security ? 'pdf/encryption-unsupported' : 'pdf/unreadable');
}

/** Without its environment the fields of a form are not drawn. */
function openForm(api: PdfiumApi, handle: number): number {
  const info = api.wasmExports.malloc(FORM_INFO_BYTES);
  api.HEAPU8.fill(0, info, info + FORM_INFO_BYTES);
  new DataView(api.HEAPU8.buffer).setInt32(info, 2, true);
  return api._FPDFDOC_InitFormFillEnvironment(handle, info);
}

/** Without its end mark a file was cut off, or still being written: what came last may be missing from its pages. */
function endFindings(bytes: Uint8Array): Finding[] {
  const end = String.fromCharCode(...bytes.subarray(-END_SEARCH_BYTES));
  return end.includes('%%EOF') ? [] : [{ code: 'pdf/cut-off', severity: 'error' }];
}

function documentFindings(api: PdfiumApi, handle: number): Finding[] {
  const findings: Finding[] = [];
  const attachments = api._FPDFDoc_GetAttachmentCount(handle);
  if (attachments > 0) findings.push({ code: 'document/attachments-ignored', severity: 'warning', params: { count: attachments } });
  if (api._FPDFDoc_GetJavaScriptActionCount(handle) > 0) findings.push({ code: 'pdf/script-ignored', severity: 'info' });
  // What such a form shows is made by a program inside it; without that it asks to wait. A person must print it first.
  if (FORM_XFA.includes(api._FPDF_GetFormType(handle))) findings.push({ code: 'pdf/xfa-form', severity: 'error' });
  if (api._FPDF_DocumentHasValidCrossReferenceTable(handle) === 0) findings.push({ code: 'pdf/repaired', severity: 'warning' });
  if (api._FPDF_GetSecurityHandlerRevision(handle) > 0) findings.push({ code: 'pdf/restricted', severity: 'info' });
  const signatures = api._FPDF_GetSignatureCount(handle);
  if (signatures > 0) findings.push({ code: 'document/signed', severity: 'info', params: { count: signatures } });
  return findings;
}
