import { ACTIONS, type Action, type CountedThing, comparePolicies, type Difference, type Policy, type PolicyActor } from '@lantai/policy';
import { DEFAULT_POLICY, type PolicyProblem, readPolicy } from '@lantai/policy/document';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql, Tx } from '../db/index.ts';
import { type Actor, type Desk, madeObjects, policyOf, RESTRICTED_DOSSIERS, readActorFacts, readPolicyText } from '../desk/index.ts';

/** A version of the policy; version 0 is the program's own default. */
export interface PolicyVersion {
  readonly version: number;
  readonly state: 'draft' | 'active' | 'former';
  readonly madeBy: string | null;
  readonly madeAtMs: number | null;
  readonly activatedBy: string | null;
  readonly activatedAtMs: number | null;
}

interface VersionRow {
  version: number;
  state: PolicyVersion['state'];
  made_by: string;
  made_at_ms: number;
  activated_by: string | null;
  activated_at_ms: number | null;
}

const COLUMNS = 'version, state, made_by, made_at_ms, activated_by, activated_at_ms';

const toVersion = (r: VersionRow): PolicyVersion => ({
  version: r.version,
  state: r.state,
  madeBy: r.made_by,
  madeAtMs: r.made_at_ms,
  activatedBy: r.activated_by,
  activatedAtMs: r.activated_at_ms,
});

/** Every version, the newest first, with the default at the end. */
export function listPolicies(desk: Desk): Promise<PolicyVersion[]> {
  return desk.act('policy.read', async (tx) => {
    const versions = (await tx.query<VersionRow>(`select ${COLUMNS} from policy_version order by version desc`)).map(toVersion);
    const state = versions.some((v) => v.state === 'active') ? 'former' : 'active';
    return [...versions, { version: 0, state, madeBy: null, madeAtMs: null, activatedBy: null, activatedAtMs: null }];
  });
}

async function textOf(tx: Tx, version: number): Promise<string> {
  if (version === 0) return DEFAULT_POLICY;
  const row = await tx.one<{ text: string }>('select text from policy_version where version = $1', [version]);
  if (!row) throw new ArchiveError('policy/not-found', 'caller');
  return row.text;
}

/** The text of a version as it was written. @throws ArchiveError `policy/not-found` (caller) */
export function readPolicyVersion(desk: Desk, version: number): Promise<string> {
  return desk.act('policy.read', (tx) => textOf(tx, version));
}

/** Everything that is wrong with a text; empty when it can be a policy. */
export function checkPolicy(desk: Desk, text: string): readonly PolicyProblem[] {
  desk.scope('policy.read');
  const outcome = readPolicy(text);
  return 'problems' in outcome ? outcome.problems : [];
}

/** Keeps a draft under the next number. @throws ArchiveError `policy/invalid` (caller) with the first problem's line */
export async function draftPolicy(desk: Desk, text: string): Promise<number> {
  readPolicyText(text);
  return desk.act('policy.change', async (tx) => {
    await lockPolicies(tx);
    const last = await tx.one<{ version: number | null }>('select max(version) as version from policy_version');
    const version = (last?.version ?? 0) + 1;
    const entryId = desk.clock.newId();
    await tx.query(
      `insert into policy_version (version, text, state, made_by, made_at_ms, entry_id) values ($1, $2, 'draft', $3, $4, $5)`,
      [version, text, desk.actor.accountId, desk.clock.nowMs(), entryId],
    );
    await tx.log({ id: entryId, kind: 'policy.drafted', params: { version }, changed: [madeObjects('policy_version', [String(version)])] });
    return version;
  });
}

const lockPolicies = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('lantai policies'))`);

/**
 * Puts a version in force, from the next request of everybody on. Version 0 goes back to the default.
 * @param base the version that was in force when it was decided @throws ArchiveError `policy/not-found`, `policy/changed` (caller)
 */
export function activatePolicy(desk: Desk, version: number, base: number): Promise<void> {
  return desk.act('policy.change', async (tx) => {
    await lockPolicies(tx);
    const active = await tx.one<{ version: number }>(`select version from policy_version where state = 'active'`);
    if ((active?.version ?? 0) !== base) throw new ArchiveError('policy/changed', 'caller');
    // A text that this program can no longer read must not come into force.
    readPolicyText(await textOf(tx, version));
    const changed = [await tx.watch('policy_version', [String(version), ...(active ? [String(active.version)] : [])])];
    await tx.query(`update policy_version set state = 'former' where state = 'active'`);
    await tx.query(`update policy_version set state = 'active', activated_by = $2, activated_at_ms = $3 where version = $1`, [
      version,
      desk.actor.accountId,
      desk.clock.nowMs(),
    ]);
    await tx.log({ kind: 'policy.activated', params: { version, before: base }, changed });
  });
}

/** Who would gain and who would lose, by account and action, over what there is now. */
export interface PolicyTrial {
  readonly differences: readonly Difference[];
  readonly accounts: number;
  readonly dossiers: number;
}

const ACCOUNTS_MAX = 2000;

/** Tries a draft against the policy in force; nothing changes. @throws ArchiveError `policy/invalid`, `policy/too-many-accounts` (caller) */
export async function tryPolicy(archive: Archive, desk: Desk, text: string, actions: readonly Action[] = ACTIONS): Promise<PolicyTrial> {
  const draft = readPolicyText(text);
  const whole = archive.db.system('policy-trial');
  return desk.act('policy.read', async (tx) => {
    const before = await policyInForce(tx);
    const rows = await tx.query<{ id: string; role: Actor['role']; fonds_id: string | null; unit_id: string | null; level_max: number }>(
      `select id, role, fonds_id, unit_id, level_max from account where not disabled order by id limit ${ACCOUNTS_MAX + 1}`,
    );
    if (rows.length > ACCOUNTS_MAX) throw new ArchiveError('policy/too-many-accounts', 'caller', { max: ACCOUNTS_MAX });
    const actors: { id: string; actor: PolicyActor }[] = [];
    for (const r of rows) {
      const actor = { accountId: r.id, role: r.role, fondsId: r.fonds_id, unitId: r.unit_id, levelMax: r.level_max };
      actors.push({ id: r.id, actor: (await readActorFacts(whole, actor, desk.clock.nowMs())).actor });
    }
    const things = await readThings(whole, actors);
    const when = { atMs: desk.clock.nowMs(), purpose: 'archive_work' } as const;
    const differences = comparePolicies(before, draft, actors, actions, things, when);
    await tx.log({ kind: 'policy.tried', params: { differences: differences.length } });
    return { differences, accounts: actors.length, dossiers: things.reduce((sum, t) => sum + t.count, 0) };
  });
}

async function policyInForce(tx: Tx): Promise<Policy> {
  const row = await tx.one<{ version: number }>(`select version from policy_version where state = 'active'`);
  return policyOf(tx, row?.version ?? null);
}

/** All dossiers, alike ones counted together; those that somebody is tied to, related to or was granted stand alone. */
async function readThings(sql: Sql, actors: readonly { actor: PolicyActor }[]): Promise<CountedThing[]> {
  const subjects = [...new Set(actors.flatMap(({ actor }) => [...actor.subjectIds, ...actor.relativeIds]))];
  const granted = actors.flatMap(({ actor }) => actor.grants.map((g) => g.target));
  const named = (kind: string) => granted.filter((t) => t.kind === kind).map((t) => t.id);
  const rows = await sql.query<{
    fonds: string[];
    units: string[];
    category: string;
    level: number;
    dossier_id: string | null;
    subject_id: string | null;
    restricted: boolean;
    n: number;
  }>(
    `with recursive up(unit_id, id, parent_id, depth) as (
       select id, id, parent_id, 0 from unit union all select up.unit_id, u.id, u.parent_id, depth + 1 from unit u join up on u.id = up.parent_id
     ), above(fonds_id, id, parent_id, depth) as (
       select id, id, parent_id, 0 from fonds union all select a.fonds_id, f.id, f.parent_id, depth + 1 from fonds f join above a on f.id = a.parent_id
     ), held as (${RESTRICTED_DOSSIERS}), g as (
       select fonds_id, unit_id, category, level, id in (select id from held) as restricted,
         case when id = any($2::uuid[]) or subject_id = any($1::uuid[]) then id end as dossier_id,
         case when id = any($2::uuid[]) or subject_id = any($1::uuid[]) then subject_id end as subject_id, count(*)::int as n
       from dossier group by 1, 2, 3, 4, 5, 6, 7
     )
     select (select array_agg(id order by depth) from above where above.fonds_id = g.fonds_id) as fonds,
       (select array_agg(id order by depth) from up where up.unit_id = g.unit_id) as units, category, level, dossier_id, subject_id, restricted, n from g`,
    [[...subjects, ...named('subject')], named('dossier')],
  );
  return rows.map((r) => ({
    count: r.n,
    thing: {
      fondsPath: r.fonds,
      unitPath: r.units,
      category: r.category,
      level: r.level,
      dossierId: r.dossier_id,
      subjectId: r.subject_id,
      restricted: r.restricted,
    },
  }));
}

/** A dossier as a policy sees it; null when there is none. */
export async function findThing(sql: Sql, dossierId: string): Promise<CountedThing['thing'] | null> {
  const row = await sql.one<{ fonds: string[]; units: string[]; category: string; level: number; subject_id: string; restricted: boolean }>(
    `with recursive up(id, parent_id, depth) as (
       select u.id, u.parent_id, 0 from unit u join dossier d on d.unit_id = u.id where d.id = $1
       union all select u.id, u.parent_id, depth + 1 from unit u join up on u.id = up.parent_id
     ), above(id, parent_id, depth) as (
       select f.id, f.parent_id, 0 from fonds f join dossier d on d.fonds_id = f.id where d.id = $1
       union all select f.id, f.parent_id, depth + 1 from fonds f join above a on f.id = a.parent_id
     )
     select (select array_agg(id order by depth) from above) as fonds, (select array_agg(id order by depth) from up) as units, category, level, subject_id,
       id in (select h.id from (${RESTRICTED_DOSSIERS}) h) as restricted
     from dossier where id = $1`,
    [dossierId],
  );
  return (
    row && {
      fondsPath: row.fonds,
      unitPath: row.units,
      category: row.category,
      level: row.level,
      dossierId,
      subjectId: row.subject_id,
      restricted: row.restricted,
    }
  );
}

/** The actor behind an account, for an explanation. @throws ArchiveError `account/not-found` (caller) */
export async function getActor(archive: Pick<Archive, 'db'>, accountId: string): Promise<Actor> {
  const r = await archive.db.one<{ role: Actor['role']; fonds_id: string | null; unit_id: string | null; level_max: number }>(
    'select role, fonds_id, unit_id, level_max from account where id = $1 and not disabled',
    [accountId],
  );
  if (!r) throw new ArchiveError('account/not-found', 'caller');
  return { accountId, role: r.role, fondsId: r.fonds_id, unitId: r.unit_id, levelMax: r.level_max };
}
