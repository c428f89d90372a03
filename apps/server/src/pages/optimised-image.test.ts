import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHOW_ALL } from '@lantai/search';
import { describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { createChildPool, type DecoderRequest, type OptimisedReply } from '../children/index.ts';
import { deskTx } from '../desk/index.ts';
import { importFiles, listFiles } from '../ingest/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { checkArchive } from '../keeping/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { optimiseRead, queueOptimising } from './optimise-read.ts';
import { ensureOptimised, findRecipe } from './optimised-image.ts';
import { PageImages } from './page-images.ts';
import { openPageBytes, redeemView, viewPage } from './view-page.ts';

const house = useArchive();
const SAMPLE = join(import.meta.dirname, '../../../../samples/P1101');
const scan = readFileSync(join(SAMPLE, '001.jpg'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A dossier with one scanned page, read as lying askew by so much unless it was not read. */
async function openPage(skewDegrees: number | null, of: 'sample' | 'small' = 'small'): Promise<{ dossierId: string; pageId: string }> {
  const { archive } = house;
  const dossierId = await house.addDossier();
  const files = (await listFiles(SAMPLE)).filter((f) => f.path.endsWith('001.jpg'));
  if (of === 'sample') await importFiles(archive, await house.desk(), dossierId, files);
  else await house.importPages(dossierId, ['1.png']);
  const [page] = (await openDossierDesk(archive, await house.desk(), dossierId)).pages;
  const pageId = page!.id;
  if (skewDegrees !== null)
    await archive.db.system('test').tx(async (raw) => {
      const tx = deskTx(raw, archive, null, 'archive_work');
      const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
        'select fonds_id, unit_id, category, level from page where id = $1',
        [pageId],
      );
      const place = { fondsId: row!.fonds_id, unitId: row!.unit_id, category: row!.category, level: row!.level };
      const read = {
        engine: 'test',
        version: '1',
        widthPx: 2480,
        heightPx: 3508,
        orientation: 0,
        skewDegrees,
        lines: [],
        pageDigest: '',
      } as const;
      await storeReading(tx, archive, { pageId, dossierId, place }, read);
    });
  return { dossierId, pageId };
}

const objectsOf = (dossierId: string) =>
  house.archive.db
    .system('test')
    .query<{ kind: string }>('select kind from stored_object where dossier_id = $1 order by kind', [dossierId]);

describe('the optimised image', () => {
  it('stands beside the raw one, sealed, with a recipe that makes it again bit for bit in another process', async () => {
    const { archive } = house;
    const { dossierId, pageId } = await openPage(-0.7, 'sample');
    await ensureOptimised(archive, pageId);
    const recipe = await findRecipe(archive, pageId);
    const { bytes } = await openPageBytes(archive, dossierId, pageId, 'optimised');
    expect(sha256((await openPageBytes(archive, dossierId, pageId)).bytes)).toBe(sha256(scan));
    expect(recipe).toMatchObject({ name: 'lantai-optimise', inputSha256: sha256(scan), outputSha256: sha256(bytes) });
    expect(Object.keys(recipe!.libraries)).toEqual(['node', 'sharp', 'vips', 'mozjpeg']);

    const other = createChildPool({ entry: 'decoder', count: 1, memoryLimitMb: 1500, timeoutMs: 120_000 });
    const { orientation, skewDegrees } = recipe!.parameters;
    const request = { kind: 'optimise', orientation, skewDegrees, resolutionDpi: 300 } as const;
    const again = await other.run<DecoderRequest, OptimisedReply>(request, [new Uint8Array(scan)]);
    await other.close();
    expect(sha256(again.bytes[0]!)).toBe(recipe!.outputSha256);
    const { inputSha256: _in, outputSha256: _out, ...made } = recipe!;
    expect(again.reply.recipe).toEqual(made);
  });

  it('is made once however often it is asked for, and anew, in its place, when the page was turned', async () => {
    const { archive } = house;
    const { dossierId, pageId } = await openPage(0.4);
    await Promise.all([ensureOptimised(archive, pageId), ensureOptimised(archive, pageId)]);
    await ensureOptimised(archive, pageId);
    const first = await findRecipe(archive, pageId);
    expect((await objectsOf(dossierId)).map((o) => o.kind)).toEqual(['optimised', 'raw']);
    const entries = () =>
      archive.db.system('test').query(`select 1 from entry where kind = 'page.optimised' and dossier_id = $1`, [dossierId]);
    expect(await entries()).toHaveLength(1);

    const desk = await openDossierDesk(archive, await house.desk(), dossierId);
    const turn = { baseVersion: desk.version, operations: [{ type: 'turnPage' as const, pageId, turned: 90 as const }] };
    await operateDossier(archive, await house.desk(), dossierId, turn, { shown: SHOW_ALL, untilMs: null });
    await ensureOptimised(archive, pageId);
    expect((await findRecipe(archive, pageId))?.parameters.orientation).toBe(90);
    expect((await findRecipe(archive, pageId))?.outputSha256).not.toBe(first?.outputSha256);
    expect((await objectsOf(dossierId)).map((o) => o.kind)).toEqual(['optimised', 'raw']);
    expect(await entries()).toHaveLength(2);
    expect((await checkArchive(archive)).findings).toEqual([]);
  });

  it('is shown by tiles of its own size to whoever may look, and to nobody else', async () => {
    const { archive } = house;
    const { pageId } = await openPage(0);
    const desk = await house.desk();
    const view = await viewPage(archive, desk, pageId, null, 'optimised');
    const opened = await redeemView(archive, view.token, desk.actor, null);
    expect(opened.page).toMatchObject({ image: 'optimised', imageVersion: 1, turned: 0, widthPx: view.widthPx, heightPx: view.heightPx });
    const parts = { region: 'full', size: 'max', rotation: '0', qualityFormat: 'default.jpg' };
    const looker = { entryId: view.entryId, name: '试', utcOffsetMinutes: 480 };
    const at = { ...opened.page!, dossierId: opened.dossierId };
    expect((await new PageImages(archive).tile(at, parts, looker)).widthPx).toBe(view.widthPx);

    const elsewhere = await house.addUnit('T9');
    const stranger = await house.addAccount({ role: 'unit_clerk', unitId: elsewhere });
    const foreign = await openPage(0);
    const strangers = await house.desk(stranger);
    await expect(viewPage(archive, strangers, foreign.pageId, null, 'optimised')).rejects.toThrow('page/not-found');
    expect(await findRecipe(archive, foreign.pageId)).toBeNull();
  });

  it('waits for the reading, which tells how the scan lies', async () => {
    const { pageId } = await openPage(null);
    await expect(ensureOptimised(house.archive, pageId)).rejects.toThrow('optimised/not-read-yet');
  });
});

describe('optimised images of every page', () => {
  it('are asked for once where the archive wants them, made by the job, and left alone the second time', async () => {
    const { dossierId, pageId } = await openPage(0.4);
    const wanting = { ...house.archive, config: { ...house.archive.config, optimises: true } };
    const waiting = async () => (await house.archive.queue.list(house.archive.db, 'optimise', ['queued'], 10, 0, undefined, pageId)).length;
    await queueOptimising(house.archive);
    expect(await waiting()).toBe(0);
    await queueOptimising(wanting);
    await queueOptimising(wanting);
    expect(await waiting()).toBe(1);
    await optimiseRead(wanting, pageId);
    const made = await findRecipe(house.archive, pageId);
    expect(made?.outputSha256).toMatch(/^[0-9a-f]{64}$/);
    await optimiseRead(wanting, pageId);
    expect((await objectsOf(dossierId)).filter((o) => o.kind === 'optimised')).toHaveLength(1);
    expect(await findRecipe(house.archive, pageId)).toEqual(made);
  });

  it('are not made of a page that nobody read, nor of one that is gone', async () => {
    const { pageId } = await openPage(null);
    await optimiseRead(house.archive, pageId);
    await optimiseRead(house.archive, house.archive.clock.newId());
    expect(await findRecipe(house.archive, pageId)).toBeNull();
  });
});
