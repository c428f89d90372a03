import { compareCount } from '@lantai/catalogue';
import type { Clock } from '../archive/index.ts';
import { type DeskTx, madeObjects, type Watched } from '../desk/index.ts';
import { type CountedImages, countImages, NO_IMAGES } from './counted-dossier.ts';
import { type ExceptionRow, readExceptions } from './exception-rows.ts';
import { declaredOf, readSlipsInForce, type SlipRow } from './slip-rows.ts';

/** What a dossier's slip and images say of each other now. */
export interface CountNow {
  readonly slip: SlipRow;
  readonly images: CountedImages;
  /** Newest first. */
  readonly exceptions: readonly ExceptionRow[];
}

/** Reads it; null where no slip was ever declared: there is nothing to compare with. */
export async function findCountNow(tx: DeskTx, dossierId: string): Promise<CountNow | null> {
  const slip = (await readSlipsInForce(tx, [dossierId])).get(dossierId);
  if (!slip) return null;
  const images = (await countImages(tx, [dossierId])).get(dossierId) ?? NO_IMAGES;
  return { slip, images, exceptions: await readExceptions(tx, dossierId) };
}

/** What a comparison did to the exception reports of a dossier. */
export interface Compared {
  /** The report that is open now; null: none is. */
  readonly openId: string | null;
  /** Whether this comparison opened it. */
  readonly isNew: boolean;
  /** For the act's entry. */
  readonly changed: readonly Watched[];
}

const isOf = (row: ExceptionRow, { slip, images }: CountNow): boolean => row.slip_id === slip.id && row.images === images.images;

/**
 * Lets the exception reports say what the numbers say: a difference that nobody has explained opens one, other numbers supersede the open one. An
 * open report is never closed by this: whoever closes it says why. The caller holds the dossier's row and appends the entry `entryId`.
 */
export async function compareNow(
  tx: DeskTx,
  { clock, accountId, entryId }: { readonly clock: Clock; readonly accountId: string; readonly entryId: string },
  dossierId: string,
  now: CountNow,
): Promise<Compared> {
  const { difference, kind, sheetsMissing } = compareCount(declaredOf(now.slip), now.images);
  const open = now.exceptions.find((e) => e.state === 'open');
  if (open && (difference === 0 || isOf(open, now))) return { openId: open.id, isNew: false, changed: [] };
  if (difference === 0 || now.exceptions.some((e) => e.state === 'explained' && isOf(e, now)))
    return { openId: null, isNew: false, changed: [] };
  const changed = open ? [await tx.watch('count_exception', [open.id])] : [];
  const [id, nowMs] = [clock.newId(), clock.nowMs()];
  if (open)
    await tx.query(
      `update count_exception set state = 'superseded', closed_by = $2, closed_at_ms = $3, closing_entry_id = $4 where id = $1`,
      [open.id, accountId, nowMs, entryId],
    );
  await tx.query(
    `insert into count_exception (id, dossier_id, slip_id, kind, images, blank_images, difference, sheets_missing, state, made_by, created_at_ms, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11)`,
    [id, dossierId, now.slip.id, kind, now.images.images, now.images.blankImages, difference, sheetsMissing, accountId, nowMs, entryId],
  );
  return { openId: id, isNew: true, changed: [...changed, madeObjects('count_exception', [id])] };
}
