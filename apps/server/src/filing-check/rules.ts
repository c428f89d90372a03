import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type CountercheckPlace, keepsFonds } from '../countercheck/index.ts';
import { type Desk, madeObjects } from '../desk/index.ts';

/** What is in force in one place, a fonds under a scheme, and since when. */
export interface FilingCheckRule {
  readonly fondsId: string;
  readonly fondsCode: string;
  readonly schemeId: string;
  readonly required: boolean;
  /** Null where nobody ever said anything: it is not asked for. */
  readonly madeBy: string | null;
  readonly madeAtMs: number | null;
}

/** SQL over `d`, a dossier: whether it must be checked before it is filed. The latest word is in force. */
export const REQUIRED_SQL = `coalesce((select r.required from filing_check_rule r where r.fonds_id = d.fonds_id and r.scheme = d.scheme
  order by r.id desc limit 1), false)`;

/** What is in force in the fonds whose dossiers an account may file, for every scheme; and whether it may change that. It tells of nobody. */
export async function listFilingCheckRules(
  desk: Desk,
  schemeIds: readonly string[],
): Promise<readonly (FilingCheckRule & { readonly mayChange: boolean })[]> {
  desk.scope('dossier.change');
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
     left join lateral (select required, made_by, made_at_ms from filing_check_rule x where x.fonds_id = f.id and x.scheme = s.id
       order by x.id desc limit 1) r on true
     where $1::uuid is null or f.id = $1 order by f.code, s.at`,
    [desk.actor.fondsId, schemeIds],
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
 * Says whether dossiers of a fonds under a scheme must pass the four-property check before they are filed (归档前四性检测), from now on; what is
 * filed stays filed. Saying what is said already changes nothing.
 * @throws ArchiveError `filing-check/whole-fonds`, `fonds/not-found`, `scheme/not-found`, `desk/not-allowed` (caller)
 */
export function setFilingCheckRule(
  archive: Pick<Archive, 'clock'>,
  desk: Desk,
  { fondsId, schemeId, required }: CountercheckPlace & { readonly required: boolean },
  schemeIds: readonly string[],
): Promise<void> {
  return desk.act('dossier.change', async (tx) => {
    if (!keepsFonds(desk, fondsId)) throw new ArchiveError('filing-check/whole-fonds', 'caller');
    if (!schemeIds.includes(schemeId)) throw new ArchiveError('scheme/not-found', 'caller');
    // One after the other: the later line is the one in force.
    if (!(await tx.one('select id from fonds where id = $1 for no key update', [fondsId])))
      throw new ArchiveError('fonds/not-found', 'caller');
    const now = await tx.one<{ required: boolean }>(
      'select required from filing_check_rule where fonds_id = $1 and scheme = $2 order by id desc limit 1',
      [fondsId, schemeId],
    );
    if ((now?.required ?? false) === required) return;
    const [id, entryId] = [archive.clock.newId(), archive.clock.newId()];
    await tx.query(
      'insert into filing_check_rule (id, fonds_id, scheme, required, made_by, made_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, fondsId, schemeId, required, desk.actor.accountId, archive.clock.nowMs(), entryId],
    );
    await tx.log({
      id: entryId,
      kind: required ? 'filing-check.required' : 'filing-check.released',
      objectId: fondsId,
      params: { scheme: schemeId },
      changed: [madeObjects('filing_check_rule', [id])],
    });
  });
}
