import { contentCommitment, encodeEntry } from '@lantai/log';
import type { Clock, Place } from '../archive/index.ts';
import { PURPOSE, type Sealer } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import { insertChanges, paramsOfChanges, readChanges, type StateChange, type Watched } from './changes.ts';

/** One act, as it will stand in the log: codes, opaque ids and keyed digests only. */
export interface Act {
  /**
   * Chosen before by the archive's clock: for what bears its own entry's number (a print), and where rows that name the entry are written before
   * it, those that {@link changed} is about. Left out: a new one.
   */
  readonly id?: string | undefined;
  /** `noun.verb`, e.g. `page.viewed`; the list is in docs/spec/log-entry.md. */
  readonly kind: string;
  readonly place?: Place | undefined;
  readonly dossierId?: string | undefined;
  /** Id of what was acted on. */
  readonly objectId?: string | undefined;
  /** SHA-256 of the content that the entry vouches for; the log holds it only salted and keyed. */
  readonly contentSha256?: Uint8Array | undefined;
  /** Codes and counts. INVARIANT: never a name, number, title or text. */
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  /**
   * What the act changed, remembered before it. INVARIANT: the entry is appended behind the last row of the act, for their digests stand in it.
   */
  readonly changed?: readonly Watched[] | undefined;
  /** What only an auditor may read (a query, a title): sealed under the audit key, outside the log's bytes. */
  readonly detail?: string | undefined;
}

const SALT_BYTES = 32;

/** Who asked without being anybody known. What the archive does by itself is `system`. */
export const NOBODY = 'nobody';

/**
 * Appends acts to the log in the acting transaction; the sequencer gives them their positions. Returns their ids in order.
 * @param actorId an account, null for the archive itself, or {@link NOBODY}
 */
export async function appendEntries(
  tx: Tx,
  with_: { clock: Clock; sealer: Sealer },
  actorId: string | null,
  acts: readonly Act[],
): Promise<string[]> {
  const { clock, sealer } = with_;
  const p = sealer.primitives;
  const atMs = clock.nowMs();
  const changes: StateChange[][] = [];
  for (const act of acts) changes.push(act.changed ? await readChanges(tx, sealer, act.changed) : []);
  const rows = acts.map((act, at) => {
    const id = act.id ?? clock.newId();
    const params = { ...act.params, ...paramsOfChanges(sealer, changes[at]!) };
    const salt = act.contentSha256 ? p.random(SALT_BYTES) : null;
    const commit =
      act.contentSha256 && salt
        ? contentCommitment((key, ...parts) => p.hmac('sha256', key, ...parts), salt, act.contentSha256)
        : undefined;
    const bytes = encodeEntry({
      id,
      atMs,
      kind: act.kind,
      actor: actorId ?? 'system',
      ...(act.objectId ? { object: act.objectId } : {}),
      ...(act.dossierId ? { dossier: act.dossierId } : {}),
      ...(commit ? { commit } : {}),
      ...(Object.keys(params).length ? { params } : {}),
    });
    const detail =
      act.detail === undefined
        ? null
        : sealer.seal(
            { kind: 'purpose', id: PURPOSE.audit },
            { table: 'entry', column: 'sealed_detail', rowId: id, version: 1 },
            act.detail,
          );
    return { id, act, bytes, salt, detail };
  });
  await tx.query(
    `insert into entry (id, kind, bytes, salt, fonds_id, unit_id, category, level, dossier_id, actor_id, at_ms, sealed_detail)
     select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::uuid[], $6::uuid[], $7::text[], $8::smallint[], $9::uuid[], $10::uuid[], $11::bigint[], $12::bytea[])`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.act.kind),
      rows.map((r) => r.bytes),
      rows.map((r) => r.salt),
      rows.map((r) => r.act.place?.fondsId ?? null),
      rows.map((r) => r.act.place?.unitId ?? null),
      rows.map((r) => r.act.place?.category ?? null),
      rows.map((r) => r.act.place?.level ?? null),
      rows.map((r) => r.act.dossierId ?? null),
      rows.map(() => (actorId === NOBODY ? null : actorId)),
      rows.map(() => atMs),
      rows.map((r) => r.detail),
    ],
  );
  await insertChanges(
    tx,
    rows.flatMap((r, at) => changes[at]!.map(() => r.id)),
    changes.flat(),
  );
  return rows.map((r) => r.id);
}
