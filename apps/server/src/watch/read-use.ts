import type { Sql, Tx } from '../db/index.ts';
import type { Habit, RecentUse } from './score.ts';

/** Acts by which somebody looks into a dossier, and those by which something leaves the archive (docs/spec/log-entry.md). */
const LOOKS = ['page.viewed', 'dossier.opened', 'desk.opened', 'key-facts.opened', 'versions.opened', 'thumbnails.viewed'];
const COPIES = ['page.printed', 'page.copied', 'page.downloaded', 'catalogue.exported', 'dossier.exported', 'archive.exported'];

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A habit is that of so many days. */
export const HABIT_SPAN_DAYS = 28;
/** Of ten days the busiest one is left out: one hard day is no habit. */
const USUAL_SHARE_01 = 0.9;

/** The least id that an entry of a moment can have: ids are UUIDs of version 7, whose first 48 bits are the time. */
export const firstIdAt = (atMs: number): string => {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** Acts of the log between two moments with what the watch knows of each. $1 and $2: ids, $3: the clock's offset, ms, $4: looks, $5: copies. */
const ACTS = `select actor_id, dossier_id, kind = any($4::text[]) as is_look, ((at_ms + $3) / ${HOUR_MS}) % 24 as hour,
    convert_from(bytes, 'UTF8')::jsonb -> 'params' ->> 'purpose' as purpose
  from entry where id >= $1 and id < $2 and kind = any($4::text[] || $5::text[]) and actor_id is not null`;

/** What an account did in the hour before `nowMs`. */
export async function readRecentUse(
  sql: Sql,
  accountId: string,
  nowMs: number,
  offsetMs: number,
): Promise<Omit<RecentUse, 'leaders' | 'leaderDays'>> {
  const [row] = await sql.queryNamed<{ dossiers: number; copies: number; looks: number; purposes: string[] }>(
    'watch-recent',
    `select count(distinct dossier_id) filter (where is_look)::int as dossiers, count(*) filter (where not is_look)::int as copies,
       count(*) filter (where is_look)::int as looks, coalesce(array_agg(distinct purpose) filter (where purpose is not null), '{}') as purposes
     from (${ACTS} and actor_id = $6) acts`,
    [firstIdAt(nowMs - HOUR_MS), firstIdAt(nowMs + DAY_MS), offsetMs, LOOKS, COPIES, accountId],
  );
  return { ...row!, hour: Math.floor((nowMs + offsetMs) / HOUR_MS) % 24 };
}

/** Sums up one day of everybody; doing it again replaces it. @param day days since 1970-01-01 by the archive's clock */
export async function sumUpDay(tx: Tx, day: number, offsetMs: number): Promise<void> {
  const fromMs = day * DAY_MS - offsetMs;
  await tx.query('delete from use_day where day = $1', [day]);
  await tx.query(
    `with acts as (${ACTS}),
     hours as (
       select actor_id, hour, count(distinct dossier_id) filter (where is_look)::int as dossiers, count(*) filter (where not is_look)::int as copies,
         count(*) filter (where is_look)::int as looks
       from acts group by actor_id, hour)
     insert into use_day (account_id, day, dossiers_an_hour, copies_an_hour, looks_by_hour, purposes)
     select h.actor_id, $6, max(h.dossiers), max(h.copies),
       (select array_agg(coalesce(o.looks, 0) order by n) from generate_series(0, 23) n left join hours o on o.actor_id = h.actor_id and o.hour = n),
       (select coalesce(array_agg(distinct purpose) filter (where purpose is not null), '{}') from acts a where a.actor_id = h.actor_id)
     from hours h join account c on c.id = h.actor_id group by h.actor_id`,
    [firstIdAt(fromMs), firstIdAt(fromMs + DAY_MS), offsetMs, LOOKS, COPIES, day],
  );
}

interface HabitRow {
  days: number;
  dossiers: number | null;
  copies: number | null;
  by_hour: number[];
  purposes: string[];
}

/** The habit of an account, or of all accounts of a role, in the days before `day`. */
export async function readHabit(sql: Sql, of: { readonly accountId: string } | { readonly role: string }, day: number): Promise<Habit> {
  const [what, value] = 'role' in of ? ['role', of.role] : ['account', of.accountId];
  const mine = what === 'role' ? 'u.account_id in (select id from account where role = $3)' : 'u.account_id = $3';
  const [row] = await sql.queryNamed<HabitRow>(
    `watch-habit-${what}`,
    `with days as (select u.* from use_day u where u.day >= $1 and u.day < $2 and ${mine})
     select (select count(*)::int from days) as days,
       (select percentile_disc(${USUAL_SHARE_01}) within group (order by dossiers_an_hour) from days) as dossiers,
       (select percentile_disc(${USUAL_SHARE_01}) within group (order by copies_an_hour) from days) as copies,
       (select array_agg(coalesce(s.n, 0)::int order by h) from generate_series(1, 24) h
          left join (select l.hour, sum(l.n) as n from days, unnest(looks_by_hour) with ordinality as l(n, hour) group by l.hour) s on s.hour = h) as by_hour,
       (select coalesce(array_agg(distinct p), '{}') from days, unnest(purposes) p) as purposes`,
    [day - HABIT_SPAN_DAYS, day, value],
  );
  const { days, dossiers, copies, by_hour, purposes } = row!;
  return { activeDays: days, dossiersAnHour: dossiers ?? 0, copiesAnHour: copies ?? 0, looksByHour: by_hour, purposes };
}

/** Dossiers of those who lead a unit of the account, or one above it, with every unit that was merged into one of these. $1 account. */
const LEADERS = `with recursive places(unit_id, fonds_id) as (
    select unit_id, fonds_id from account where id = $1
    union select unit_id, fonds_id from post where account_id = $1 and ended_at_ms is null),
  up(id) as (
    select unit_id from places where unit_id is not null
    union select u.id from places p join unit u on p.unit_id is null and u.fonds_id = p.fonds_id and u.parent_id is null
    union select u.parent_id from unit u join up on up.id = u.id where u.parent_id is not null)
  select array_agg(d.id) as ids from unit_leader l join unit u on u.id = l.unit_id join dossier d on d.subject_id = l.subject_id
  where l.ended_at_ms is null and coalesce(u.merged_into, u.id) in (select id from up)`;

/**
 * How many dossiers of the own unit's leaders an account looked into within the hour, and on how many of the days before it did so at all.
 * @param sql by the system: the watch asks of dossiers for nobody
 */
export async function readLeaderUse(
  sql: Sql,
  accountId: string,
  nowMs: number,
  offsetMs: number,
): Promise<Pick<RecentUse, 'leaders' | 'leaderDays'>> {
  const own = await sql.one<{ ids: string[] | null }>(LEADERS, [accountId]);
  if (!own?.ids) return { leaders: 0, leaderDays: 0 };
  const startMs = Math.floor((nowMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  const row = await sql.one<{ leaders: number; days: number }>(
    `select (count(distinct dossier_id) filter (where id >= $3))::int as leaders,
       (count(distinct (at_ms + $6) / ${DAY_MS}) filter (where id < $4))::int as days
     from entry where dossier_id = any($2::uuid[]) and actor_id = $1 and kind = any($7::text[]) and id >= $5`,
    [accountId, own.ids, firstIdAt(nowMs - HOUR_MS), firstIdAt(startMs), firstIdAt(startMs - HABIT_SPAN_DAYS * DAY_MS), offsetMs, LOOKS],
  );
  return { leaders: row?.leaders ?? 0, leaderDays: row?.days ?? 0 };
}
