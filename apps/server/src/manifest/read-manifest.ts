import type { MergedRange, StreamedRow } from '@lantai/documents';
import { ArchiveError, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DecoderRequest, TableEnd, TablePart } from '../children/index.ts';

/** Rows of one list. */
export const MANIFEST_ROWS_MAX = 200_000;

/** Takes a list as it is read. */
export interface RowTaker {
  head(merged: readonly MergedRange[]): void;
  /** The next thousand rows or so; the reading waits meanwhile. */
  rows(rows: readonly StreamedRow[]): Promise<void>;
}

/**
 * Reads a list, Excel or separated text, in a process without keys, a stretch at a time.
 * @throws ArchiveError `table/…` (caller), what the taker throws, `child/…` (environment)
 */
export async function readManifest({ decoders }: Pick<Archive, 'decoders'>, bytes: Uint8Array, taker: RowTaker): Promise<void> {
  const request: DecoderRequest = { kind: 'table-rows', rows: MANIFEST_ROWS_MAX };
  const onPart = async (part: TablePart) => {
    if (part.kind === 'head') taker.head(part.head.merged);
    else await taker.rows(part.rows);
  };
  try {
    const { reply } = await decoders.run<DecoderRequest, TableEnd, TablePart>(request, [bytes], { onPart });
    if (reply.kind === 'refused') throw new ArchiveError(reply.code, 'caller', reply.detail);
  } catch (error) {
    // What kills the process that reads it is a file that cannot be read.
    if (isArchiveError(error, 'child/memory') || isArchiveError(error, 'child/timeout'))
      throw new ArchiveError('table/unreadable', 'caller');
    throw error;
  }
}
