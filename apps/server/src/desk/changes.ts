import { formatHex, utf8 } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';
import type { Sql, Tx } from '../db/index.ts';
import { type ObjectClass, STATE_FORMS } from './state-forms.ts';
import { algorithmOf, type ObjectState, readStates } from './states.ts';

/** Objects that an act is about to change, as they were before it. */
export interface Watched {
  readonly objectClass: ObjectClass;
  readonly ids: readonly string[];
  readonly before: ReadonlyMap<string, ObjectState>;
}

/** One object that an act changed. */
export interface StateChange {
  readonly objectClass: string;
  readonly objectId: string;
  readonly form: number;
  readonly keyId: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Remembers how objects are before an act changes them, and locks them: nobody changes them in between. Ids of objects that the act makes may be
 * among them. For hot paths: one statement here and one when the entry is written, however many they are.
 */
export async function watchStates(tx: Tx, sealer: Sealer, objectClass: ObjectClass, ids: readonly string[]): Promise<Watched> {
  const before = ids.length ? await readStates(tx, sealer, objectClass, ids, { locked: true }) : new Map();
  return { objectClass, ids, before };
}

/** Objects that the act makes: there was nothing before. */
export const madeObjects = (objectClass: ObjectClass, ids: readonly string[]): Watched => ({ objectClass, ids, before: new Map() });

/** One of the objects watched, for acts that leave an entry for each. */
export const watchedOne = ({ objectClass, before }: Watched, id: string): Watched => ({ objectClass, ids: [id], before });

/** What became of the objects watched: those whose state is another now, in the order of class and id. */
export async function readChanges(sql: Sql, sealer: Sealer, watched: readonly Watched[]): Promise<StateChange[]> {
  const changes: StateChange[] = [];
  for (const { objectClass, ids, before } of watched) {
    if (!ids.length) continue;
    const now = await readStates(sql, sealer, objectClass, ids);
    for (const objectId of new Set(ids)) {
      const [was, is] = [before.get(objectId), now.get(objectId)];
      if ((was?.digest ?? null) === (is?.digest ?? null)) continue;
      const keyId = is?.keyId ?? was?.keyId ?? null;
      const { form } = STATE_FORMS[objectClass];
      changes.push({ objectClass, objectId, form, keyId, before: was?.digest ?? null, after: is?.digest ?? null });
    }
  }
  const nameOf = (c: StateChange) => `${c.objectClass}/${c.objectId}`;
  return changes.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** What an entry says of the changes of its act: how many objects, and a digest of their digests before and after. */
export function paramsOfChanges(sealer: Sealer, changes: readonly StateChange[]): Record<string, string | number> {
  if (!changes.length) return {};
  const digests = (['before', 'after'] as const).flatMap((side) => {
    const digest = digestOfSide(sealer, algorithmOf(sealer), changes, side);
    return digest ? [[side === 'before' ? 'stateBefore' : 'stateAfter', digest]] : [];
  });
  return { states: changes.length, ...(Object.fromEntries(digests) as Record<string, string>) };
}

/** The digest of one side of an act's changes; null when no object was there on that side. @param changes in the order of class and id */
export function digestOfSide(
  sealer: Sealer,
  algorithm: 'sha256' | 'sm3',
  changes: readonly StateChange[],
  side: 'before' | 'after',
): string | null {
  const there = changes.filter((c) => c[side] !== null);
  if (!there.length) return null;
  const lines = there.map((c) => `${c.objectClass}/${c.form} ${c.objectId} ${c[side]}\n`);
  return `${algorithm}:${formatHex(sealer.primitives.hash(algorithm, utf8(`lantai/states/v1\n${lines.join('')}`)))}`;
}

/** Writes the lines of changes, each behind the last of its object. The rows themselves are locked by the act, so places do not collide. */
export async function insertChanges(tx: Sql, entryIds: readonly string[], changes: readonly StateChange[]): Promise<void> {
  if (!changes.length) return;
  await tx.queryNamed(
    'insert-changes',
    `insert into change (object_class, object_id, place, form, key_id, before, after, entry_id)
     select t.c, t.o, coalesce((select max(x.place) from change x where x.object_class = t.c and x.object_id = t.o), 0) + 1, t.f, t.k, t.b, t.a, t.e
     from unnest($1::text[], $2::text[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::uuid[]) as t(c, o, f, k, b, a, e)`,
    [
      changes.map((c) => c.objectClass),
      changes.map((c) => c.objectId),
      changes.map((c) => c.form),
      changes.map((c) => c.keyId),
      changes.map((c) => c.before),
      changes.map((c) => c.after),
      entryIds,
    ],
  );
}
