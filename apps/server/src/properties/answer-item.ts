import { ArchiveError, utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { findHead } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { openResults, sealWords } from '../filing-check/index.ts';
import { getCheckRow } from './show-check.ts';

/** What a person says of an item. */
export interface ItemAnswer {
  /** As printed: `GD-3-4`. */
  readonly item: string;
  /** `skipped`: does not apply here. */
  readonly result: 'pass' | 'fail' | 'skipped';
  /** What was done and seen. */
  readonly words: string;
}

/**
 * Answers an item that waits for a person or did not run. What ran says itself what it found: no answer changes it. An answer is never changed
 * either; a later one of the same item holds instead.
 * @throws ArchiveError `properties/not-found`, `properties/not-done`, `properties/item-not-open`, `desk/not-allowed` (caller)
 */
export function answerPropertyItem(archive: Archive, desk: Desk, checkId: string, { item, result, words }: ItemAnswer): Promise<void> {
  return desk.act('dossier.change', async (tx, scope) => {
    const row = await getCheckRow(tx, scope, checkId);
    const head = await findHead(tx, archive, scope, { id: row.dossier_id });
    if (!head) throw new ArchiveError('properties/not-found', 'caller');
    if (row.state !== 'done') throw new ArchiveError('properties/not-done', 'caller');
    const asked = openResults(archive.sealer, row).find((i) => i.printed === item);
    if (asked?.result !== 'manual' && asked?.result !== 'skipped') throw new ArchiveError('properties/item-not-open', 'caller');
    const [id, entryId] = [desk.clock.newId(), desk.clock.newId()];
    const dossierId = row.dossier_id;
    await tx.query(
      `insert into property_answer (id, check_id, dossier_id, item, result, words, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[id, checkId, dossierId, item, result, sealWords(desk.sealer, { id, dossierId }, words)],
        ...[desk.actor.accountId, desk.clock.nowMs(), entryId],
      ],
    );
    const contentSha256 = desk.sealer.primitives.hash('sha256', utf8(words));
    const params = { item, result };
    await tx.log({ id: entryId, kind: 'properties.answered', place: head.place, dossierId, objectId: checkId, contentSha256, params });
  });
}
