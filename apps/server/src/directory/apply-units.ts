import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { insertUnit, lockTree, moveUnitIn, renameUnitIn } from '../organisation/index.ts';
import type { DirectoryUnit } from './directory-list.ts';
import { readUnits } from './directory-rows.ts';
import { planUnits, type UnitStep } from './plan-units.ts';

/**
 * Makes, renames and moves the units of a list in one transaction: each rests on the one above it, so they land together or not at all.
 * Planned again inside, under the lock of the tree. Rows and tokens of dossiers follow a move in its job.
 * @throws ArchiveError `unit/…` (caller), `desk/not-allowed` (caller)
 */
export async function applyUnits(
  archive: Archive,
  desk: Desk,
  fondsId: string,
  list: readonly DirectoryUnit[],
  belowCode: string | null = null,
): Promise<UnitStep[]> {
  const steps = await desk.act('organisation.change', async (tx) => {
    await lockTree(tx);
    const known = await readUnits(archive, tx, fondsId);
    const planned = planUnits(list, known, true, belowCode);
    const idOf = new Map(known.map((u) => [u.code, u.id]));
    const root = known.find((u) => u.parentId === null);
    const parentOf = (unit: DirectoryUnit) => idOf.get(unit.parentCode ?? root?.code ?? '') ?? '';
    for (const { act, unit, changes } of planned) {
      if (act === 'create') {
        const made = await insertUnit(tx, archive, { code: unit.code, name: unit.name, fondsId, parentId: parentOf(unit) });
        idOf.set(unit.code, made);
      } else if (act === 'change') {
        const id = idOf.get(unit.code) ?? '';
        if (changes.includes('name')) await renameUnitIn(tx, archive, id, unit.name);
        if (changes.includes('parentCode')) await moveUnitIn(archive, tx, id, parentOf(unit));
      }
    }
    return planned;
  });
  if (steps.some((step) => step.changes.includes('parentCode'))) archive.queue.wake();
  return steps;
}
