import type { Archive } from '../../archive/index.ts';
import type { Desk } from '../../desk/index.ts';
import { addLeaving, checkLeave, countLeaving, type Leave, type LeavingCounts, NOTHING_LEAVES } from '../../masking/index.ts';
import { type PackDossier, type PackSelection, selectDossiers } from './select-dossiers.ts';

/** What an audit pack would take along: how many dossiers, and what is sensitive in them by kind. */
export type PackLeaving = LeavingCounts & { readonly dossiers: number };

async function countDossiers(archive: Archive, desk: Desk, dossiers: readonly PackDossier[]): Promise<LeavingCounts> {
  let counts = NOTHING_LEAVES;
  // One transaction a dossier: counting a thousand holds no snapshot open.
  for (const { dossierId } of dossiers)
    counts = addLeaving(counts, await desk.act('dossier.export', (tx) => countLeaving(tx, archive, dossierId)));
  return counts;
}

/**
 * Counts what an audit pack of this selection would take along; an entry. Who makes it then says the same counts.
 * @throws ArchiveError `dossier/not-found`, `unit/not-found`, `pack/…` (caller)
 */
export async function countAuditPack(archive: Archive, desk: Desk, selection: PackSelection): Promise<PackLeaving> {
  const dossiers = await desk.act('dossier.export', (tx, scope) => selectDossiers(tx, scope, selection));
  const leaving = { dossiers: dossiers.length, ...(await countDossiers(archive, desk, dossiers)) };
  await desk.act('dossier.export', (tx) => tx.log({ kind: 'pack.counted', params: { selection: selection.kind, ...leaving } }));
  return leaving;
}

/**
 * Counts once more what now leaves, and lets it go as it was confirmed. What is withheld is an entry.
 * @throws ArchiveError `export/sensitive`, `export/reason-needed`, `export/not-as-confirmed` (caller)
 */
export async function letPackGo(
  archive: Archive,
  desk: Desk,
  dossiers: readonly PackDossier[],
  leave: Leave<PackLeaving> | null,
): Promise<LeavingCounts> {
  const counts = await countDossiers(archive, desk, dossiers);
  try {
    checkLeave(leave, { dossiers: dossiers.length }, counts);
  } catch (error) {
    await desk.act('dossier.export', (tx) => tx.log({ kind: 'export.withheld', params: { dossiers: dossiers.length, ...counts } }));
    throw error;
  }
  return counts;
}
