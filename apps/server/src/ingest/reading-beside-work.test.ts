import type { Reading } from '@lantai/reading';
import { describe, expect, it } from 'vitest';
import type { Archive } from '../archive/index.ts';
import { editDossiers, openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { readPage } from './read-page.ts';

const a = useArchive();

const read = (text: string, version: string): Reading => ({
  engine: 'ppocr-v4-mobile',
  version,
  widthPx: 2480,
  heightPx: 3508,
  orientation: 90,
  skewDegrees: 0,
  lines: [{ text, box: [200, 200, 900, 60], confidence01: 0.99, source: 'normal' }],
  pageDigest: 'f'.repeat(88),
});

/** The archive with readers that answer at once, after what `meanwhile` does. */
const withReaders = (reading: () => Reading, meanwhile: () => Promise<unknown> = async () => undefined): Archive => {
  const run = async () => {
    await meanwhile();
    return { reply: reading(), bytes: [] };
  };
  return { ...a.archive, readers: { run, close: async () => undefined } as never };
};

async function openPages(names: readonly string[], unitId?: string) {
  const dossierId = await a.addDossier(unitId ? { unitId } : {});
  await a.importPages(dossierId, names);
  const { pages } = await openDossierDesk(a.archive, await a.desk(), dossierId);
  const waiting = (pageId: string) => a.archive.db.system('test').query(`update page set read_state = 'waiting' where id = $1`, [pageId]);
  return { dossierId, pageIds: pages.map((p) => p.id), waiting };
}

describe('a page that is read while people work on its dossier', () => {
  it('is found where it lies when the reading is stored, not where it lay when it began', async () => {
    const [from, to] = [await a.addUnit('U-READ-FROM'), await a.addUnit('U-READ-TO')];
    const { dossierId, pageIds, waiting } = await openPages(['1.png'], from);
    await waiting(pageIds[0]!);
    const move = async () => editDossiers(a.archive, await a.desk(), [dossierId], { unitId: to });
    await readPage(
      withReaders(() => read('迁往新单位的登记表', '1'), move),
      pageIds[0]!,
      { isLastTry: true },
    );
    const found = async (unitId: string) =>
      (await searchArchive(await a.desk(await a.addAccount({ role: 'unit_clerk', unitId })), { query: '迁往新单位' })).hits.length;
    expect([await found(from), await found(to)]).toEqual([0, 1]);
    const row = await a.archive.db
      .system('test')
      .one<{ unit_id: string }>('select unit_id from reading where page_id = $1 and current', [pageIds[0]!]);
    expect(row?.unit_id).toBe(to);
  });

  it('is left alone when it was disposed of meanwhile', async () => {
    const { pageIds, waiting } = await openPages(['1.png']);
    await waiting(pageIds[0]!);
    const remove = () => a.archive.db.system('test').query('delete from page where id = $1', [pageIds[0]!]);
    await readPage(
      withReaders(() => read('已销毁', '1'), remove),
      pageIds[0]!,
      { isLastTry: true },
    );
    expect(await a.archive.db.system('test').one('select 1 as one from page_gram where page_id = $1', [pageIds[0]!])).toBeNull();
  });

  it('neither stops them nor is stopped, and is filed as they left it', async () => {
    const { dossierId, pageIds, waiting } = await openPages(['1.png', '2.png', '3.png', '4.png']);
    const desk = await a.desk();
    let rounds = 0;
    const work = async () => {
      for (let round = 1; round <= 12; round++) {
        const classCode = round % 2 ? '1' : '2';
        const { version } = await openDossierDesk(a.archive, desk, dossierId);
        const assemble = { type: 'assemble' as const, pageIds, edit: { classCode, title: '履历表' } };
        const view = await operateDossier(a.archive, desk, dossierId, { baseVersion: version, operations: [assemble] });
        const turn = { type: 'turnPage' as const, pageId: pageIds[round % 4]!, turned: ([0, 90, 180, 270] as const)[round % 4]! };
        await operateDossier(a.archive, desk, dossierId, { baseVersion: view.version, operations: [turn] });
        rounds = round;
      }
    };
    const readAgain = async (pageId: string) => {
      for (let version = 1; rounds < 12; version++) {
        await waiting(pageId);
        await readPage(
          withReaders(() => read('某市人事局考核登记表', String(version))),
          pageId,
          { isLastTry: false },
        );
      }
    };
    await Promise.all([work(), ...pageIds.map(readAgain)]);
    const { hits } = await searchArchive(desk, { query: '考核登记表', filters: { classCodes: ['2'] } });
    expect(new Set(hits.filter((h) => h.dossierId === dossierId).map((h) => h.pageId))).toEqual(new Set(pageIds));
  });
});
