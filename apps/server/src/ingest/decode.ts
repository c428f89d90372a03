import type { ReadingLine } from '@lantai/reading';
import { type Finding, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DecoderPart, DecoderReply, DecoderRequest } from '../children/index.ts';

/** One page out of a file, as the decoder child gave it. */
export interface DecodedPage {
  readonly origin: 'as_received' | 'embedded' | 'rendered';
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly resolutionDpi: number | null;
  /** The page's own text when it was made by a program and covers the page; empty when the page must be read. */
  readonly textLines: readonly ReadingLine[];
  readonly findings: readonly Finding[];
}

/** A member of a container; one that could not be taken out comes with its refusal. */
export type DecodedMember =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly code: string; readonly detail: Readonly<Record<string, string | number | boolean>> };

/** What a file turned out to be. */
export type Decoded =
  | { readonly kind: 'pages'; readonly mediaType: string; readonly pages: readonly DecodedPage[]; readonly findings: readonly Finding[] }
  | { readonly kind: 'members'; readonly members: readonly DecodedMember[]; readonly findings: readonly Finding[] }
  | { readonly kind: 'kept'; readonly mediaType: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'needs_person'; readonly code: string };

/** What ended the child: the file is kept for a person. Everything else is ours to fail on. */
const FILE_IS_TO_BLAME = new Set(['child/killed', 'child/timeout', 'child/memory', 'child/protocol', 'child/failed']);

/**
 * Takes a file apart in a child process. Pages count only when the whole file ended well.
 * @param depth 1 for a member of an archive: an archive in it is refused before it is unpacked
 * @throws ArchiveError `child/…` (environment) when no child could be started
 */
export async function decodeFile(
  archive: Archive,
  path: string,
  bytes: Uint8Array,
  password: string | null = null,
  depth: 0 | 1 = 0,
): Promise<Decoded> {
  const pages: DecodedPage[] = [];
  const members: DecodedMember[] = [];
  const onPart = (part: DecoderPart, parts: Uint8Array[]) => {
    if (part.kind === 'page') pages.push(toPage(part, parts[0] ?? bytes));
    else if (part.refused) members.push({ path: part.path, code: part.refused.code, detail: part.refused.detail });
    else members.push({ path: part.path, bytes: parts[0] ?? new Uint8Array() });
  };
  try {
    const request: DecoderRequest = { kind: 'receive', name: path, check: 'structure', depth, ...(password === null ? {} : { password }) };
    const { reply } = await archive.decoders.run<DecoderRequest, DecoderReply, DecoderPart>(request, [bytes], { onPart });
    if (reply.kind === 'pages') return { kind: 'pages', mediaType: reply.mediaType, pages, findings: reply.findings };
    if (reply.kind === 'members') return { kind: 'members', members, findings: reply.findings };
    if (reply.kind === 'kept') return { kind: 'kept', mediaType: reply.mediaType, findings: reply.findings };
    return { kind: 'refused', code: reply.code, detail: reply.detail };
  } catch (error) {
    if (isArchiveError(error) && FILE_IS_TO_BLAME.has(error.code)) return { kind: 'needs_person', code: error.code };
    throw error;
  }
}

/** A document's own text is exact: it is as sure as text gets. */
function toPage(part: Extract<DecoderPart, { kind: 'page' }>, bytes: Uint8Array): DecodedPage {
  const isWhole = part.textCovers === 'page';
  return {
    origin: part.origin,
    mediaType: part.mediaType,
    bytes,
    widthPx: part.widthPx,
    heightPx: part.heightPx,
    resolutionDpi: part.resolutionDpi ?? null,
    textLines: isWhole
      ? (part.text ?? []).map((line) => ({ text: line.text, box: line.box, confidence01: 1, source: 'born_digital' as const }))
      : [],
    findings: part.findings,
  };
}
