/** The dossier of bench/review.ts: several dossiers of a truth.json joined into one person's, imported from their scans, with readings made of the truth. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Reading } from '@lantai/reading';
import { SHOW_ALL } from '@lantai/search';
import { deskTx, importFiles, insertFindings, openDossierDesk, queueProposals, waitUntilProposed } from '@lantai/server';
import { storeReading } from '../apps/server/src/ingest/readings.ts';
import type { PredictedDossier, PredictedPage } from '../tools/eval/prediction.ts';
import { ROOT, type ServedArchive } from './served-archive.ts';

/** What a material is in truth. */
export interface TrueMaterial {
  readonly classCode: string;
  readonly title: string;
  /** Partial date, `2008-12-25`. */
  readonly date: string | null;
  /** Names of its page files, as imported. */
  readonly pages: readonly string[];
}

interface TruePage {
  file: string;
  readonly defects: { duplicateOf?: string };
  readonly nodes: { text: string }[];
}

interface TrueDossier {
  readonly id: string;
  readonly scheme: string;
  readonly person: { readonly name: string };
  readonly materials: readonly TrueMaterial[];
  readonly pages: readonly TruePage[];
}

/** Dossiers of one scheme joined into one. */
export interface JoinedDossier {
  readonly of: readonly string[];
  readonly materials: readonly TrueMaterial[];
  readonly pages: readonly TruePage[];
  /** The scan of each page, in their order. */
  readonly scans: readonly string[];
}

/**
 * Takes dossiers of the folders in turn until there are so many pages, or no more.
 * Everybody becomes one person: the names on the pages are replaced by `name`, for a dossier of six subjects would be another task.
 * @throws Error the folders hold no dossier of the scheme
 */
export function joinDossiers(
  folders: readonly string[],
  wanted: { readonly pages: number; readonly scheme: string; readonly name: string },
): JoinedDossier {
  const joined = { of: [] as string[], materials: [] as TrueMaterial[], pages: [] as TruePage[], scans: [] as string[] };
  for (const folder of folders) {
    const { dossiers } = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as { dossiers: TrueDossier[] };
    for (const dossier of dossiers) {
      if (dossier.scheme !== wanted.scheme || joined.pages.length >= wanted.pages) continue;
      const newNames = new Map(dossier.pages.map((page, i) => [page.file, `${String(joined.pages.length + i + 1).padStart(4, '0')}.jpg`]));
      const renamed = (file: string) => newNames.get(file) ?? file;
      joined.of.push(dossier.id);
      joined.scans.push(...dossier.pages.map((page) => join(folder, page.file)));
      joined.materials.push(...dossier.materials.map((m) => ({ ...m, pages: m.pages.map(renamed) })));
      for (const page of dossier.pages) {
        const { duplicateOf } = page.defects;
        const nodes = page.nodes.map((node) => ({ ...node, text: node.text.replaceAll(dossier.person.name, wanted.name) }));
        const defects = { ...page.defects, ...(duplicateOf ? { duplicateOf: renamed(duplicateOf) } : {}) };
        joined.pages.push({ ...page, file: renamed(page.file), defects, nodes });
      }
    }
  }
  if (!joined.pages.length) throw new Error(`no dossier of ${wanted.scheme} in ${folders.join(', ')}`);
  return joined;
}

/** Readings of the pages as recognition would give them: `npm run eval:simulate`, characters misread at the rates measured on the samples. */
function simulateReadings(joined: JoinedDossier, misreadTimes: number): readonly PredictedPage[] {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-review-'));
  try {
    const truth = join(folder, 'joined.json');
    writeFileSync(truth, JSON.stringify({ dossiers: [{ id: 'joined', scheme: '', materials: [], pages: joined.pages }] }));
    const simulator = resolve(ROOT, 'tools/eval/simulate.ts');
    const args = ['--import', 'tsx', simulator, '--truth', truth, '--out', folder, '--errors', String(misreadTimes)];
    execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    const { dossiers } = JSON.parse(readFileSync(join(folder, 'readings.json'), 'utf8')) as { dossiers: PredictedDossier[] };
    return dossiers[0]!.pages;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A digest that no other page has: which sheets are the same is told by the truth, not measured. */
const readingOf = (page: PredictedPage): Reading => ({
  engine: 'bench',
  version: '1',
  widthPx: page.widthPx ?? 0,
  heightPx: page.heightPx ?? 0,
  orientation: page.orientation,
  skewDegrees: page.skewDegrees,
  lines: page.lines.map((line) => ({ text: line.text, box: line.box, confidence01: line.confidence01 ?? 1, source: 'normal' as const })),
  pageDigest: randomBytes(44).toString('hex'),
});

/** The dossier as the desk holds it, everything shown. */
export const readView = ({ web, desk }: ServedArchive, dossierId: string) =>
  openDossierDesk(web.archive, desk, dossierId, { shown: SHOW_ALL, untilMs: null });

/**
 * Imports the scans, stores the readings with what the read step says of blank and repeated sheets, and waits until the product laid its
 * proposals by itself. Its id, and how long the proposing took.
 * @throws Error a page was not received, or no proposals came
 */
export async function layDossier(
  archive: ServedArchive,
  joined: JoinedDossier,
  misreadTimes: number,
): Promise<{ dossierId: string; proposingMs: number }> {
  const { web, desk } = archive;
  const dossierId = await archive.makeDossier('R100');
  const files = joined.scans.map((scan, i) => {
    const bytes = readFileSync(scan);
    return { path: joined.pages[i]!.file, byteCount: bytes.length, read: async () => bytes };
  });
  const { pages } = await importFiles(web.archive, desk, dossierId, files);
  if (pages !== joined.pages.length) throw new Error(`received ${pages} of ${joined.pages.length}`);
  const view = await readView(archive, dossierId);
  const idOf = new Map(view.pages.map((page) => [page.fileName, page.id]));
  const originals = new Map(joined.pages.map((page) => [page.file, page.defects.duplicateOf ?? null]));
  const readings = simulateReadings(joined, misreadTimes);
  await web.archive.db.system('reading').tx(async (raw) => {
    const tx = deskTx(raw, web.archive, null, 'archive_work');
    const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      'select fonds_id, unit_id, category, level from dossier where id = $1',
      [dossierId],
    );
    if (!row) throw new Error('no dossier');
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    for (const page of readings) {
      const pageId = idOf.get(page.file);
      if (!pageId) throw new Error(`${page.file} was not received`);
      await storeReading(tx, web.archive, { pageId, dossierId, place }, readingOf(page));
      const original = idOf.get(originals.get(page.file) ?? '');
      const findings = page.findings
        .filter((code) => code === 'blank' || code === 'duplicate')
        .map((code) => ({ code, severity: 'warning' as const, params: original ? { page: original } : {} }));
      await insertFindings(tx, web.archive, { dossierId, place, pageId, sourceFileId: null, step: 'read', version: '1' }, findings);
      await tx.query(`update page set read_state = 'read' where id = $1`, [pageId]);
      if (page.orientation) await tx.query('update page set turned = $2 where id = $1', [pageId, page.orientation]);
    }
  });
  const start = performance.now();
  await queueProposals(web.archive, dossierId);
  if (!(await waitUntilProposed(web.archive, dossierId))) throw new Error('no proposals came');
  return { dossierId, proposingMs: performance.now() - start };
}
