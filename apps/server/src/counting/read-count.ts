import { compareCount } from '@lantai/catalogue';
import type { CountExceptionView, DossierCount, SlipView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { compareNow, findCountNow } from './compare-now.ts';
import { type CountedDossier, countImages, getCounted, NO_IMAGES } from './counted-dossier.ts';
import { type ExceptionRow, openWords, readExceptions } from './exception-rows.ts';
import { declaredOf, openNote, readSlips, type SlipRow } from './slip-rows.ts';

/**
 * What was declared of a dossier, what came, and its exception reports. One entry.
 * @throws ArchiveError `dossier/not-found` (caller)
 */
export function readCount(archive: Archive, desk: Desk, dossierId: string): Promise<DossierCount> {
  return desk.act('dossier.read', async (tx, scope) => {
    const dossier = await getCounted(tx, scope, dossierId, false);
    await tx.log({ kind: 'count.opened', place: dossier.place, dossierId });
    return viewCount(tx, archive, dossier);
  });
}

/**
 * Compares what was declared with what came (清点核对); a difference that nobody has explained is an exception report from now on.
 * @throws ArchiveError `dossier/not-found`, `slip/none` (caller)
 */
export function checkCount(archive: Archive, desk: Desk, dossierId: string): Promise<DossierCount> {
  return desk.act('page.import', async (tx, scope) => {
    const dossier = await getCounted(tx, scope, dossierId, true);
    const now = await findCountNow(tx, dossierId);
    if (!now) throw new ArchiveError('slip/none', 'caller');
    const entryId = desk.clock.newId();
    const by = { clock: desk.clock, accountId: desk.actor.accountId, entryId };
    const { openId, changed } = await compareNow(tx, by, dossierId, now);
    const { difference } = compareCount(declaredOf(now.slip), now.images);
    const params = { images: now.images.images, difference, open: openId ? 1 : 0 };
    await tx.log({ id: entryId, kind: 'count.checked', place: dossier.place, dossierId, objectId: now.slip.id, params, changed });
    return viewCount(tx, archive, dossier);
  });
}

/** As it is shown: the newest slip is in force. The caller has looked at the scope and makes the entry. */
async function viewCount(tx: DeskTx, archive: Archive, { dossierId, code, state }: CountedDossier): Promise<DossierCount> {
  const slips = await readSlips(tx, dossierId);
  const exceptions = await readExceptions(tx, dossierId);
  const received = (await countImages(tx, [dossierId])).get(dossierId) ?? NO_IMAGES;
  const accounts = [...slips.map((s) => s.made_by), ...exceptions.flatMap((e) => [e.made_by, ...(e.closed_by ? [e.closed_by] : [])])];
  const names = await accountNames(archive, tx, accounts);
  const inForce = slips[0];
  return {
    dossierId,
    dossierCode: code,
    dossierState: state as DossierCount['dossierState'],
    received,
    comparison: inForce ? compareCount(declaredOf(inForce), received) : null,
    slips: slips.map((slip) => slipView(archive, slip, names)),
    exceptions: exceptions.map((row) => exceptionView(archive, row, names)),
  };
}

const slipView = (archive: Archive, slip: SlipRow, names: ReadonlyMap<string, string>): SlipView => ({
  id: slip.id,
  revision: slip.revision,
  ...declaredOf(slip),
  note: openNote(archive.sealer, slip),
  declaredByName: names.get(slip.made_by) ?? '',
  declaredAtMs: slip.created_at_ms,
});

const exceptionView = (archive: Archive, row: ExceptionRow, names: ReadonlyMap<string, string>): CountExceptionView => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  images: row.images,
  blankImages: row.blank_images,
  difference: row.difference,
  sheetsMissing: row.sheets_missing,
  words: openWords(archive.sealer, row),
  openedByName: names.get(row.made_by) ?? '',
  openedAtMs: row.created_at_ms,
  closedByName: row.closed_by === null ? '' : (names.get(row.closed_by) ?? ''),
  closedAtMs: row.closed_at_ms,
});
