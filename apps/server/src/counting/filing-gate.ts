import type { Place } from '../archive/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { compareNow, findCountNow } from './compare-now.ts';

/**
 * Why a dossier cannot be filed (验收归档) yet; null when counting is no reason. What differs and is not explained is reported here, so that nobody
 * needs to have asked. A dossier without a slip passes: nothing was declared of it (docs/adr/0400). The caller holds the dossier's row.
 */
export async function findFilingRefusal(
  tx: DeskTx,
  desk: Desk,
  { dossierId, place }: { readonly dossierId: string; readonly place: Place },
): Promise<'filing/exception-open' | null> {
  const now = await findCountNow(tx, dossierId);
  if (!now) return null;
  const { clock } = desk;
  const entryId = clock.newId();
  const { openId, isNew, changed } = await compareNow(tx, { clock, accountId: desk.actor.accountId, entryId }, dossierId, now);
  if (isNew && openId) await tx.log({ id: entryId, kind: 'count-exception.opened', place, dossierId, objectId: openId, changed });
  return openId ? 'filing/exception-open' : null;
}
