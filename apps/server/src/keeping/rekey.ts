import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEntry } from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import type { KeyKind, KeyRenewal, SuiteId } from '@lantai/vault';
import { type Archive, PURPOSE } from '../archive/index.ts';
import type { Session } from '../db/index.ts';
import { type Act, deskTx } from '../desk/index.ts';
import { FormerObjects } from './former-objects.ts';
import { type SealedAnew, sealEverythingAnew, type WalkOptions } from './seal-anew.ts';

/** Which keys get new bytes: those of organisations, of dossiers and subjects, or of the archive's purposes. */
export type RotatedLevel = KeyKind;

/** What is asked for: another suite for everything, or new bytes for the keys of a level. */
export type RekeyOrder = { readonly suite: SuiteId } | { readonly level: RotatedLevel };

/** How a run ended. */
export interface RekeyResult extends SealedAnew {
  /** `stopped`: told to; asked for again it goes on. */
  readonly state: 'done' | 'stopped';
  /** Bytes of before that could not be removed yet, because a backup or a check walks the objects; the next run removes them. */
  readonly leftObjects: number;
}

/** One process at a time seals anew. "lantai" and 3. */
const REKEY_LOCK = [0x6c616e74, 3] as const;
/** The database may take a moment to notice that a process that held the lock was killed. */
const LOCK_WAIT_MS = 10_000;
const LOCK_POLL_MS = 100;

export interface RekeyOptions extends WalkOptions {
  /** How long to wait for another process that seals anew, in milliseconds; default ten seconds. */
  readonly lockWaitMs?: number;
}

/**
 * Seals the whole archive anew, while others read and write it: under another suite (objects, columns, wrapped keys), or under new keys of a
 * level (columns and wrapped data keys). Asked for again after a stop or a crash it goes on where it was; asked for when all is done it
 * changes nothing but the log. Keyed tokens and digests stay what they are (docs/spec/rekey.md).
 *
 * Its steps, each an entry: `rekey.started`, the keys wrapped anew in one step, `rekey.switched`, the walk, `rekey.ended`; `rekey.stopped` and
 * `rekey.continued` between. CRASH: the last of these entries says where it was.
 * @throws ArchiveError `rekey/running` (another process is at it), `rekey/other-unfinished` (caller: finish that one first), `key/…`
 */
export function rekeyArchive(archive: Archive, order: RekeyOrder, options: RekeyOptions = {}): Promise<RekeyResult> {
  return archive.db.session(async (session) => {
    const endMs = archive.clock.nowMs() + (options.lockWaitMs ?? LOCK_WAIT_MS);
    while (!(await session.one<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [...REKEY_LOCK]))?.got) {
      if (archive.clock.nowMs() >= endMs) throw new ArchiveError('rekey/running', 'environment');
      await sleep(LOCK_POLL_MS);
    }
    return rekeyAlone(archive, session, order, options);
  });
}

async function rekeyAlone(archive: Archive, session: Session, order: RekeyOrder, options: WalkOptions): Promise<RekeyResult> {
  const wanted = nameOf(order);
  const unfinished = await findUnfinished(session);
  if (unfinished && unfinished.wanted !== wanted) throw new ArchiveError('rekey/other-unfinished', 'caller', { order: unfinished.wanted });
  const log = (kind: string, params: Act['params'] = {}) =>
    session.tx((tx) =>
      deskTx(tx, archive, null, 'administration').log({ kind, objectId: archive.identity.archiveId, params: { order: wanted, ...params } }),
    );
  await log(unfinished ? 'rekey.continued' : 'rekey.started');
  archive.moments.pass('rekey-started');
  if (!unfinished?.isSwitched) {
    // CRASH: between the two a suite is changed once more to what it is, and a level renewed once more; both harm nothing.
    await archive.keys.renew(renewalFor(order));
    archive.moments.pass('keys-renewed');
    await log('rekey.switched');
  }
  const former = new FormerObjects(archive);
  // What a run that died had replaced, and not removed.
  await former.remove();
  const sum: SealedAnew = { objects: 0, values: 0, damaged: 0 };
  for (let isFirst = true; ; isFirst = false) {
    const done = await sealEverythingAnew(archive, former, options);
    sum.objects += done.objects;
    sum.values += done.values;
    sum.damaged = done.damaged;
    if (options.signal?.aborted) break;
    // What a process that had not heard of the change was still writing is found by walking again until nothing is.
    if (!isFirst && done.objects === 0 && done.values === 0) break;
  }
  await former.remove();
  const state = options.signal?.aborted ? 'stopped' : 'done';
  await log(state === 'done' ? 'rekey.ended' : 'rekey.stopped', { objects: sum.objects, values: sum.values });
  return { ...sum, state, leftObjects: former.list().length };
}

const nameOf = (order: RekeyOrder): string => ('suite' in order ? `suite/${order.suite}` : `level/${order.level}`);

/** The log's signing key is rotated by itself: each of its generations is written down, signed by the one before. */
function renewalFor(order: RekeyOrder): KeyRenewal {
  return 'suite' in order ? { suite: order.suite } : { gets: ({ kind, id }) => kind === order.level && id !== PURPOSE.logSigner };
}

/** What the log says was begun and not ended. */
async function findUnfinished(session: Session): Promise<{ wanted: string; isSwitched: boolean } | null> {
  const rows = await session.query<{ kind: string; bytes: Uint8Array }>(
    `select kind, bytes from entry where kind like 'rekey.%' and id >= (select max(id::text)::uuid from entry where kind = 'rekey.started') order by id`,
  );
  const first = rows[0];
  if (!first || rows.some((row) => row.kind === 'rekey.ended')) return null;
  const { params } = decodeEntry(first.bytes);
  return { wanted: String(params?.order), isSwitched: rows.some((row) => row.kind === 'rekey.switched') };
}

/** Whether nobody seals the archive anew at this moment; while `work` runs nobody begins to. Null when somebody does. */
export function whileNotRekeyed<T>(archive: Archive, work: () => Promise<T>): Promise<T | null> {
  return archive.db.session(async (session) => {
    const lock = await session.one<{ got: boolean }>('select pg_try_advisory_lock_shared($1, $2) as got', [...REKEY_LOCK]);
    return lock?.got ? work() : null;
  });
}
