import { ArchiveError } from '@lantai/values';
import type { PdfDocument } from '../pdf/document.ts';
import { type PdfiumApi, withHeap } from '../pdf/engine.ts';
import type { TrustSettings } from './certificates.ts';
import { compareRevisions } from './pdf-revisions.ts';
import { SIGNATURES_MAX, type SignatureFault, type SignatureReport, verdictOf } from './report.ts';
import { judgeMessage, judgeToken, type MessageJudgement } from './signed-message.ts';

/** A signature dictionary as the engine gives it. */
interface PdfSignature {
  readonly contents: Uint8Array;
  readonly ranges: readonly number[];
  readonly subFilter: string;
  readonly saidAtMs: number | null;
}

/** Bytes that a signature covers: two stretches around its own value. */
interface Covered {
  readonly pieces: readonly [Uint8Array, Uint8Array];
  readonly end: number;
}

/** Forms of signature that are judged: a detached message over the bytes. Source: ISO 32000-2 section 12.8, ETSI EN 319 142-1; `GM` as signers of 国密 write it. */
const DETACHED = /^(?:adbe\.pkcs7\.detached|ETSI\.CAdES\.detached|GM\.[\w.]*detached)$/i;
const TIMESTAMP = 'ETSI.RFC3161';
/** Room for the value of one signature. */
const CONTENTS_BYTES_MAX = 1024 * 1024;
const TEXT_BYTES_MAX = 256;
/** Two stretches, each where it begins and how long it is. */
const RANGE_NUMBERS = 4;
const [OPEN, CLOSE] = [0x3c, 0x3e];
/** White space of PDF that may stand behind the last end mark. */
const SPACES: ReadonlySet<number> = new Set([0, 9, 10, 12, 13, 32]);

/** Judges every signature of an open PDF. Nothing in the file runs; what is wrong comes back as faults. */
export async function judgePdf(document: PdfDocument, bytes: Uint8Array, trust: TrustSettings): Promise<SignatureReport[]> {
  const { api, handle } = document;
  const count = Math.min(SIGNATURES_MAX, api._FPDF_GetSignatureCount(handle));
  const signatures = Array.from({ length: count }, (_, i) => readSignature(api, api._FPDF_GetSignatureObject(handle, i)));
  const reports: SignatureReport[] = [];
  for (const signature of signatures) reports.push(await judgeOne(signature, document, bytes, trust));
  return reports;
}

async function judgeOne(
  signature: PdfSignature | null,
  document: PdfDocument,
  bytes: Uint8Array,
  trust: TrustSettings,
): Promise<SignatureReport> {
  const kind = signature?.subFilter === TIMESTAMP ? 'timestamp' : 'signature';
  const base = { format: 'pdf', kind, seal: null, total: bytes.length } as const;
  const nothing = { signer: null, algorithm: null, signedAtMs: null, timeBy: null, covered: 0 } as const;
  const fail = (fault: SignatureFault): SignatureReport => ({ ...base, ...nothing, verdict: verdictOf([fault]), faults: [fault] });
  if (!signature || signature.contents.length === 0) return fail('empty');
  const covered = findCovered(signature, bytes);
  if (!covered) return fail('range-wrong');
  if (kind === 'signature' && !DETACHED.test(signature.subFilter)) return fail('unsupported');
  const judged =
    kind === 'timestamp'
      ? await judgeWhole(signature, covered, trust)
      : await judgeMessage(signature.contents, covered.pieces, trust, signature.saidAtMs);
  const added = await judgeAdded(document, bytes, covered.end);
  const faults = [...judged.faults, ...added];
  return { ...base, ...judged, covered: covered.end, verdict: verdictOf(faults), faults };
}

/** A time-stamp over the whole document. */
async function judgeWhole({ contents }: PdfSignature, { pieces }: Covered, trust: TrustSettings): Promise<MessageJudgement> {
  const token = trimToken(contents);
  const { atMs, fault } = await judgeToken(token, Buffer.concat(pieces), trust);
  const faults = fault === null ? [] : fault === 'timestamp-wrong' ? (['wrong', fault] as const) : (['signer-unknown', fault] as const);
  return { signer: null, algorithm: null, signedAtMs: atMs, timeBy: atMs === null ? null : 'timestamp', faults };
}

/** The value without the zeros that fill up its place: the length of the outermost element says where it ends. */
function trimToken(contents: Uint8Array): Uint8Array {
  const digits = (contents[1] ?? 0) >= 0x80 ? contents[1]! & 0x7f : 0;
  const length = digits === 0 ? (contents[1] ?? 0) : contents.subarray(2, 2 + digits).reduce((sum, byte) => sum * 256 + byte, 0);
  return contents.subarray(0, 2 + digits + length);
}

/**
 * The bytes that a signature covers, or null when its ranges are not of the one form there is: from the first byte up to its own value, and
 * from behind it to an end of the file. INVARIANT: what lies between the two is the value in hexadecimal and nothing else, or
 * something could be put there that no signature covers (signature wrapping).
 */
function findCovered({ ranges, contents }: PdfSignature, bytes: Uint8Array): Covered | null {
  if (ranges.length !== RANGE_NUMBERS) return null;
  const [start, length, next, rest] = ranges as [number, number, number, number];
  if (start !== 0 || length <= 0 || rest <= 0 || next <= length + 1 || next + rest > bytes.length) return null;
  const gap = bytes.subarray(length, next);
  if (gap[0] !== OPEN || gap[gap.length - 1] !== CLOSE) return null;
  const hex = Buffer.from(gap.subarray(1, -1)).toString('latin1');
  if (!/^[0-9a-f]*$/i.test(hex) || !Buffer.from(hex, 'hex').equals(contents)) return null;
  return { pieces: [bytes.subarray(0, length), bytes.subarray(next, next + rest)], end: next + rest };
}

/** What was put behind the signed bytes: nothing, or how the pages look since. */
async function judgeAdded(document: PdfDocument, bytes: Uint8Array, end: number): Promise<SignatureFault[]> {
  if (bytes.subarray(end).every((byte) => SPACES.has(byte))) return [];
  return ['appended', ...(await compareRevisions(document, bytes.subarray(0, end)))];
}

function readSignature(api: PdfiumApi, signature: number): PdfSignature | null {
  if (signature === 0) return null;
  const contents = readBytes(api, CONTENTS_BYTES_MAX, (at, length) => api._FPDFSignatureObj_GetContents(signature, at, length));
  const ranges = readRanges(api, signature);
  const subFilter = readText(api, (at, length) => api._FPDFSignatureObj_GetSubFilter(signature, at, length));
  const time = readText(api, (at, length) => api._FPDFSignatureObj_GetTime(signature, at, length));
  return { contents, ranges, subFilter, saidAtMs: findPdfTimeMs(time) };
}

/** Asks how long a value is, then for the value; too long a one is none. @throws ArchiveError `pdf/out-of-memory` (caller) */
function readBytes(api: PdfiumApi, max: number, ask: (at: number, length: number) => number): Uint8Array {
  const length = ask(0, 0);
  if (length <= 0 || length > max) return new Uint8Array(0);
  return withHeap(api, length, ({ at }) => {
    if (ask(at, length) !== length) throw new ArchiveError('pdf/out-of-memory', 'caller');
    return api.HEAPU8.slice(at, at + length);
  });
}

function readRanges(api: PdfiumApi, signature: number): number[] {
  const count = api._FPDFSignatureObj_GetByteRange(signature, 0, 0);
  if (count !== RANGE_NUMBERS) return [];
  return withHeap(api, 4 * count, (block) => {
    api._FPDFSignatureObj_GetByteRange(signature, block.at, count);
    const view = block.view();
    return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  });
}

const readText = (api: PdfiumApi, ask: (at: number, length: number) => number): string =>
  Buffer.from(readBytes(api, TEXT_BYTES_MAX, ask))
    .toString('latin1')
    .replace(/\0.*$/s, '');

/** `D:20261122165300+08'00'` as milliseconds; null when it is no such text. Source: ISO 32000-1 section 7.9.4. */
function findPdfTimeMs(text: string): number | null {
  const m = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?)?/.exec(text);
  if (!m) return null;
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = m
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const offsetMinutes = (m[7] === '-' ? -1 : 1) * (Number(m[8] ?? 0) * 60 + Number(m[9] ?? 0));
  const atMs = Date.UTC(year!, month - 1, day, hour, minute, second) - offsetMinutes * 60_000;
  return Number.isFinite(atMs) ? atMs : null;
}
