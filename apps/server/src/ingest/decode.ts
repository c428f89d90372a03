import type { SignatureReport } from '@lantai/documents/signatures';
import type { FlatRecipe } from '@lantai/images';
import { type Finding, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type DecoderPart, type DecoderReply, type DecoderRequest, type PhotoOrder, retryIfKilled } from '../children/index.ts';
import { type Arrived, ArrivingObjects } from './arriving-objects.ts';
import { HeldText, type PackedLines } from './held-text.ts';
import { readTrust } from './trust.ts';

export type { PhotoOrder } from '../children/index.ts';

/** How a page came to be: `flattened` is the sheet on a photograph, which is kept as received. */
export type PageOrigin = 'as_received' | 'embedded' | 'rendered' | 'flattened';

/** One page out of a file, as the decoder child gave it. */
export interface DecodedPage {
  readonly origin: PageOrigin;
  readonly mediaType: string;
  /** Its sealed bytes on disk; null when the page is the file itself. */
  readonly part: Arrived | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly resolutionDpi: number | null;
  /** The page's own text when it was made by a program and covers the page; null when the page must be read. */
  readonly text: PackedLines | null;
  readonly findings: readonly Finding[];
  /** Of a page laid flat out of a photograph. */
  readonly flatRecipe?: FlatRecipe;
}

/** A member of a container, its sealed bytes on disk; one that could not be taken out comes with its refusal. */
export type DecodedMember =
  | { readonly path: string; readonly part: Arrived }
  | { readonly path: string; readonly code: string; readonly detail: Readonly<Record<string, string | number | boolean>> };

/** What a file turned out to be. */
export type Decoded =
  | {
      readonly kind: 'pages';
      readonly mediaType: string;
      readonly pages: readonly DecodedPage[];
      readonly findings: readonly Finding[];
      readonly signatures?: readonly SignatureReport[];
    }
  | { readonly kind: 'members'; readonly members: readonly DecodedMember[]; readonly findings: readonly Finding[] }
  | { readonly kind: 'kept'; readonly mediaType: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'needs_person'; readonly code: string };

/** A file on its way to a decoder child. */
export interface DecodeInput {
  readonly dossierId: string;
  /** Path as received; it is not what tells the type. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly password?: string;
  /** 1 for a member of an archive: an archive in it is refused before it is unpacked. */
  readonly depth?: 0 | 1;
  /** The file is a photograph, and the sheet on it lies there: the page is that sheet laid flat. */
  readonly photo?: PhotoOrder;
}

/** What ended the child: the file is kept for a person. Everything else is ours to fail on. */
const FILE_IS_TO_BLAME = new Set(['child/killed', 'child/timeout', 'child/memory', 'child/protocol', 'child/failed']);

/**
 * Takes a file apart in a child process; each page or member is sealed and put on disk as it arrives, so memory is bounded whatever the file holds.
 * Pages count only when the whole file ended well; else what was put is taken back.
 * @throws ArchiveError `child/…` (environment) when no child could be started, `blob/…` (environment) when there is no room
 */
export async function decodeFile(archive: Archive, input: DecodeInput): Promise<Decoded> {
  try {
    return await retryIfKilled(() => decodeOnce(archive, input));
  } catch (error) {
    if (isArchiveError(error) && FILE_IS_TO_BLAME.has(error.code)) return { kind: 'needs_person', code: error.code };
    throw error;
  }
}

async function decodeOnce(archive: Archive, { dossierId, path, bytes, password, depth = 0, photo }: DecodeInput): Promise<Decoded> {
  const pages: DecodedPage[] = [];
  const members: DecodedMember[] = [];
  const arriving = new ArrivingObjects(archive, dossierId);
  const text = new HeldText();
  const onPart = async (part: DecoderPart, [partBytes]: Uint8Array[]) => {
    if (part.kind === 'page') {
      const kind = part.origin === 'rendered' || part.origin === 'flattened' ? 'derived' : 'raw';
      pages.push(toPage(part, partBytes ? await arriving.add(kind, partBytes) : null, text));
    } else if (part.refused) members.push({ path: part.path, code: part.refused.code, detail: part.refused.detail });
    else members.push({ path: part.path, part: await arriving.add('raw', partBytes ?? new Uint8Array()) });
  };
  try {
    const request: DecoderRequest = {
      kind: 'receive',
      name: path,
      check: 'structure',
      depth,
      ...(await readTrust(archive, bytes)),
      ...(password === undefined ? {} : { password }),
      ...(photo ? { photo } : {}),
    };
    const { reply } = await archive.decoders.run<DecoderRequest, DecoderReply, DecoderPart>(request, [bytes], { onPart });
    if (reply.kind === 'pages' || reply.kind === 'members') await arriving.flush();
    else await arriving.discard();
    if (reply.kind === 'pages') {
      const { mediaType, findings, signatures } = reply;
      return { kind: 'pages', mediaType, pages, findings, ...(signatures ? { signatures } : {}) };
    }
    if (reply.kind === 'members') return { kind: 'members', members, findings: reply.findings };
    if (reply.kind === 'kept') return { kind: 'kept', mediaType: reply.mediaType, findings: reply.findings };
    return { kind: 'refused', code: reply.code, detail: reply.detail };
  } catch (error) {
    await arriving.discard();
    throw error;
  }
}

/** A document's own text is exact: it is as sure as text gets. */
function toPage(page: Extract<DecoderPart, { kind: 'page' }>, part: Arrived | null, held: HeldText): DecodedPage {
  const lines = page.textCovers === 'page' ? (page.text ?? []) : [];
  const text = lines.length
    ? held.pack(lines.map((line) => ({ text: line.text, box: line.box, confidence01: 1, source: 'born_digital' as const })))
    : null;
  return {
    origin: page.origin,
    mediaType: page.mediaType,
    part,
    widthPx: page.widthPx,
    heightPx: page.heightPx,
    resolutionDpi: page.resolutionDpi ?? null,
    text,
    ...(page.flatRecipe ? { flatRecipe: page.flatRecipe } : {}),
    findings: lines.length && !text ? [...page.findings, { code: 'document/text-not-kept', severity: 'info' }] : page.findings,
  };
}
