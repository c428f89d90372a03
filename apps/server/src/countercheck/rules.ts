import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Desk, madeObjects } from '../desk/index.ts';

/** Which materials two persons must look at: those of a fonds under a scheme. */
export interface CountercheckPlace {
  readonly fondsId: string;
  readonly schemeId: string;
}

/** What is in force in one place, and since when. */
export interface CountercheckRule extends CountercheckPlace {
  readonly fondsCode: string;
  readonly required: boolean;
  /** Null where nobody ever said anything: it is not asked for. */
  readonly madeBy: string | null;
  readonly madeAtMs: number | null;
}

/** SQL over `d`, a dossier: whether its materials must be counterchecked. The latest word is in force. */
export const REQUIRED_SQL = `coalesce((select r.required from countercheck_rule r where r.fonds_id = d.fonds_id and r.scheme = d.scheme
  order by r.id desc limit 1), false)`;

/** Whether materials of a place must be counterchecked. */
export async function isCountercheckRequired(sql: Pick<Sql, 'one'>, { fondsId, schemeId }: CountercheckPlace): Promise<boolean> {
  const row = await sql.one<{ required: boolean }>(
    'select required from countercheck_rule where fonds_id = $1 and scheme = $2 order by id desc limit 1',
    [fondsId, schemeId],
  );
  return row?.required ?? false;
}

/** Whether this account sets what a fonds works by (two persons, a check before filing): it keeps the whole of it. */
export function keepsFonds(desk: Desk, fondsId: string | null): boolean {
  const { role, unitId, fondsId: own } = desk.actor;
  const isKeeper = (role === 'archivist' || role === 'trial_owner') && unitId === null;
  return isKeeper && desk.may('dossier.change') && (own === null || own === fondsId);
}

/** What is in force in the fonds that an account may arrange in, for every scheme; and whether it may change that. It tells of nobody. */
export async function listCountercheckRules(
  desk: Desk,
  schemeIds: readonly string[],
): Promise<readonly (CountercheckRule & { readonly mayChange: boolean })[]> {
  desk.scope('material.change');
  const { fondsId } = desk.actor;
  const rows = await desk.sql.query<{
    fonds_id: string;
    code: string;
    scheme: string;
    required: boolean | null;
    made_by: string | null;
    made_at_ms: number | null;
  }>(
    `select f.id as fonds_id, f.code, s.id as scheme, r.required, r.made_by, r.made_at_ms
     from fonds f cross join unnest($2::text[]) with ordinality as s(id, at)
     left join lateral (select required, made_by, made_at_ms from countercheck_rule x where x.fonds_id = f.id and x.scheme = s.id
       order by x.id desc limit 1) r on true
     where $1::uuid is null or f.id = $1 order by f.code, s.at`,
    [fondsId, schemeIds],
  );
  return rows.map((row) => ({
    fondsId: row.fonds_id,
    fondsCode: row.code,
    schemeId: row.scheme,
    required: row.required ?? false,
    madeBy: row.made_by,
    madeAtMs: row.made_at_ms,
    mayChange: keepsFonds(desk, row.fonds_id),
  }));
}

/**
 * Says whether materials of a fonds under a scheme must be counterchecked (双人复核), from now on. What was confirmed before counts as not looked at
 * by anybody else. Saying what is said already changes nothing.
 * @throws ArchiveError `countercheck/whole-fonds`, `fonds/not-found`, `scheme/not-found`, `desk/not-allowed` (caller)
 */
export function setCountercheckRule(
  archive: Pick<Archive, 'clock'>,
  desk: Desk,
  { fondsId, schemeId, required }: CountercheckPlace & { readonly required: boolean },
  schemeIds: readonly string[],
): Promise<void> {
  return desk.act('dossier.change', async (tx) => {
    if (!keepsFonds(desk, fondsId)) throw new ArchiveError('countercheck/whole-fonds', 'caller');
    if (!schemeIds.includes(schemeId)) throw new ArchiveError('scheme/not-found', 'caller');
    // One after the other: the later line is the one in force.
    if (!(await tx.one('select id from fonds where id = $1 for no key update', [fondsId])))
      throw new ArchiveError('fonds/not-found', 'caller');
    if ((await isCountercheckRequired(tx, { fondsId, schemeId })) === required) return;
    const [id, entryId] = [archive.clock.newId(), archive.clock.newId()];
    await tx.query(
      'insert into countercheck_rule (id, fonds_id, scheme, required, made_by, made_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, fondsId, schemeId, required, desk.actor.accountId, archive.clock.nowMs(), entryId],
    );
    await tx.log({
      id: entryId,
      kind: required ? 'countercheck.required' : 'countercheck.released',
      objectId: fondsId,
      params: { scheme: schemeId },
      changed: [madeObjects('countercheck_rule', [id])],
    });
  });
}
