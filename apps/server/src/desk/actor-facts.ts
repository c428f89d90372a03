import type { ActorRole, Grant, GrantRight, Need, Policy, PolicyActor, Purpose } from '@lantai/policy';
import type { Sql } from '../db/index.ts';
import type { Actor } from './desk.ts';
import { policyOf } from './policy-in-force.ts';

/** What the desk knows of an account and of the places it has to do with, read once for each desk. */
export interface ActorFacts {
  readonly policy: Policy;
  readonly actor: PolicyActor;
  /** What the watch over abnormal use (异常使用) has made of the account. */
  readonly use: 'free' | 'slowed' | 'stopped';
  /** Units under each unit that a post or a grant names, itself first. */
  readonly unitsUnder: ReadonlyMap<string, readonly { readonly id: string; readonly depth: number }[]>;
  /** Of each fonds below one of the actor's: the fonds above it. */
  readonly parentOfFonds: ReadonlyMap<string, string>;
  /** Dossiers of the subjects and grants of the actor, and all whose processing is restricted. */
  readonly dossiers: readonly { readonly id: string; readonly subjectId: string; readonly fondsId: string; readonly restricted: boolean }[];
}

interface PostJson {
  role: ActorRole;
  fondsId: string | null;
  unitId: string | null;
  levelMax: number;
  audiences: string[];
}

interface GrantJson {
  id: string;
  dossierId: string | null;
  subjectId: string | null;
  unitId: string | null;
  rights: GrantRight[];
  purposes: Purpose[];
  audiences: string[];
  fromMs: number;
  untilMs: number;
  readers: number;
  presentOthers: number;
  members: boolean;
  stated: boolean;
}

interface ClaimJson {
  id: string;
  dossierId: string;
  station: string;
  fromMs: number;
  untilMs: number;
}

interface FactsJson {
  policyVersion: number | null;
  posts: PostJson[];
  subjects: string[];
  relatives: string[];
  grants: GrantJson[];
  claims: ClaimJson[];
  fonds: { id: string; parentId: string }[];
  anyRestricted: boolean;
  use: ActorFacts['use'];
}

/** $1 account, $2 now, $3 fonds of the account's own post. One person may be several subjects of a fonds: equal ID numbers have equal tokens. */
const FACTS = `with recursive tied as (select s.id, s.fonds_id, s.id_number_token from subject_tie t join subject s on s.id = t.subject_id where t.account_id = $1),
  mine as (
    select id from tied union
    select s.id from tied t join subject s on s.fonds_id = t.fonds_id and s.id_number_token = t.id_number_token),
  kin as (
    select subject_id as id from kinship where account_id = $1 and ended_at_ms is null union
    select k.subject_id from mine m join kinship k on k.person_subject_id = m.id where k.ended_at_ms is null union
    select k.person_subject_id from mine m join kinship k on k.subject_id = m.id where k.ended_at_ms is null and k.person_subject_id is not null),
  relatives as (
    select id from kin union
    select s.id from kin k join subject r on r.id = k.id join subject s on s.fonds_id = r.fonds_id and s.id_number_token = r.id_number_token),
  below as (
    select id, parent_id from fonds
    where parent_id = $3 or parent_id in (select fonds_id from post where account_id = $1 and ended_at_ms is null) union
    select f.id, f.parent_id from fonds f join below b on f.parent_id = b.id)
select json_build_object(
  'use', coalesce((select level from use_alarm where account_id = $1 and level <> 'warned'
      and case when level = 'stopped' then decision is distinct from 'released' else decision is null and ends_at_ms > $2 end order by level desc limit 1), 'free'),
  'anyRestricted', exists (select 1 from restriction where lifted_at_ms is null),
  'policyVersion', (select version from policy_version where state = 'active'),
  'posts', (select coalesce(json_agg(json_build_object('role', role, 'fondsId', fonds_id, 'unitId', unit_id, 'levelMax', level_max, 'audiences', audiences)), '[]')
    from post where account_id = $1 and ended_at_ms is null),
  'subjects', (select coalesce(json_agg(id), '[]') from mine),
  'relatives', (select coalesce(json_agg(id), '[]') from relatives),
  'fonds', (select coalesce(json_agg(json_build_object('id', id, 'parentId', parent_id)), '[]') from below),
  'claims', (select coalesce(json_agg(json_build_object('id', id, 'dossierId', dossier_id, 'station', station, 'fromMs', from_ms, 'untilMs', until_ms)), '[]')
    from station_claim where account_id = $1 and ended_at_ms is null and until_ms > $2),
  'grants', (select coalesce(json_agg(json_build_object('id', c.id, 'dossierId', c.dossier_id, 'subjectId', c.subject_id, 'unitId', c.unit_id,
      'rights', c.rights, 'purposes', c.purposes, 'audiences', c.audiences, 'fromMs', c.from_ms, 'untilMs', c.until_ms, 'stated', r.statement_entry_id is not null,
      'readers', (select count(*) from consultation_reader o where o.consultation_id = c.id),
      'presentOthers', (select count(*) from consultation_reader o where o.consultation_id = c.id and o.account_id <> $1 and o.present_until_ms > $2),
      'members', (select bool_and(o.party_member) from consultation_reader o where o.consultation_id = c.id))), '[]')
    from consultation_reader r join consultation c on c.id = r.consultation_id
    where r.account_id = $1 and c.state in ('approved', 'open') and c.until_ms > $2)) as facts`;

function grantOf(g: GrantJson): Grant {
  const met: Need[] = ['approved_consultation'];
  if (g.readers > 1) met.push('two_readers');
  if (g.presentOthers > 0) met.push('second_sign_in');
  if (g.stated) met.push('kinship_statement');
  if (g.members) met.push('party_members');
  const target =
    g.dossierId !== null
      ? ({ kind: 'dossier', id: g.dossierId } as const)
      : g.subjectId !== null
        ? ({ kind: 'subject', id: g.subjectId } as const)
        : ({ kind: 'unit', id: g.unitId ?? '' } as const);
  return { id: g.id, target, rights: g.rights, purposes: g.purposes, fromMs: g.fromMs, untilMs: g.untilMs, met, audiences: g.audiences };
}

/** A claim at a station of digitisation is a grant like any other: of one dossier, for a time, for the archive's own work. */
const grantOfClaim = ({ id, dossierId, station, fromMs, untilMs }: ClaimJson): Grant => ({
  id,
  target: { kind: 'dossier', id: dossierId },
  rights: station === 'scan' ? ['work', 'scan'] : ['work'],
  purposes: ['archive_work'],
  fromMs,
  untilMs,
  met: ['claimed'],
  audiences: [],
});

/** Reads what is known of an account now. Nothing is kept between two desks, so what was revoked is gone at the next request. */
export async function readActorFacts(sql: Sql, actor: Actor, nowMs: number): Promise<ActorFacts> {
  const [row] = await sql.queryNamed<{ facts: FactsJson }>('desk-facts', FACTS, [actor.accountId, nowMs, actor.fondsId]);
  const facts = row!.facts;
  const own = { role: actor.role, fondsId: actor.fondsId, unitId: actor.unitId, levelMax: actor.levelMax, audiences: [] };
  const policyActor: PolicyActor = {
    posts: [own, ...facts.posts],
    subjectIds: facts.subjects,
    relativeIds: facts.relatives,
    grants: [...facts.grants.map(grantOf), ...facts.claims.map(grantOfClaim)],
  };
  return {
    policy: await policyOf(sql, facts.policyVersion),
    actor: policyActor,
    use: facts.use,
    unitsUnder: await readUnitsUnder(sql, policyActor),
    parentOfFonds: new Map(facts.fonds.map((f) => [f.id, f.parentId])),
    dossiers: await readDossiers(sql, policyActor, facts.anyRestricted),
  };
}

async function readUnitsUnder(sql: Sql, actor: PolicyActor): Promise<ActorFacts['unitsUnder']> {
  const roots = [
    ...actor.posts.flatMap((p) => p.unitId ?? []),
    ...actor.grants.flatMap((g) => (g.target.kind === 'unit' ? g.target.id : [])),
  ];
  const under = new Map<string, { id: string; depth: number }[]>();
  if (!roots.length) return under;
  const rows = await sql.queryNamed<{ root: string; id: string; depth: number }>(
    'desk-units',
    `with recursive sub(root, id, depth) as (
       select id, id, 0 from unit where id = any($1::uuid[])
       union all select sub.root, u.id, sub.depth + 1 from unit u join sub on u.parent_id = sub.id
     ) select root, id, depth from sub order by depth`,
    [[...new Set(roots)]],
  );
  for (const { root, id, depth } of rows) {
    const known = under.get(root);
    if (known) known.push({ id, depth });
    else under.set(root, [{ id, depth }]);
  }
  return under;
}

/**
 * Dossiers whose subject's processing is restricted (限制处理), those of the same person under another subject of the fonds included: equal ID
 * numbers have equal tokens. Restrictions are few: the partial index holds those in force alone.
 */
export const RESTRICTED_DOSSIERS = `select d.id, d.subject_id, d.fonds_id from dossier d where d.subject_id in (
    select subject_id from restriction where lifted_at_ms is null union
    select s.id from restriction r join subject o on o.id = r.subject_id
      join subject s on s.fonds_id = o.fonds_id and s.id_number_token = o.id_number_token where r.lifted_at_ms is null)`;

/** Whether processing of this dossier's subject is restricted: for jobs, which have no actor. */
export async function isRestricted(sql: Sql, dossierId: string): Promise<boolean> {
  return (await sql.one(`select 1 as one from (${RESTRICTED_DOSSIERS}) h where h.id = $1`, [dossierId])) !== null;
}

async function readDossiers(sql: Sql, actor: PolicyActor, anyRestricted: boolean): Promise<ActorFacts['dossiers']> {
  const named = (kind: Grant['target']['kind']) => actor.grants.flatMap((g) => (g.target.kind === kind ? g.target.id : []));
  const subjects = [...actor.subjectIds, ...actor.relativeIds, ...named('subject')];
  const dossiers = named('dossier');
  if (!anyRestricted && !subjects.length && !dossiers.length) return [];
  const rows = await sql.queryNamed<{ id: string; subject_id: string; fonds_id: string; restricted: boolean }>(
    'desk-dossiers',
    `with held as (${RESTRICTED_DOSSIERS}), named as (
       select id, subject_id, fonds_id from dossier where subject_id = any($1::uuid[]) union select id, subject_id, fonds_id from dossier where id = any($2::uuid[]))
     select id, subject_id, fonds_id, true as restricted from held
     union all select id, subject_id, fonds_id, false from named n where not exists (select 1 from held h where h.id = n.id)`,
    [subjects, dossiers],
  );
  return rows.map((r) => ({ id: r.id, subjectId: r.subject_id, fondsId: r.fonds_id, restricted: r.restricted }));
}
