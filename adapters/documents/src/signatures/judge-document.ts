import { isArchiveError } from '@lantai/values';
import { loadFallbackFonts } from '../fallback-font.ts';
import { isPdf } from '../file-type.ts';
import { MAX_PDF_BYTES } from '../limits.ts';
import { isOfd, OfdPackage } from '../ofd/package.ts';
import { type Refused, refused } from '../outcome.ts';
import { openPdf } from '../pdf/document.ts';
import { isZip, openZip } from '../zip/archive.ts';
import type { TrustSettings } from './certificates.ts';
import { judgeOfd } from './ofd-signatures.ts';
import { judgePdf } from './pdf-signatures.ts';
import { type SignatureReport, unreadableSignature } from './report.ts';

/** Judges the signatures of a PDF or OFD, without taking its pages. @returns `signature/no-document` and what opening says, as a refusal */
export async function judgeDocument(bytes: Uint8Array, trust: TrustSettings): Promise<readonly SignatureReport[] | Refused> {
  if (isZip(bytes)) {
    const archive = await openZip(bytes);
    if ('kind' in archive) return archive;
    return isOfd(archive) ? judgeOfd(new OfdPackage(archive), trust) : refused('signature/no-document');
  }
  if (!isPdf(bytes)) return refused('signature/no-document');
  if (bytes.length > MAX_PDF_BYTES) return refused('file/too-large', { byteLength: bytes.length, limit: MAX_PDF_BYTES });
  return judgePdfFile(bytes, trust);
}

async function judgePdfFile(bytes: Uint8Array, trust: TrustSettings): Promise<readonly SignatureReport[] | Refused> {
  const document = await openPdf(bytes, loadFallbackFonts());
  if ('kind' in document) return document;
  try {
    const reports = await judgePdf(document, bytes, trust);
    document.close();
    return reports;
  } catch (error) {
    // What the engine dies of is the file's doing; a mistake of ours goes on as itself.
    if (error instanceof WebAssembly.RuntimeError || isArchiveError(error, 'pdf/out-of-memory')) return [unreadableSignature(bytes.length)];
    throw error;
  }
}
