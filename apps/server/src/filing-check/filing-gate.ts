import { verdictOf } from '@lantai/catalogue/properties';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { CHECK_COLUMNS, type CheckRow, openResults, readAnswers } from './check-rows.ts';
import { REQUIRED_SQL } from './rules.ts';
import { loadCheckStandards } from './standards.ts';

/** Why a dossier cannot be filed, and by which items of the check: printed codes (`GD-1-7`), comma and space between. */
export interface FilingRefusal {
  readonly code: 'filing/not-checked' | 'filing/check-failed' | 'filing/check-unanswered';
  readonly params?: { readonly items: string };
}

/**
 * Why a dossier cannot be filed (验收归档) yet; null when the four-property check is no reason: nobody asks for it here, or the latest one of moment
 * `filing` that ended looked at the dossier as it is now and has passed, with the answers of persons. A warning is no reason. The caller holds the
 * dossier's row.
 *
 * INVARIANT: a check of what the dossier was before counts for nothing: its version and the time of its last change are those that were looked at.
 * @throws ArchiveError `column/corrupt` (corruption)
 */
export async function findFilingCheckRefusal(
  sql: Sql,
  { sealer, config }: Pick<Archive, 'sealer' | 'config'>,
  {
    dossierId,
    isChangedToo,
  }: { readonly dossierId: string /** Whether the same act changes more of it. */; readonly isChangedToo: boolean },
): Promise<FilingRefusal | null> {
  if (!(await sql.one(`select 1 as one from dossier d where d.id = $1 and ${REQUIRED_SQL}`, [dossierId]))) return null;
  const row = await sql.one<CheckRow & { is_of_now: boolean }>(
    `select ${CHECK_COLUMNS}, coalesce(c.dossier_version = d.version and c.dossier_changed_at_ms = d.changed_at_ms, false) as is_of_now
     from property_check c join dossier d on d.id = c.dossier_id
     where c.dossier_id = $1 and c.moment = 'filing' and c.state = 'done' order by c.id desc limit 1`,
    [dossierId],
  );
  if (!row?.is_of_now || isChangedToo) return { code: 'filing/not-checked' };
  const answers = new Map((await readAnswers(sql, [row.id])).map((answer) => [answer.item, answer.result]));
  const { items: definitions } = loadCheckStandards(config).items;
  const results = openResults(sealer, row).map(({ code, printed, result }) => ({
    printed,
    // An item that a later version of the file has dropped still holds the dossier back, as it did when it was checked.
    blocking: definitions.find((d) => d.code === code)?.blocking ?? true,
    result: answers.get(printed) ?? result,
    answered: answers.has(printed),
  }));
  const verdict = verdictOf(results);
  if (verdict === 'passed') return null;
  const named = results.filter((item) => verdictOf([{ ...item }]) === verdict && item.blocking);
  const params = { items: named.map((item) => item.printed).join(', ') };
  return { code: verdict === 'failed' ? 'filing/check-failed' : 'filing/check-unanswered', params };
}
