import { setTimeout as sleep } from 'node:timers/promises';
import type { Archive } from '../archive/index.ts';

/** How far the reading of a dossier has come. */
export interface ReadingState {
  readonly total: number;
  readonly waiting: number;
  readonly needsPerson: number;
}

export async function readingState(archive: Archive, dossierId: string): Promise<ReadingState> {
  const row = await archive.db
    .system('queue-counts')
    .one<{ total: number; waiting: number; needs_person: number }>(
      `select count(*)::int as total, count(*) filter (where read_state = 'waiting')::int as waiting, count(*) filter (where read_state = 'needs_person')::int as needs_person from page where dossier_id = $1 and superseded_by is null`,
      [dossierId],
    );
  return { total: row?.total ?? 0, waiting: row?.waiting ?? 0, needsPerson: row?.needs_person ?? 0 };
}

const POLL_MS = 250;

/** Resolves when no page of the dossier waits any more; tells how far it is meanwhile. */
export async function waitUntilRead(
  archive: Archive,
  dossierId: string,
  onState?: (state: ReadingState) => void,
  signal?: AbortSignal,
): Promise<ReadingState> {
  for (;;) {
    const state = await readingState(archive, dossierId);
    onState?.(state);
    if (state.waiting === 0 || signal?.aborted) return state;
    await sleep(POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}
