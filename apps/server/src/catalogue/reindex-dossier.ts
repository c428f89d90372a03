import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { findCatalogueUnscoped } from './catalogue-state.ts';
import { indexDossierLine, indexMaterials } from './index-lines.ts';

/** Makes all that the catalogue says of a dossier searchable anew, out of the sealed rows, as after a restore. */
export async function reindexDossier(tx: DeskTx, archive: Archive, dossierId: string): Promise<void> {
  const state = await findCatalogueUnscoped(tx, archive, dossierId);
  if (!state) return;
  await indexDossierLine(tx, archive, state);
  await indexMaterials(tx, archive, state, state.arrangement.materials);
}
