import { formatSeparator } from '@lantai/catalogue';
import { receiveFile } from '@lantai/documents';
import { writeSeparatorsPdf } from '@lantai/documents/sheets';
import * as images from '@lantai/images';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDossierByCode, openDossierDesk } from '../catalogue/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { importUploads } from './import-uploads.ts';
import { appendUpload, createUpload, type FileOutcome, getUpload, importSeparated, startUploadImport } from './index.ts';

const a = useArchive();
let seed = 0;
const home = { dossierId: '', code: 'P5101', scheme: 'cadre-2018' };
let other = '';
beforeAll(async () => {
  home.dossierId = await a.addDossier({ code: home.code });
  other = await a.addDossier({ code: 'P5102' });
});

/** Separator sheets as a scanner gives them. */
async function scansOf(codes: readonly string[]): Promise<Uint8Array[]> {
  const sheets = codes.map((code) => ({ code, dossier: 'P', lines: [String(++seed)] }));
  const pdf = await writeSeparatorsPdf({ kind: 'sheets', sheets, printedOn: { year: 2026 } });
  const scans: Uint8Array[] = [];
  for await (const page of receiveFile(pdf, images, { check: 'structure', depth: 0 })) if (page.kind === 'page') scans.push(page.bytes);
  return scans;
}

/** A batch: a separator by its text, `-` for a page. */
async function take(batch: readonly string[]) {
  const sheets = await scansOf(batch.filter((b) => b !== '-'));
  const files = batch.map((b, at) => {
    const bytes = b === '-' ? makeSmallPng(5_000_000 + ++seed) : sheets.shift()!;
    return { path: `${String(at).padStart(3, '0')}.png`, byteCount: bytes.length, read: async () => bytes };
  });
  const outcomes: FileOutcome[] = [];
  const again = async () => importSeparated(a.archive, await a.desk(), home, files, { onOutcome: (o) => void outcomes.push(o) });
  return { result: await again(), outcomes, again };
}
const of = (dossier: string, classCode: string | null = null, isMaterial = false) => formatSeparator({ dossier, classCode, isMaterial });
async function laid(dossierId: string) {
  const view = await openDossierDesk(a.archive, await a.desk(), dossierId);
  const names = new Map(view.pages.map((p) => [p.id, p.fileName]));
  return {
    pages: view.pages.map((p) => p.fileName),
    materials: view.materials.map((m) => [m.classCode, m.state, m.pageIds.map((id) => names.get(id))]),
  };
}

describe('separator sheets in a batch', () => {
  it('switch class, material and dossier for what follows, and are kept but never filed', async () => {
    const one = of('P5101', '1', true);
    const { result, outcomes, again } = await take(['-', one, '-', '-', one, '-', of('P5101', '4-1'), '-', of('P5102', '10', true), '-']);
    expect(result).toMatchObject({ pages: 6, separators: 4, dossiers: 2, refused: 0 });
    expect(outcomes.filter((o) => o.outcome === 'kept')).toHaveLength(4);
    expect(await laid(home.dossierId)).toEqual({
      pages: ['000.png', '002.png', '003.png', '005.png', '007.png'],
      materials: [
        ['1', 'proposed', ['002.png', '003.png']],
        ['1', 'proposed', ['005.png']],
      ],
    });
    expect((await laid(other)).materials).toEqual([['10', 'proposed', ['009.png']]]);
    const findings = await a.archive.db
      .system('test')
      .query<{ code: string }>(`select code from finding where dossier_id = $1 and code like 'separator/%'`, [home.dossierId]);
    expect(findings.map((f) => f.code)).toEqual(['separator/kept', 'separator/kept', 'separator/kept']);
    expect(await again()).toMatchObject({ pages: 0, duplicates: 10 });
    expect((await laid(home.dossierId)).materials).toHaveLength(2);
  });

  it('that are wrong or unknown file nothing: what follows is refused up to the next good one', async () => {
    const count = async () =>
      (await a.desk()).sql.one<{ n: number }>('select count(*)::int as n from page where dossier_id = $1', [home.dossierId]);
    const before = await count();
    const damaged = of('P5101', '1', true).replace('P5101', 'P5201');
    const { outcomes } = await take([damaged, '-', of('P5999', '1'), '-', of('P5101', '4', true), '-', of('P5101', '2', true), '-']);
    expect(outcomes.map((o) => [o.file, o.outcome, o.code]).sort()).toEqual([
      ['000.png', 'refused', 'separator/damaged'],
      ['001.png', 'refused', 'separator/behind-unsure'],
      ['002.png', 'refused', 'separator/dossier-unknown'],
      ['003.png', 'refused', 'separator/dossier-unknown'],
      ['004.png', 'refused', 'separator/class-unknown'],
      ['005.png', 'refused', 'separator/behind-unsure'],
      ['006.png', 'kept', null],
      ['007.png', 'pages', null],
    ]);
    expect((await count())!.n).toBe(before!.n + 1);
  });

  it('of a dossier out of reach are as good as unknown', async () => {
    const unitId = await a.addUnit('B51');
    const dossierId = await a.addDossier({ code: 'P5103', unitId });
    const clerk = await a.desk(await a.addAccount({ role: 'archivist', unitId }));
    const head = await findDossierByCode(a.archive, clerk, 'P5103');
    const [sheet] = await scansOf([of('P5101', '1', true)]);
    const files = [sheet!, makeSmallPng(5_900_001)].map((bytes, at) => ({
      path: `${at}.png`,
      byteCount: bytes.length,
      read: async () => bytes,
    }));
    const outcomes: FileOutcome[] = [];
    await importSeparated(a.archive, clerk, { dossierId, code: head!.code, scheme: head!.scheme }, files, {
      onOutcome: (o) => void outcomes.push(o),
    });
    expect(outcomes.map((o) => o.code)).toEqual(['separator/dossier-unknown', 'separator/dossier-unknown']);
  });
});

describe('separator sheets among uploads', () => {
  it('lead where they say, refusals are written down, and a run cut short goes on where it was', async () => {
    const one = of('P5101', '1', true);
    const batch = [one, '-', '-', of('P5102', '10', true), '-', of('P5101', '99', true), '-', of('P5101', '5', true), '-'];
    const sheets = await scansOf(batch.filter((b) => b !== '-'));
    const desk = await a.desk();
    const uploads: { uploadId: string; path: string }[] = [];
    for (const [at, b] of batch.entries()) {
      const bytes = b === '-' ? makeSmallPng(7_000_000 + ++seed) : sheets.shift()!;
      const id = await createUpload(a.archive, desk.actor.accountId, bytes.length);
      const body = (async function* () {
        yield bytes;
      })();
      await appendUpload(a.archive, await getUpload(a.archive, desk.actor.accountId, id), 0, body);
      uploads.push({ uploadId: id, path: `up-${at}.png` });
    }
    const importId = await startUploadImport(a.archive, desk, home.dossierId, uploads, { separated: true });
    // Power goes when the second page was settled.
    let settled = 0;
    const pass = (moment: string) => {
      if (moment === 'upload-settled' && ++settled === 3) throw new Error('power cut');
    };
    await expect(importUploads({ ...a.archive, moments: { pass } as never }, importId)).rejects.toThrow('power cut');
    await importUploads(a.archive, importId);
    const mine = await laid(home.dossierId);
    expect(mine.materials).toContainEqual(['1', 'proposed', ['up-1.png', 'up-2.png']]);
    expect(mine.materials).toContainEqual(['5', 'proposed', ['up-8.png']]);
    expect((await laid(other)).materials).toContainEqual(['10', 'proposed', ['up-4.png']]);
    expect([...mine.pages, ...(await laid(other)).pages]).not.toContain('up-6.png');
    const sql = a.archive.db.system('test');
    const codes = await sql.query<{ code: string }>(
      `select distinct code from source_file where import_id = $1 and outcome = 'refused' order by 1`,
      [importId],
    );
    expect(codes.map((r) => r.code)).toEqual(['separator/behind-unsure', 'separator/class-unknown']);
    expect(await sql.query('select 1 from import_upload where import_id = $1', [importId])).toEqual([]);
    expect(await sql.query('select distinct dossier_id from import where of_import = $1', [importId])).toEqual([{ dossier_id: other }]);
    expect(await sql.one('select state from import where id = $1', [importId])).toEqual({ state: 'done' });
  });
});
