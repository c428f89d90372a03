import { type Finding, isArchiveError } from '@lantai/values';
import { type Archive, openStoredObject } from '../archive/index.ts';
import { type DecoderPart, type DecoderReply, type DecoderRequest, retryIfKilled } from '../children/index.ts';
import { type ScanResult, scanBytes } from './clamd.ts';
import type { StoredRow } from './dossier-rows.ts';

/** What a sealed object turned out to be: opened once, and everything asked of it then. */
export interface ExaminedObject {
  readonly row: StoredRow;
  /** Why it cannot be opened; null when it can, and then what follows is known. */
  readonly damage: string | null;
  readonly sha256: Uint8Array | null;
  readonly bytes: number;
  readonly decoded: DecodedObject | null;
  /** Null when no scanner is configured. */
  readonly scan: ScanResult | null;
}

/** A file taken apart to its end. */
export interface DecodedObject {
  readonly outcome: 'pages' | 'members' | 'kept' | 'refused' | 'killed';
  /** Why it is refused, or what ended the child. */
  readonly code: string | null;
  /** By magic bytes; null when it is not known. */
  readonly mediaType: string | null;
  readonly pages: readonly { readonly widthPx: number; readonly heightPx: number }[];
  readonly findings: readonly Finding[];
}

const SCAN_TIMEOUT_MS = 60_000;
/** What ended the child: the file is to blame, and only it suffers. */
const FILE_IS_TO_BLAME = new Set(['child/killed', 'child/timeout', 'child/memory', 'child/protocol', 'child/failed']);

/**
 * Opens an object, hashes it, takes it apart to its end in a decoder child and has it scanned. Nothing touches the disk here.
 * @throws ArchiveError of fault environment: what the file is not to blame for
 */
export async function examineObject(archive: Archive, row: StoredRow): Promise<ExaminedObject> {
  const plain = await openOrDamage(archive, row);
  if ('damage' in plain) return { row, damage: plain.damage, sha256: null, bytes: 0, decoded: null, scan: null };
  const { bytes } = plain;
  const { clamd } = archive.config;
  const [decoded, scan] = await Promise.all([decodeWhole(archive, bytes), clamd ? scanBytes(clamd, bytes, SCAN_TIMEOUT_MS) : null]);
  return { row, damage: null, sha256: archive.sealer.primitives.hash('sha256', bytes), bytes: bytes.length, decoded, scan };
}

async function openOrDamage(archive: Archive, row: StoredRow): Promise<{ readonly bytes: Uint8Array } | { readonly damage: string }> {
  try {
    return { bytes: await openStoredObject(archive, row) };
  } catch (error) {
    if (!isArchiveError(error) || error.fault === 'environment') throw error;
    return { damage: error.code };
  }
}

async function decodeWhole(archive: Archive, bytes: Uint8Array): Promise<DecodedObject> {
  const pages: { widthPx: number; heightPx: number }[] = [];
  const findings: Finding[] = [];
  const onPart = (part: DecoderPart) => {
    if (part.kind !== 'page') return;
    pages.push({ widthPx: part.widthPx, heightPx: part.heightPx });
    findings.push(...part.findings);
  };
  try {
    const { reply } = await retryIfKilled(() => {
      pages.length = 0;
      findings.length = 0;
      const request: DecoderRequest = { kind: 'receive', name: 'object', check: 'decode', depth: 0 };
      return archive.decoders.run<DecoderRequest, DecoderReply, DecoderPart>(request, [bytes], { onPart });
    });
    if (reply.kind === 'refused') return { outcome: 'refused', code: reply.code, mediaType: null, pages, findings };
    return { outcome: reply.kind, code: null, mediaType: mediaTypeOf(reply), pages, findings: [...findings, ...reply.findings] };
  } catch (error) {
    if (!isArchiveError(error) || !FILE_IS_TO_BLAME.has(error.code)) throw error;
    return { outcome: 'killed', code: error.code, mediaType: null, pages, findings };
  }
}

const mediaTypeOf = (reply: Exclude<DecoderReply, { kind: 'refused' }>) => (reply.kind === 'members' ? 'application/zip' : reply.mediaType);
