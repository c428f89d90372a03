import { findForeignArchive, isPdf } from './file-type.ts';
import type { ImageTools } from './image-tools.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { isOfd } from './ofd/package.ts';
import { receiveOfd } from './ofd/receive.ts';
import { findOfficeKind, isCompoundFile, type OfficeKind } from './office.ts';
import { type Outcome, type Receiving, refused } from './outcome.ts';
import { receivePdf } from './pdf/receive.ts';
import type { TrustSettings } from './signatures/certificates.ts';
import { isZip, openZip } from './zip/archive.ts';
import { receiveZip } from './zip/receive.ts';

/** What the one who brings a file in may say about it. Its name is not asked: type is by magic bytes. */
export interface ReceiveOptions {
  /** For an encrypted PDF. */
  readonly password?: string;
  /** 0 for a file brought in, 1 for a member of an archive. */
  readonly depth?: number;
  /** How carefully images are looked at: see `receiveImage` of the image adapter. */
  readonly check?: 'structure' | 'decode';
  /** Whom signatures of documents are judged by. */
  readonly trust?: TrustSettings;
}

/**
 * Takes any file apart: yields its pages or members one at a time, each built only when the one before was taken, and returns how it ended.
 * Nothing is thrown for a bad file; what no code here can foresee (time, memory) is the child's to be stopped for.
 */
export async function* receiveFile(bytes: Uint8Array, tools: ImageTools, options: ReceiveOptions = {}): Receiving {
  if (bytes.length === 0) return refused('file/empty');
  if (bytes.length > MAX_FILE_BYTES) return refused('file/too-large', { byteLength: bytes.length, limit: MAX_FILE_BYTES });
  if (tools.findImageFormat(bytes) !== null) return yield* receiveImageFile(bytes, tools, options);
  if (isZip(bytes)) return yield* receiveZipLike(bytes, tools, options);
  const foreign = findForeignArchive(bytes);
  if (foreign) return refused('archive/unsupported', { format: foreign });
  if (isCompoundFile(bytes)) return kept({ format: 'compound', mediaType: 'application/x-ole-storage' });
  if (isPdf(bytes)) return yield* receivePdf(bytes, tools, options);
  return refused('file/unknown-type');
}

async function* receiveImageFile(bytes: Uint8Array, tools: ImageTools, options: ReceiveOptions): Receiving {
  const pages = tools.receiveImage(bytes, { check: options.check ?? 'decode' });
  for (;;) {
    const step = await pages.next();
    if (step.done) return step.value;
    yield { kind: 'page', ...step.value };
  }
}

async function* receiveZipLike(bytes: Uint8Array, tools: ImageTools, options: ReceiveOptions): Receiving {
  const archive = await openZip(bytes);
  if ('kind' in archive) return archive;
  if (isOfd(archive)) return yield* receiveOfd(archive, tools, options.trust);
  const office = findOfficeKind(archive);
  return office ? kept(office) : yield* receiveZip(archive, options.depth ?? 0);
}

function kept(office: OfficeKind): Outcome {
  return {
    kind: 'kept',
    ...office,
    findings: [{ code: 'document/kept-as-original', severity: 'warning', params: { format: office.format } }],
  };
}
