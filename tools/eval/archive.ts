import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldValue } from '@lantai/contract';
import { SHOW_ALL } from '@lantai/search';
import {
  createArchive,
  createDossier,
  type Desk,
  deskTx,
  findDossierByCode,
  findReading,
  findRootUnit,
  findTrialOwner,
  importFiles,
  listFiles,
  type OpenArchive,
  openArchive,
  openDesk,
  openDossierDesk,
  readConfig,
  readKeyFacts,
  showDossier,
  waitUntilProposed,
  waitUntilRead,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import { conflictsByFact, type PredictedDossier, type PredictedField, type PredictedMaterial, type PredictedPage } from './prediction.ts';

const DEFAULT_SCHEME = 'cadre-2018';

/** A dossier to be read: its folder's name is its code. */
export interface DossierFolder {
  readonly id: string;
  readonly scheme: string | null;
}

/**
 * Opens an archive for one measurement, with the product's own readers.
 * @param root of the project; `dist` must be built
 * @param folder kept and used again; null: a folder of its own, gone afterwards
 * @param more of the product's settings
 */
export async function withArchive<T>(
  root: string,
  folder: string | null,
  work: (archive: OpenArchive, desk: Desk) => Promise<T>,
  more: Readonly<Record<string, string>> = {},
): Promise<T> {
  const home = folder ?? mkdtempSync(join(tmpdir(), 'lantai-eval-'));
  const places = { LANTAI_DATA: join(home, 'data'), LANTAI_KEYS: join(home, 'keys'), LANTAI_PORT: '0' };
  // What the product lays by itself is measured, whatever the settings of whoever measures.
  const config = { ...readConfig({ ...process.env, ...places, ...more }, root), programFolder: join(root, 'dist'), proposes: true };
  try {
    if (!existsSync(config.dataFolder))
      await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'eval' } });
    const archive = await openArchive(config, { reads: true });
    try {
      const owner = await findTrialOwner(archive);
      if (!owner) throw new ArchiveError('account/needed', 'caller');
      return await work(archive, await openDesk(archive, owner, 'archive_work'));
    } finally {
      await archive.close();
    }
  } finally {
    if (!folder) rmSync(home, { recursive: true, force: true });
  }
}

/** Imports each dossier through the product, waits until its pages are read, and gives what the archive then holds. */
export async function readThroughArchive(
  archive: OpenArchive,
  desk: Desk,
  data: string,
  dossiers: readonly DossierFolder[],
): Promise<PredictedDossier[]> {
  const ids: string[] = [];
  for (const dossier of dossiers) ids.push(await takeDossier(archive, desk, data, dossier));
  const out: PredictedDossier[] = [];
  for (const [i, { id }] of dossiers.entries()) {
    const { total, needsPerson } = await waitUntilRead(archive, ids[i]!);
    process.stderr.write(`${id}: ${total} pages, ${needsPerson} for a person\n`);
    // Nobody asks for proposals: what the product lays by itself is measured.
    if (!(await waitUntilProposed(archive, ids[i]!))) throw new ArchiveError('proposal/failed', 'environment');
    out.push(await exportDossier(archive, desk, id, ids[i]!));
  }
  return out;
}

/** Imports a dossier that the archive does not have yet. Its id. */
export async function takeDossier(archive: OpenArchive, desk: Desk, data: string, { id, scheme }: DossierFolder): Promise<string> {
  const known = await findDossierByCode(archive, desk, id);
  if (known) return known.dossierId;
  const unitId = await findRootUnit(archive, desk);
  // Whose dossier it is, is not told: what search finds, the readings must hold.
  const subject = { kind: 'person', name: '' } as const;
  const { dossierId } = await createDossier(archive, desk, { code: id, unitId, scheme: scheme ?? DEFAULT_SCHEME, subject });
  const result = await importFiles(archive, desk, dossierId, await listFiles(join(data, id)));
  if (result.refused + result.duplicates > 0) process.stderr.write(`${id}: ${result.refused} refused, ${result.duplicates} duplicates\n`);
  return dossierId;
}

async function exportDossier(archive: OpenArchive, desk: Desk, id: string, dossierId: string): Promise<PredictedDossier> {
  const shown = await showDossier(archive, desk, dossierId, false);
  const pages: PredictedPage[] = [];
  for (const page of shown.pages) {
    const reading = await archive.db
      .system('reading')
      .tx((tx) => findReading(deskTx(tx, archive, desk.actor.accountId, 'archive_work'), archive, page.pageId, dossierId));
    pages.push({
      file: `${id}/${page.file}`,
      pageId: page.pageId,
      orientation: reading?.orientation ?? 0,
      skewDegrees: reading?.skewDegrees ?? 0,
      findings: page.findings,
      lines: reading?.lines ?? [],
    });
  }
  const view = await openDossierDesk(archive, desk, dossierId, { shown: SHOW_ALL, untilMs: null });
  const fileOf = new Map(shown.pages.map((p) => [p.pageId, `${id}/${p.file}`]));
  const materials = view.materials.map(
    (m): PredictedMaterial => ({
      pages: m.pageIds.flatMap((page) => fileOf.get(page) ?? []),
      classCode: m.classCode,
      title: m.title,
      date: m.date,
      fields: Object.fromEntries(m.fields.map((f) => [f.code, predictField(f, fileOf)])),
    }),
  );
  const { facts } = await readKeyFacts(archive, desk, dossierId, { shown: SHOW_ALL, untilMs: null });
  const pagesOf = new Map(view.materials.map((m) => [m.id, m.pageIds.flatMap((page) => fileOf.get(page) ?? [])]));
  return { id, pages, materials, keyFacts: conflictsByFact(facts, (material) => pagesOf.get(material) ?? []) };
}

/** A field as the archive holds it: one that a person typed is sure. */
const predictField = (field: FieldValue, fileOf: ReadonlyMap<string, string>): PredictedField => ({
  value: field.value,
  confidence: field.confidence01 ?? 1,
  page: field.pageId ? (fileOf.get(field.pageId) ?? null) : null,
  box: (field.box as PredictedField['box']) ?? null,
});
