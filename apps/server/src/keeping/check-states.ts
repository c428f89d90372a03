import { decodeEntry } from '@lantai/log';
import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { digestOfSide, type ObjectClass, type ObjectState, readStates, STATE_FORMS, type StateChange } from '../desk/index.ts';
import type { FsckWalk } from './fsck-report.ts';

const BATCH = 500;
const NO_ID = '00000000-0000-0000-0000-000000000000';
/** In the bytes of every entry that speaks of states, and of no other: texts of an entry hold no quotation mark. */
const SPEAKS_OF_STATES = `position(convert_to('"states":', 'UTF8') in e.bytes) > 0`;

/**
 * Asks whether every object is as the last entry about it left it: what was changed, added or removed in the database by hand is named with
 * the last entry that knew better (docs/spec/log-entry.md, section 6).
 */
export async function checkStates(archive: Archive, walk: FsckWalk): Promise<void> {
  await checkLines(archive, walk);
  await checkChains(archive, walk);
  for (const objectClass of Object.keys(STATE_FORMS) as ObjectClass[]) await checkClass(archive, walk, objectClass);
  await checkPowers(archive, walk);
}

interface Line {
  object_class: string;
  object_id: string;
  place: number;
  form: number;
  before: string | null;
  after: string | null;
  entry_id: string;
}

const toChange = (l: Line): StateChange => ({
  objectClass: l.object_class,
  objectId: l.object_id,
  form: l.form,
  keyId: null,
  before: l.before,
  after: l.after,
});

/** The lines of every entry are those whose digest it holds. */
async function checkLines(archive: Archive, walk: FsckWalk): Promise<void> {
  const db = archive.db.system('fsck');
  for (let after = NO_ID; ; ) {
    const entries = await db.query<{ id: string; bytes: Uint8Array }>(
      `select e.id, e.bytes from entry e where e.id > $1 and ${SPEAKS_OF_STATES} order by e.id limit ${BATCH}`,
      [after],
    );
    const lines = await db.query<Line>(
      'select object_class, object_id, place, form, before, after, entry_id from change where entry_id = any($1::uuid[])',
      [entries.map((e) => e.id)],
    );
    const byEntry = new Map<string, Line[]>(entries.map((e) => [e.id, []]));
    for (const line of lines) byEntry.get(line.entry_id)?.push(line);
    for (const { id, bytes } of entries)
      if (!areLinesOf(archive, bytes, byEntry.get(id) ?? [])) walk.add('altered', 'fsck/change-altered', `entry/${id}`);
    walk.rows += lines.length;
    const last = entries.at(-1);
    if (!last) break;
    after = last.id;
  }
  const strange = await db.query<{ id: string }>(
    `select distinct c.entry_id as id from change c join entry e on e.id = c.entry_id where not (${SPEAKS_OF_STATES})`,
  );
  for (const { id } of strange) walk.add('altered', 'fsck/change-altered', `entry/${id}`);
}

function areLinesOf({ sealer }: Archive, bytes: Uint8Array, lines: readonly Line[]): boolean {
  const { params = {} } = decodeEntry(bytes);
  const nameOf = (l: Line) => `${l.object_class}/${l.object_id}`;
  const changes = [...lines].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).map(toChange);
  const holds = (side: 'before' | 'after', said: string | number | undefined) => {
    const algorithm = /^sm3:/.test(String(said)) ? 'sm3' : 'sha256';
    return digestOfSide(sealer, algorithm, changes, side) === (said ?? null);
  };
  return params.states === lines.length && holds('before', params.stateBefore) && holds('after', params.stateAfter);
}

/**
 * Each change of an object begins where the one before it ended; nothing happened to it in between without an entry. Digests of two forms are of
 * different columns and are not compared: there the last line of the earlier form is the boundary.
 */
async function checkChains(archive: Archive, walk: FsckWalk): Promise<void> {
  const breaks = await archive.db.system('fsck').query<Line>(
    `select * from (
       select c.*, row_number() over w as n, lag(c.after) over w as left_as, lag(c.form) over w as left_form from change c
       window w as (partition by c.object_class, c.object_id order by c.place)) x
     where x.n <> x.place or (x.n > 1 and x.form = x.left_form and x.left_as is distinct from x.before) order by x.object_class, x.object_id, x.place`,
  );
  for (const b of breaks) walk.add('altered', 'fsck/changed-between', `${b.object_class}/${b.object_id} entry/${b.entry_id}`);
}

interface LastLine {
  object_id: string;
  key_id: string | null;
  form: number;
  after: string | null;
  entry_id: string;
}

async function checkClass(archive: Archive, walk: FsckWalk, objectClass: ObjectClass): Promise<void> {
  for (let after = ''; ; ) {
    // One picture of lines and rows: work may go on meanwhile.
    const { lines, states } = await archive.db.system('fsck').tx(
      async (tx) => {
        const lines = await tx.query<LastLine>(
          `select distinct on (object_id) object_id, key_id, form, after, entry_id from change
           where object_class = $1 and object_id > $2 order by object_id, place desc limit ${BATCH}`,
          [objectClass, after],
        );
        return {
          lines,
          states: await readWhatOpens(
            tx,
            archive,
            objectClass,
            lines.map((l) => l.object_id),
          ),
        };
      },
      { isolation: 'repeatable read', readOnly: true },
    );
    for (const line of lines) compare(archive, walk, objectClass, line, states.get(line.object_id));
    const last = lines.at(-1);
    if (!last) return;
    after = last.object_id;
  }
}

type Seen = ObjectState | 'corrupt' | undefined;

/** A sealed column that does not open is named by the walk over sealed columns. */
async function readWhatOpens(sql: Sql, archive: Archive, objectClass: ObjectClass, ids: readonly string[]): Promise<Map<string, Seen>> {
  const read = (some: readonly string[]) => readStates(sql, archive.sealer, objectClass, some);
  try {
    return await read(ids);
  } catch (error) {
    if (!isArchiveError(error) || error.fault !== 'corruption') throw error;
    const one = async (id: string): Promise<[string, Seen]> => {
      try {
        return [id, (await read([id])).get(id)];
      } catch (again) {
        if (isArchiveError(again) && again.fault === 'corruption') return [id, 'corrupt'];
        throw again;
      }
    };
    const seen: [string, Seen][] = [];
    for (const id of ids) seen.push(await one(id));
    return new Map(seen);
  }
}

function compare({ keys }: Archive, walk: FsckWalk, objectClass: ObjectClass, line: LastLine, now: Seen): void {
  // A destroyed key is disposal: nothing can be said of the object any more, and its rows may be gone.
  if (now === 'corrupt' || (line.key_id !== null && keys.isDestroyed('dossier', line.key_id))) return;
  const what = `${objectClass}/${line.object_id} entry/${line.entry_id}`;
  if (line.after !== null && !now) walk.add('missing', 'fsck/object-gone', what);
  else if ((now?.digest ?? null) !== line.after && line.form === STATE_FORMS[objectClass].form)
    walk.add('altered', 'fsck/state-altered', what);
}

/** What gives somebody a right, with the entries that make one: none may be there that no entry made. */
const POWERS: readonly { readonly objectClass: ObjectClass; readonly id: string; readonly madeBy: string; readonly named: string }[] = [
  { objectClass: 'account', id: 't.id::text', madeBy: 'account.created', named: 't.id::text' },
  { objectClass: 'passkey', id: 't.id::text', madeBy: 'passkey.added', named: 't.id::text' },
  { objectClass: 'api_token', id: 't.id::text', madeBy: 'token.made', named: 't.id::text' },
  { objectClass: 'break_glass', id: 't.id::text', madeBy: 'break-glass.asked', named: 't.id::text' },
  { objectClass: 'post', id: 't.id::text', madeBy: 'post.given', named: 't.id::text' },
  { objectClass: 'consultation', id: 't.id::text', madeBy: 'consultation.approved', named: 't.id::text' },
  { objectClass: 'policy_version', id: 't.version::text', madeBy: 'policy.drafted', named: `'"version":' || t.version || '}'` },
];

/** An archive that is older than these digests has objects without a line; each must be named by an entry from before the first digest. */
async function checkPowers(archive: Archive, walk: FsckWalk): Promise<void> {
  for (const { objectClass, id, madeBy, named } of POWERS) {
    const { table } = STATE_FORMS[objectClass];
    const rows = await archive.db.system('fsck').query<{ id: string }>(
      `select ${id} as id from ${table} t where not exists (select 1 from change c where c.object_class = $1 and c.object_id = ${id})
         and not exists (select 1 from entry e where e.kind = $2 and position(convert_to(${named}, 'UTF8') in e.bytes) > 0
           and e.position < (select min(e.position) from entry e where ${SPEAKS_OF_STATES}))`,
      [objectClass, madeBy],
    );
    for (const row of rows) walk.add('altered', 'fsck/object-unlogged', `${objectClass}/${row.id}`);
  }
}
