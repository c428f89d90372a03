import { drawSample, type Station } from '@lantai/catalogue';
import { beforeAll, describe, expect, it } from 'vitest';
import { listDossiers } from '../catalogue/index.ts';
import { declareSlip, readCount } from '../counting/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import {
  claimStation,
  createBatch,
  finishClaim,
  judgePage,
  listBatches,
  listClaims,
  type NewBatch,
  readBatch,
  readClaim,
  releaseClaim,
  returnClaim,
} from './index.ts';

const a = useArchive();
let [staff, second, scanner, colleague, rival]: Actor[] = [];
let [company, otherCompany] = ['', ''];
let count = 0;

const deskOf = (actor: Actor | undefined) => openDesk(a.archive, actor!, 'archive_work');
const sql = () => a.archive.db.system('test');
const batchOf = async (dossierIds: readonly string[], over: Partial<NewBatch> = {}) =>
  createBatch(await deskOf(staff), {
    ...{ code: `B${++count}`, dossierIds, contractorUnitId: company, sampling: { kind: 'full' }, limitPercent: 0, claimHours: 8 },
    ...over,
  });
const claim = async (by: Actor | undefined, batchId: string, station: Station, dossierCode: string | null = null) =>
  claimStation(a.archive, await deskOf(by), { batchId, station, dossierCode });
const finish = async (by: Actor | undefined, claimId: string) => finishClaim(a.archive, await deskOf(by), claimId);
const pass = async (by: Actor | undefined, batchId: string, station: Station) => finish(by, await claim(by, batchId, station));
const judgeAll = async (by: Actor | undefined, claimId: string) => {
  const { pages } = await readClaim(a.archive, await deskOf(by), claimId);
  for (const { pageId } of pages) await judgePage(a.archive, await deskOf(by), claimId, pageId, { verdict: 'pass', defects: [] });
};
const sees = async (by: Actor | undefined, dossierId: string) => {
  const { items } = await listDossiers(a.archive, await deskOf(by), {});
  return items.some((d) => d.id === dossierId);
};
const found = (by: Actor | undefined) => deskOf(by).then((desk) => searchArchive(desk, { query: '靳松年' }));
const code = async (dossierId: string) => (await sql().one<{ code: string }>('select code from dossier where id = $1', [dossierId]))!.code;
const bringIn = async (by: Actor | undefined, dossierId: string) => {
  const bytes = makeSmallPng(1000 + ++count);
  return importFiles(a.archive, await deskOf(by), dossierId, [{ path: `${count}.png`, byteCount: bytes.length, read: async () => bytes }]);
};

/** A dossier with three pages that stands at a station. */
async function standingAt(station: Station, over: Partial<NewBatch> = {}): Promise<{ batchId: string; dossierId: string }> {
  const dossierId = await a.addDossier({ name: '靳松年' });
  await a.importPages(dossierId, ['1.png', '2.png', '3.png']);
  await declareSlip(await deskOf(staff), dossierId, { sheets: 2, faces: 3, blankFaces: 0, note: '' });
  const batchId = await batchOf([dossierId], over);
  await sql().query('update batch_dossier set station = $2 where batch_id = $1', [batchId, station]);
  return { batchId, dossierId };
}

beforeAll(async () => {
  [company, otherCompany] = [await a.addUnit('W1'), await a.addUnit('W2')];
  const contractor = async (unitId: string) => a.addAccount({ role: 'contractor', unitId });
  [staff, second] = [await a.addAccount({ role: 'archivist' }), await a.addAccount({ role: 'archivist' })];
  [scanner, colleague, rival] = [await contractor(company), await contractor(company), await contractor(otherCompany)];
});

describe('a contractor', () => {
  it('sees a dossier while it has claimed it, and neither before nor after', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    expect(await sees(scanner, dossierId)).toBe(false);
    await expect(readCount(a.archive, await deskOf(scanner), dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(bringIn(scanner, dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    const claimId = await claim(scanner, batchId, 'scan');
    expect(await sees(scanner, dossierId)).toBe(true);
    expect((await readCount(a.archive, await deskOf(scanner), dossierId)).received.images).toBe(3);
    expect((await bringIn(scanner, dossierId)).pages).toBe(1);
    // Nobody else of the company sees it with that.
    expect(await sees(colleague, dossierId)).toBe(false);
    await releaseClaim(await deskOf(scanner), claimId);
    expect(await sees(scanner, dossierId)).toBe(false);
    await expect(readCount(a.archive, await deskOf(scanner), dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(bringIn(scanner, dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(finish(scanner, claimId)).rejects.toMatchObject({ code: 'claim/over' });
  });

  it('sees nothing any more when the time of its claim is over, and another may claim it', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    const claimId = await claim(scanner, batchId, 'scan');
    await expect(claim(colleague, batchId, 'scan')).rejects.toMatchObject({ code: 'station/nothing-waiting' });
    await sql().query('update station_claim set from_ms = 1, until_ms = 2 where id = $1', [claimId]);
    expect(await sees(scanner, dossierId)).toBe(false);
    await expect(finish(scanner, claimId)).rejects.toMatchObject({ code: 'claim/over' });
    const next = await claim(colleague, batchId, 'scan');
    expect(await sees(colleague, dossierId)).toBe(true);
    expect(await sql().one('select outcome from station_claim where id = $1', [claimId])).toEqual({ outcome: 'expired' });
    await finish(colleague, next);
  });

  it('claims out of its own batches alone, also by the code on a slip', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    const other = await standingAt('scan', { contractorUnitId: otherCompany });
    await expect(claim(rival, batchId, 'scan')).rejects.toMatchObject({ code: 'batch/not-found' });
    await expect(claim(rival, other.batchId, 'scan', await code(dossierId))).rejects.toMatchObject({ code: 'station/nothing-waiting' });
    await expect(readBatch(a.archive, await deskOf(rival), batchId)).rejects.toMatchObject({ code: 'batch/not-found' });
    expect((await listBatches(a.archive, await deskOf(rival))).items.map((b) => b.id)).toEqual([other.batchId]);
    await claim(scanner, batchId, 'scan', await code(dossierId));
    expect(await sees(scanner, dossierId)).toBe(true);
    expect(await sees(rival, dossierId)).toBe(false);
    // Before it claims, a batch tells it how many stand where, and no code.
    const waiting = await standingAt('scan');
    const told = await readBatch(a.archive, await deskOf(scanner), waiting.batchId);
    expect([told.lines, told.work, told.standing]).toEqual([[], [], [{ station: 'scan', pass: 1, dossiers: 1, claimed: 0 }]]);
  });

  it('claims at its own stations, and neither takes paper out nor accepts nor writes slips', async () => {
    const { batchId, dossierId } = await standingAt('take_out');
    for (const station of ['take_out', 'describe', 'link', 'accept', 'back_up', 'restore'] as const)
      await expect(claim(scanner, batchId, station)).rejects.toMatchObject({ code: 'station/own-staff' });
    await pass(staff, batchId, 'take_out');
    await claim(scanner, batchId, 'prepare');
    // At the table it receives no pages: that is for the scanner.
    await expect(bringIn(scanner, dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    const slip = declareSlip(await deskOf(scanner), dossierId, { sheets: 2, faces: 4, blankFaces: 0, note: '' });
    await expect(slip).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await expect(batchOf([dossierId], {}).then(() => 'made')).rejects.toMatchObject({ code: 'batch/elsewhere' });
    const own = createBatch(await deskOf(scanner), {
      ...{ code: 'X', dossierIds: [dossierId], contractorUnitId: company, sampling: { kind: 'full' }, limitPercent: 0, claimHours: 8 },
    });
    await expect(own).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });

  it('gets nothing classified: not into its batch, and not through it when it becomes so later', async () => {
    const secret = await a.addDossier({ name: '靳松年' });
    await sql().query('update dossier set level = 2 where id = $1', [secret]);
    await expect(batchOf([secret])).rejects.toMatchObject({ code: 'batch/classified' });
    await batchOf([secret], { contractorUnitId: null });
    const { batchId, dossierId } = await standingAt('scan');
    const claimId = await claim(scanner, batchId, 'scan');
    await sql().query('update dossier set level = 2 where id = $1', [dossierId]);
    expect(await sees(scanner, dossierId)).toBe(false);
    await expect(readClaim(a.archive, await deskOf(scanner), claimId)).rejects.toMatchObject({ code: 'claim/not-found' });
    await releaseClaim(await deskOf(staff), claimId);
    await expect(claim(scanner, batchId, 'scan')).rejects.toMatchObject({ code: 'batch/classified' });
  });

  it('serves clients of several fonds, and sees of each what it has claimed', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    const fondsId = a.archive.clock.newId();
    const unitId = a.archive.clock.newId();
    const name = (table: 'fonds' | 'unit', id: string) =>
      a.archive.sealer.seal({ kind: 'fonds', id: fondsId }, { table, column: 'name', rowId: id, version: 1 }, '另一单位');
    await a.archive.keys.create('fonds', fondsId, null);
    await sql().query('insert into fonds (id, code, name, created_at_ms) values ($1, $2, $3, 0)', [
      fondsId,
      `Z${++count}`,
      name('fonds', fondsId),
    ]);
    await sql().query('insert into unit (id, fonds_id, code, name) values ($1, $2, $3, $4)', [unitId, fondsId, 'R', name('unit', unitId)]);
    const theirs = await a.addDossier({ unitId });
    const made = await createBatch(await a.desk(), {
      ...{ code: 'C1', dossierIds: [theirs], contractorUnitId: company, sampling: { kind: 'full' }, limitPercent: 0, claimHours: 8 },
    });
    await sql().query(`update batch_dossier set station = 'prepare' where batch_id = $1`, [made]);
    await claim(scanner, batchId, 'scan');
    await claim(scanner, made, 'prepare');
    expect((await listClaims(await deskOf(scanner))).items.map((c) => c.dossierId).slice(-2)).toEqual([dossierId, theirs]);
    expect([await sees(scanner, dossierId), await sees(scanner, theirs)]).toEqual([true, true]);
    // An archivist of one fonds makes no batch of another's dossiers.
    await expect(batchOf([theirs])).rejects.toMatchObject({ code: 'dossier/not-found' });
  });

  it('searches what it has claimed and nothing else', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    const searcher = await a.addAccount({ role: 'contractor', unitId: company });
    expect((await found(searcher)).hits).toEqual([]);
    await claim(searcher, batchId, 'scan');
    expect((await found(searcher)).hits.map((h) => h.dossierId)).toEqual([dossierId]);
    expect((await found(staff)).hits.length).toBeGreaterThan(1);
  });
});

describe('an inspection', () => {
  it('is passed twice, the second time by another person than the first and than who scanned', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    await pass(scanner, batchId, 'scan');
    await pass(colleague, batchId, 'process');
    const first = await claim(colleague, batchId, 'check');
    await expect(finish(colleague, first)).rejects.toMatchObject({ code: 'station/unjudged' });
    await judgeAll(colleague, first);
    await finish(colleague, first);
    await expect(claim(colleague, batchId, 'check')).rejects.toMatchObject({ code: 'station/same-person' });
    await expect(claim(scanner, batchId, 'check')).rejects.toMatchObject({ code: 'station/same-person' });
    // A second account of the first inspector is the same person.
    const alias = await a.addAccount({ role: 'contractor', unitId: company });
    await sql().query('update account set holder_token = $2 where id = any($1::uuid[])', [
      [colleague!.accountId, alias.accountId],
      Buffer.from('aa112233445566778899aabbccddeeff', 'hex'),
    ]);
    await expect(claim(alias, batchId, 'check')).rejects.toMatchObject({ code: 'station/same-person' });
    const again = await claim(second, batchId, 'check');
    expect(await readClaim(a.archive, await deskOf(second), again)).toMatchObject({ pass: 2, inspection: { pages: 3, verdict: 'open' } });
    await judgeAll(second, again);
    await finish(second, again);
    await pass(staff, batchId, 'link');
    await pass(staff, batchId, 'accept');
    expect(await sql().one('select state from dossier where id = $1', [dossierId])).toEqual({ state: 'filed' });
    await pass(staff, batchId, 'back_up');
    await pass(staff, batchId, 'restore');
    expect((await readBatch(a.archive, await deskOf(staff), batchId)).standing).toEqual([
      { station: 'done', pass: 1, dossiers: 1, claimed: 0 },
    ]);
  });

  it('sends back what fails, with its defects, and the scanner is told why', async () => {
    const { batchId } = await standingAt('scan');
    await pass(scanner, batchId, 'scan');
    await pass(staff, batchId, 'process');
    const first = await claim(staff, batchId, 'check');
    const { pages } = await readClaim(a.archive, await deskOf(staff), first);
    const judge = async (place: number, verdict: 'pass' | 'fail', defects: string[]) =>
      judgePage(a.archive, await deskOf(staff), first, pages[place]!.pageId, { verdict, defects });
    await expect(judge(0, 'fail', [])).rejects.toMatchObject({ code: 'defect/needed' });
    await expect(judge(0, 'pass', ['blurred'])).rejects.toMatchObject({ code: 'defect/needed' });
    await expect(judge(0, 'fail', ['nonsense'])).rejects.toMatchObject({ code: 'defect/unknown' });
    await judge(0, 'fail', ['blurred', 'skewed']);
    await judge(1, 'pass', ['mark-on-paper']);
    await judge(2, 'pass', []);
    await expect(finish(staff, first)).rejects.toMatchObject({ code: 'station/failed' });
    const back = async (toStation: Station, reason = '') => returnClaim(await deskOf(staff), first, { toStation, reason });
    await expect(back('link')).rejects.toMatchObject({ code: 'station/no-way-back' });
    await back('scan', '第一页重扫');
    const again = await claim(scanner, batchId, 'scan');
    const told = await readClaim(a.archive, await deskOf(scanner), again);
    expect(told).toMatchObject({ round: 2, returned: { station: 'check', toStation: 'scan', reason: '第一页重扫' } });
    expect(told.returned?.defects).toEqual([
      { pageId: pages[0]!.pageId, code: 'blurred' },
      { pageId: pages[0]!.pageId, code: 'skewed' },
      { pageId: pages[1]!.pageId, code: 'mark-on-paper' },
    ]);
    await finish(scanner, again);
    const { work } = await readBatch(a.archive, await deskOf(staff), batchId);
    const scanned = work.find((w) => w.station === 'scan' && w.operatorId === scanner!.accountId);
    expect(scanned).toMatchObject({ passed: 2, sentBack: 1, images: 6, contractor: { unitId: company } });
    expect(work.find((w) => w.station === 'check')).toMatchObject({ returned: 1, failedPages: 1, contractor: null });
  });

  it('lets pass within the limit and no serious defect', async () => {
    const { batchId } = await standingAt('check', { limitPercent: 40 });
    const id = await claim(staff, batchId, 'check');
    await judgeAll(staff, id);
    const { pages } = await readClaim(a.archive, await deskOf(staff), id);
    const judge = async (defect: string) =>
      judgePage(a.archive, await deskOf(staff), id, pages[0]!.pageId, { verdict: 'fail', defects: [defect] });
    await judge('cut-text');
    await expect(finish(staff, id)).rejects.toMatchObject({ code: 'station/failed' });
    await judge('blurred');
    await finish(staff, id);
  });

  it('of a sample draws what its recorded seed draws, and asks for no other page', async () => {
    const { batchId, dossierId } = await standingAt('check', { sampling: { kind: 'pages', size: 2 } });
    const id = await claim(staff, batchId, 'check');
    const { pages, seed } = await readClaim(a.archive, await deskOf(staff), id);
    const all = await sql().query<{ id: string }>('select id from page where dossier_id = $1 order by arrival, id', [dossierId]);
    expect(pages.map((p) => p.pageId)).toEqual(
      drawSample(
        seed!,
        all.map((p) => p.id),
        2,
      ),
    );
    const entry = await sql().one<{ bytes: Uint8Array }>(
      `select bytes from entry where kind = 'station.claimed' and dossier_id = $1 order by id desc limit 1`,
      [dossierId],
    );
    expect(new TextDecoder().decode(entry!.bytes)).toContain(seed!);
    const undrawn = all.find((p) => !pages.some((q) => q.pageId === p.id))!.id;
    const judged = judgePage(a.archive, await deskOf(staff), id, undrawn, { verdict: 'pass', defects: [] });
    await expect(judged).rejects.toMatchObject({ code: 'page/not-found' });
    await judgeAll(staff, id);
    await finish(staff, id);
  });

  it('is no other person’s to judge', async () => {
    const { batchId } = await standingAt('check');
    const id = await claim(staff, batchId, 'check');
    const { pages } = await readClaim(a.archive, await deskOf(staff), id);
    for (const by of [second, scanner, rival])
      await expect(judgePage(a.archive, await deskOf(by), id, pages[0]!.pageId, { verdict: 'pass', defects: [] })).rejects.toMatchObject({
        code: 'claim/not-found',
      });
  });
});

describe('a batch', () => {
  it('counts what was declared against what came, of all its dossiers', async () => {
    const [one, other] = [await a.addDossier(), await a.addDossier()];
    await a.importPages(one, ['1.png']);
    await a.importPages(other, ['1.png', '2.png', '3.png']);
    for (const id of [one, other]) await declareSlip(await deskOf(staff), id, { sheets: 1, faces: 2, blankFaces: 0, note: '' });
    const batchId = await batchOf([one, other], { contractorUnitId: null });
    expect((await readBatch(a.archive, await deskOf(staff), batchId)).count).toEqual({
      ...{ dossiers: 2, declared: 2, sheets: 2, faces: 4, blankFaces: 0, images: 4, differing: 2, missing: 1, tooMany: 1 },
    });
  });

  it('begins with a slip, needs images behind the scanner, and is accepted by the gate of counting alone', async () => {
    const dossierId = await a.addDossier();
    const batchId = await batchOf([dossierId]);
    const out = await claim(staff, batchId, 'take_out');
    await expect(finish(staff, out)).rejects.toMatchObject({ code: 'slip/none' });
    await declareSlip(await deskOf(staff), dossierId, { sheets: 2, faces: 3, blankFaces: 0, note: '' });
    await finish(staff, out);
    await pass(staff, batchId, 'prepare');
    await pass(staff, batchId, 'describe');
    const scan = await claim(scanner, batchId, 'scan');
    await expect(finish(scanner, scan)).rejects.toMatchObject({ code: 'station/no-images' });
    await bringIn(scanner, dossierId);
    await finish(scanner, scan);
    await sql().query(`update batch_dossier set station = 'accept' where batch_id = $1`, [batchId]);
    const accept = await claim(staff, batchId, 'accept');
    await expect(finish(staff, accept)).rejects.toMatchObject({ code: 'filing/exception-open' });
    expect(await sql().one('select state from dossier where id = $1', [dossierId])).toEqual({ state: 'open' });
  });

  it('is of dossiers that one may change, of a contractor that there is, and once of each', async () => {
    const dossierId = await a.addDossier();
    const elsewhere = await a.addAccount({ role: 'archivist', unitId: await a.addUnit(`U${++count}`) });
    const make = async (by: Actor | undefined, over: Partial<NewBatch> = {}) =>
      createBatch(await deskOf(by), {
        ...{ code: 'T1', dossierIds: [dossierId], contractorUnitId: null, sampling: { kind: 'full' }, limitPercent: 0, claimHours: 8 },
        ...over,
      });
    await expect(make(elsewhere)).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(make(staff, { contractorUnitId: a.rootUnitId })).rejects.toMatchObject({ code: 'contractor/not-found' });
    const batchId = await make(staff);
    await expect(make(staff)).rejects.toMatchObject({ code: 'batch/elsewhere' });
    await expect(make(staff, { dossierIds: [await a.addDossier()] })).rejects.toMatchObject({ code: 'batch/code-taken' });
    await expect(claim(elsewhere, batchId, 'take_out')).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(readBatch(a.archive, await deskOf(elsewhere), batchId)).rejects.toMatchObject({ code: 'batch/not-found' });
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(claim(clerk, batchId, 'take_out')).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });

  it('is taken out of a hand by whoever keeps the dossier, and by nobody else', async () => {
    const { batchId, dossierId } = await standingAt('scan');
    const id = await claim(scanner, batchId, 'scan');
    await expect(releaseClaim(await deskOf(rival), id)).rejects.toMatchObject({ code: 'claim/not-found' });
    await releaseClaim(await deskOf(second), id);
    expect(await sees(scanner, dossierId)).toBe(false);
    await expect(releaseClaim(await deskOf(second), id)).rejects.toMatchObject({ code: 'claim/over' });
  });
});
