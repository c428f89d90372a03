import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyPage, type Desk, type OpenArchive, PageImages, showDossier } from '@lantai/server';
import { type DossierFolder, takeDossier, withArchive } from './archive.ts';
import { readDirect } from './direct.ts';
import type { PredictedDossier } from './prediction.ts';

/**
 * Reads the marked copies of pages: imported, copied as for somebody who takes them along (both marks, JPEG at the page's own size), and read
 * by the engine as {@link readDirect} reads the pages themselves. The copies lie in a temporary folder meanwhile: give it invented people only.
 */
export async function readMarked(
  root: string,
  data: string,
  dossiers: readonly DossierFolder[],
  modelFolder: string,
): Promise<PredictedDossier[]> {
  const copies = mkdtempSync(join(tmpdir(), 'lantai-eval-marked-'));
  try {
    const work = async (archive: OpenArchive, desk: Desk) => {
      for (const dossier of dossiers) await copyDossier(archive, desk, data, dossier, copies);
    };
    // Nothing is read on the way: a page read would be turned upright, and its copy with it.
    await withArchive(root, null, work, { LANTAI_READERS: '0' });
    return await readDirect(copies, dossiers, modelFolder);
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

async function copyDossier(archive: OpenArchive, desk: Desk, data: string, dossier: DossierFolder, into: string): Promise<void> {
  const dossierId = await takeDossier(archive, desk, data, dossier);
  const images = new PageImages(archive);
  for (const { pageId, file } of (await showDossier(archive, desk, dossierId, false)).pages) {
    const { bytes } = await copyPage(archive, desk, images, { pageId, reason: 'eval', name: 'eval' });
    const path = join(into, dossier.id, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}
