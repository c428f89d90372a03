import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createArchive,
  createDossier,
  type Desk,
  deskTx,
  findReading,
  findRootUnit,
  findTrialOwner,
  importFiles,
  listFiles,
  type OpenArchive,
  openArchive,
  openDesk,
  readConfig,
  showDossier,
  waitUntilRead,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { PredictedDossier, PredictedMaterial, PredictedPage } from './prediction.ts';

const DEFAULT_SCHEME = 'cadre-2018';

/** Imports each dossier through the product into a throw-away archive and gives what the archive then holds. */
export async function readThroughArchive(
  root: string,
  data: string,
  dossiers: readonly { id: string; scheme: string | null }[],
): Promise<PredictedDossier[]> {
  execFileSync(process.execPath, [join(root, 'tools/build.mjs')], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'lantai-eval-'));
  const base = readConfig({ ...process.env, LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), LANTAI_PORT: '0' }, root);
  const config = { ...base, programFolder: join(root, 'dist') };
  try {
    await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'eval' } });
    const archive = await openArchive(config, { reads: true });
    try {
      const owner = await findTrialOwner(archive);
      if (!owner) throw new ArchiveError('account/needed', 'caller');
      const desk = await openDesk(archive, owner, 'archive_work');
      const out: PredictedDossier[] = [];
      for (const dossier of dossiers) out.push(await takeDossier(archive, desk, owner.accountId, data, dossier));
      return out;
    } finally {
      await archive.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeDossier(
  archive: OpenArchive,
  desk: Desk,
  accountId: string,
  data: string,
  { id, scheme }: { id: string; scheme: string | null },
): Promise<PredictedDossier> {
  const unitId = await findRootUnit(archive, desk);
  const { dossierId } = await createDossier(archive, desk, {
    code: id,
    unitId,
    scheme: scheme ?? DEFAULT_SCHEME,
    subject: { kind: 'person', name: '' },
  });
  await importFiles(archive, desk, dossierId, await listFiles(join(data, id)));
  const state = await waitUntilRead(archive, dossierId);
  const shown = await showDossier(archive, desk, dossierId, false);
  process.stderr.write(`${id}: ${shown.pages.length} pages, ${state.needsPerson} for a person\n`);
  const pages: PredictedPage[] = [];
  for (const page of shown.pages) {
    const reading = await archive.db.tx((tx) =>
      findReading(deskTx(tx, archive, accountId, 'archive_work'), archive, page.pageId, dossierId),
    );
    pages.push({
      file: `${id}/${page.file}`,
      orientation: reading?.orientation ?? 0,
      skewDegrees: reading?.skewDegrees ?? 0,
      findings: page.findings,
      lines: reading?.lines ?? [],
    });
  }
  const materials = shown.materials.map((m): PredictedMaterial => {
    const files = shown.pages.filter((p) => p.materialId === m.materialId).map((p) => `${id}/${p.file}`);
    return { pages: files, classCode: m.classCode, title: m.title, date: m.date, fields: {} };
  });
  return { id, pages, materials, keyFacts: {} };
}
