import { type BoxPlace, type BoxSpineMm, getBoxPlace } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Desk } from '../desk/index.ts';
import { type BoxHead, lockBoxes, placeOf } from './box-rows.ts';

/** What may be changed of a box; what is left out stays. */
export interface BoxChange {
  /** The version that was seen. */
  readonly version: number;
  readonly spineMm?: BoxSpineMm | undefined;
  readonly capacitySheets?: number | undefined;
  readonly retention?: string | null | undefined;
  readonly year?: number | null | undefined;
  readonly schemeId?: string | null | undefined;
  readonly classCode?: string | null | undefined;
  readonly place?: BoxPlace | undefined;
  readonly namesOutside?: boolean | undefined;
  /** True takes an empty box out of use (停用), false back into it. */
  readonly ended?: boolean | undefined;
}

/**
 * Changes a box: where it stands, what it is arranged by, how much it holds, whether labels may name anybody, whether it is in use.
 * @throws ArchiveError `box/not-found`, `box/changed`, `box/too-small`, `box/not-empty`, `box/place` (caller)
 */
export function editBox(desk: Desk, boxId: string, change: BoxChange): Promise<void> {
  return desk.act('dossier.change', async (tx, scope) => {
    const box = (await lockBoxes(tx, scope, [boxId]))[0]!;
    checkChange(box, change);
    const watched = await tx.watch('box', [boxId]);
    const place = change.place && getBoxPlace(change.place);
    const said = <T>(value: T | undefined, kept: T): T => (value === undefined ? kept : value);
    const endedAtMs = said(change.ended, box.ended_at_ms !== null) ? (box.ended_at_ms ?? desk.clock.nowMs()) : null;
    const scheme = said(change.schemeId, box.scheme);
    await tx.query(
      `update box set spine_mm = $2, capacity_sheets = $3, retention = $4, year = $5, scheme = $6, class_code = $7, place_repository = $8, place_zone = $9,
         place_rack = $10, place_bay = $11, place_shelf = $12, place_slot = $13, names_outside = $14, ended_at_ms = $15, version = version + 1
       where id = $1`,
      [
        ...[boxId, change.spineMm ?? box.spine_mm, change.capacitySheets ?? box.capacity_sheets, said(change.retention, box.retention)],
        ...[said(change.year, box.year), scheme, scheme === null ? null : said(change.classCode, box.class_code)],
        ...[place?.repository ?? box.place_repository, place?.zone ?? box.place_zone, place?.rack ?? box.place_rack],
        ...[place?.bay ?? box.place_bay, place?.shelf ?? box.place_shelf, place?.slot ?? box.place_slot],
        ...[said(change.namesOutside, box.names_outside), endedAtMs],
      ],
    );
    await tx.log({ kind: 'box.changed', place: placeOf(box), objectId: boxId, params: { version: box.version + 1 }, changed: [watched] });
  });
}

function checkChange(box: BoxHead, { version, capacitySheets, ended }: BoxChange): void {
  if (version !== box.version) throw new ArchiveError('box/changed', 'caller');
  if (capacitySheets !== undefined && capacitySheets < box.sheets)
    throw new ArchiveError('box/too-small', 'caller', { sheets: box.sheets });
  if (ended === true && box.volumes > 0) throw new ArchiveError('box/not-empty', 'caller', { volumes: box.volumes });
}
