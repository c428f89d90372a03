import { compareCount } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Desk } from '../desk/index.ts';
import { scopeSql } from '../desk/index.ts';
import { findCountNow } from './compare-now.ts';
import { getCounted } from './counted-dossier.ts';
import { findException, sealWords } from './exception-rows.ts';
import { declaredOf } from './slip-rows.ts';

/** How a report is closed. `explained` 说明: the paper is as it is; `settled` 处理: the numbers agree by now. */
export interface ExceptionSettlement {
  readonly way: 'explained' | 'settled';
  readonly words: string;
}

/**
 * Closes an exception report, with the wording of who does. An explanation holds for the numbers it was given of: with any other the dossier is
 * reported again.
 * @throws ArchiveError `count-exception/not-found`, `count-exception/closed`, `count-exception/other-numbers`, `count-exception/still-differs` (caller)
 */
export function settleException(desk: Desk, exceptionId: string, { way, words }: ExceptionSettlement): Promise<void> {
  return desk.act('material.change', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 2);
    const found = await tx.one<{ dossier_id: string }>(
      `select e.dossier_id from count_exception e join dossier d on d.id = e.dossier_id where e.id = $1 and ${seen.sql}`,
      [exceptionId, ...seen.params],
    );
    if (!found) throw new ArchiveError('count-exception/not-found', 'caller');
    // The dossier's row is locked before the report's, as everywhere.
    const { dossierId, place } = await getCounted(tx, scope, found.dossier_id, true);
    const row = await findException(tx, exceptionId);
    if (row?.state !== 'open') throw new ArchiveError('count-exception/closed', 'caller');
    const now = await findCountNow(tx, dossierId);
    const difference = now ? compareCount(declaredOf(now.slip), now.images).difference : 0;
    if (way === 'settled' && difference !== 0) throw new ArchiveError('count-exception/still-differs', 'caller', { difference });
    // What is explained is what is reported: nobody explains numbers that are no longer so.
    if (way === 'explained' && (row.slip_id !== now?.slip.id || row.images !== now.images.images))
      throw new ArchiveError('count-exception/other-numbers', 'caller');
    const entryId = desk.clock.newId();
    const changed = [await tx.watch('count_exception', [row.id])];
    await tx.query(
      'update count_exception set state = $2, words = $3, closed_by = $4, closed_at_ms = $5, closing_entry_id = $6 where id = $1',
      [row.id, way, sealWords(desk.sealer, { id: row.id, dossierId }, words), desk.actor.accountId, desk.clock.nowMs(), entryId],
    );
    const params = { difference: row.difference, opener: row.made_by };
    await tx.log({ id: entryId, kind: `count-exception.${way}`, place, dossierId, objectId: row.id, params, changed });
  });
}
