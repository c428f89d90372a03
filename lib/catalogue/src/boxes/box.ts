import { ArchiveError } from '@lantai/values';

/** Thickness of a box's spine (盒脊厚度), millimetres. Source: DA/T 22-2015 as told in domain rules §2.3: a box of 310 × 220 mm, spine 20, 30, 40 or 50. */
export const BOX_SPINES_MM = [20, 30, 40, 50] as const;
export type BoxSpineMm = (typeof BOX_SPINES_MM)[number];

/** Most sheets that a box may be said to hold. */
export const BOX_SHEETS_MAX = 2000;

/**
 * Sheets of paper that fit a box when nobody says otherwise: one of 70–80 g/m² is 0.1 mm, and folds, covers and binding take a quarter of the room.
 * A default, as paper differs: the archive says the number for its own boxes.
 */
export const boxCapacitySheets = (spineMm: BoxSpineMm): number => (spineMm / 0.1) * 0.75;

/** A code of a retention period (保管期限代码): `Y` permanent, `D30` thirty years. Source: DA/T 13-2022 as told in domain rules §2.3. */
export const RETENTION_CODE = /^(?:Y|D[1-9]\d{0,2})$/;

/** Steps of a place in the storeroom, from the widest: 库房, 分区, 密集架, 列, 层, 盒位. */
export const BOX_PLACE_STEPS = ['repository', 'zone', 'rack', 'bay', 'shelf', 'slot'] as const;
export type BoxPlaceStep = (typeof BOX_PLACE_STEPS)[number];
/** Where a box stands; a step that is not known, or that the storeroom has not, is empty. */
export type BoxPlace = Readonly<Record<BoxPlaceStep, string>>;

export const NO_BOX_PLACE: BoxPlace = { repository: '', zone: '', rack: '', bay: '', shelf: '', slot: '' };

/** What a step of a place may be: a short code, never words about anybody. */
export const BOX_PLACE_FORM = /^[\p{L}\p{N}][\p{L}\p{N}.#-]{0,15}$/u;

/**
 * A place as it is kept: trimmed.
 * @throws ArchiveError `box/place` (caller) with the step that is no short code
 */
export function getBoxPlace(place: BoxPlace): BoxPlace {
  const kept = BOX_PLACE_STEPS.map((step) => {
    const text = place[step].normalize('NFC').trim();
    if (text !== '' && !BOX_PLACE_FORM.test(text)) throw new ArchiveError('box/place', 'caller', { step });
    return [step, text];
  });
  return Object.fromEntries(kept) as BoxPlace;
}

/** Whether anything is known of where it stands. */
export const isBoxPlaced = (place: BoxPlace): boolean => BOX_PLACE_STEPS.some((step) => place[step] !== '');
