import { type Checkpoint, type NoteVerifier, openCheckpoint } from '@lantai/log';
import { equalBytes } from '@lantai/values';
import type { Sql } from '../db/index.ts';
import type { FindingList } from './check-findings.ts';
import type { StoredCheckpoint } from './checkpoint-rows.ts';

const PAGE_ROWS = 2000;

/** Every stored checkpoint, smallest first, a page of rows at a time. */
export async function* readCheckpoints(sql: Sql): AsyncGenerator<StoredCheckpoint> {
  for (let after = -1; ; ) {
    const rows = await sql.query<StoredCheckpoint>('select size, root, note from checkpoint where size > $1 order by size limit $2', [
      after,
      PAGE_ROWS,
    ]);
    if (rows.length === 0) return;
    yield* rows;
    after = rows.at(-1)!.size;
  }
}

/** Checks one stored checkpoint against the root of the entries it counts. @param root null when entries under it are lost */
export function checkCheckpoint(
  stored: StoredCheckpoint,
  root: Uint8Array | null,
  log: { origin: string; verifiers: readonly NoteVerifier[] },
  findings: FindingList,
): void {
  const { size } = stored;
  const opened = openCheckpoint(stored.note, log.verifiers);
  if (opened.kind === 'refused') findings.add('error', 'log/checkpoint-signature', { size, reason: opened.fault });
  else if (opened.checkpoint.origin !== log.origin || opened.checkpoint.size !== size || !equalBytes(opened.checkpoint.root, stored.root))
    findings.add('error', 'log/checkpoint-altered', { size });
  if (root && !equalBytes(root, stored.root)) findings.add('error', 'log/checkpoint-root', { size });
}

/** Checks the published checkpoint against the last stored one. @returns it, when its root is still to be compared at its size */
export function checkPublished(
  note: string | null,
  last: StoredCheckpoint | null,
  verifiers: readonly NoteVerifier[],
  findings: FindingList,
): Checkpoint | null {
  if (note === null) {
    if (last) findings.add('warning', 'log/published-missing', { size: last.size });
    return null;
  }
  const opened = openCheckpoint(note, verifiers);
  if (opened.kind === 'refused') {
    findings.add('error', 'log/published-altered', { reason: opened.fault });
    return null;
  }
  const publishedSize = opened.checkpoint.size;
  const storedSize = last?.size ?? 0;
  if (publishedSize > storedSize) findings.add('error', 'log/behind-published', { publishedSize, storedSize });
  else return opened.checkpoint;
  return null;
}
