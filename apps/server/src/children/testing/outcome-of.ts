import { isArchiveError } from '@lantai/values';
import type { ChildPool, DecoderPart, DecoderReply, DecoderRequest } from '../index.ts';

/** A row of the table of capture outcomes: what became of a file. */
export interface CaptureOutcome {
  readonly outcome: string;
  readonly pages: number;
  /** Why it is no pages; empty when it is. */
  readonly code: string;
  /** Codes of all findings, sorted, once each, with blanks between. */
  readonly findings: string;
}

/** Receives a file as an import does, its members included: an archive counts as pages when any member gives one. */
export async function outcomeOf(pool: ChildPool, bytes: Uint8Array, depth: 0 | 1 = 0, password?: string): Promise<CaptureOutcome> {
  const parts: { part: DecoderPart; bytes: Uint8Array }[] = [];
  const request: DecoderRequest = { kind: 'receive', name: '', check: 'decode', depth, ...(password === undefined ? {} : { password }) };
  const onPart = (part: DecoderPart, partBytes: Uint8Array[]) => void parts.push({ part, bytes: partBytes[0] ?? new Uint8Array(0) });
  try {
    const { reply } = await pool.run<DecoderRequest, DecoderReply, DecoderPart>(request, [bytes], { onPart });
    if (reply.kind === 'refused') return { outcome: 'refused', pages: 0, code: reply.code, findings: '' };
    if (reply.kind === 'members') return await outcomeOfMembers(pool, parts);
    const found = [...reply.findings, ...parts.flatMap(({ part }) => (part.kind === 'page' ? part.findings : []))];
    const findings = [...new Set(found.map((f) => f.code))].sort().join(' ');
    if (reply.kind === 'kept') return { outcome: 'kept', pages: 0, code: 'document/kept-as-original', findings };
    return { outcome: 'pages', pages: parts.length, code: '', findings };
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    return { outcome: 'needs_person', pages: 0, code: error.code, findings: '' };
  }
}

async function outcomeOfMembers(pool: ChildPool, parts: readonly { part: DecoderPart; bytes: Uint8Array }[]): Promise<CaptureOutcome> {
  const taken = parts.filter(({ part }) => part.kind === 'member' && !part.refused);
  const inner = await Promise.all(taken.map(({ bytes }) => outcomeOf(pool, bytes, 1)));
  const pages = inner.reduce((sum, one) => sum + one.pages, 0);
  return pages > 0
    ? { outcome: 'pages', pages, code: '', findings: '' }
    : { outcome: 'refused', pages: 0, code: 'zip/no-pages', findings: '' };
}
