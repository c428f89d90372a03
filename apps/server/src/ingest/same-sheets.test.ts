import type { Reading } from '@lantai/reading';
import { describe, expect, it } from 'vitest';
import { openDossierDesk } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { storeReading } from './readings.ts';
import { findSameSheets } from './same-sheets.ts';

const house = useArchive();

/** A page with the given text in the upper half of a sheet; the digest tells the layout, the numbers tell one year's form from another's. */
const reading = (text: string, over: Partial<Reading> = {}): Reading => ({
  engine: 'ppocr-v4-mobile',
  version: '2',
  widthPx: 2480,
  heightPx: 3508,
  orientation: 0,
  skewDegrees: 0,
  lines: [{ text, box: [200, 200, 900, 60], confidence01: 0.99, source: 'normal' }],
  pageDigest: `${'f'.repeat(44)}${'0'.repeat(44)}`,
  ...over,
});
const FORM = '某市人事局一九九八年度工作人员考核登记表第 1998 号';
const NEXT_YEAR = '某市人事局一九九九年度工作人员考核登记表第 1999 号';

async function readPages(pages: readonly (readonly [pageId: string, read: Reading])[], dossierId: string): Promise<void> {
  const { archive } = house;
  const row = await archive.db
    .system('test')
    .one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      'select fonds_id, unit_id, category, level from dossier where id = $1',
      [dossierId],
    );
  const place = { fondsId: row!.fonds_id, unitId: row!.unit_id, category: row!.category, level: row!.level };
  await Promise.all(
    pages.map(([pageId, read]) =>
      archive.db.system('test').tx(async (raw) => {
        const tx = deskTx(raw, archive, null, 'archive_work');
        await storeReading(tx, archive, { pageId, dossierId, place }, read);
        await findSameSheets(tx, archive, { pageId, dossierId, place }, read);
      }),
    ),
  );
}

async function openPages(names: readonly string[]) {
  const dossierId = await house.addDossier();
  await house.importPages(dossierId, names);
  const idOf = new Map((await (await openDossierDesk(house.archive, await house.desk(), dossierId)).pages).map((p) => [p.fileName, p.id]));
  const marksOf = async (code: string) => {
    const { pages } = await openDossierDesk(house.archive, await house.desk(), dossierId);
    const nameOf = new Map(pages.map((p) => [p.id, p.fileName]));
    return pages.flatMap((p) =>
      p.findings.filter((f) => f.code === code).map((f) => `${p.fileName} of ${nameOf.get(String(f.params?.page))}`),
    );
  };
  return {
    dossierId,
    pageId: (name: string) => idOf.get(name)!,
    marks: () => marksOf('duplicate'),
    nearMarks: () => marksOf('near_duplicate'),
  };
}

describe('sheets that were fed twice', () => {
  it.each([
    ['in the order of arrival', ['1.png', '2.png', '3.png']],
    ['the copies first', ['3.png', '2.png', '1.png']],
    ['the original in the middle', ['2.png', '1.png', '3.png']],
  ])('are marked on every later page, naming the first, when read %s', async (_, order) => {
    const { dossierId, pageId, marks } = await openPages(['1.png', '2.png', '3.png']);
    for (const name of order) await readPages([[pageId(name), reading(FORM)]], dossierId);
    expect(await marks()).toEqual(['2.png of 1.png', '3.png of 1.png']);
  });

  it('are found when both are read at the same moment, once however often they are read', async () => {
    const { dossierId, pageId, marks } = await openPages(['1.png', '2.png']);
    const both = ['1.png', '2.png'].map((name) => [pageId(name), reading(FORM)] as const);
    await readPages(both, dossierId);
    expect(await marks()).toEqual(['2.png of 1.png']);
    await readPages([...both].reverse(), dossierId);
    expect(await marks()).toEqual(['2.png of 1.png']);
  });

  it('are not the same form of another year, nor a sheet of another layout, nor the page of another dossier', async () => {
    const here = await openPages(['1.png', '2.png', '3.png']);
    const there = await openPages(['1.png']);
    const other = reading(FORM, { pageDigest: `${'0'.repeat(44)}${'f'.repeat(44)}` });
    await readPages([[there.pageId('1.png'), reading(FORM)]], there.dossierId);
    for (const [name, read] of [
      ['1.png', reading(FORM)],
      ['2.png', reading(NEXT_YEAR)],
      ['3.png', other],
    ] as const)
      await readPages([[here.pageId(name), read]], here.dossierId);
    expect([...(await here.marks()), ...(await there.marks())]).toEqual([]);
  });

  it('are told apart from a copy with something added, which is told of as near', async () => {
    const { dossierId, pageId, marks, nearMarks } = await openPages(['1.png', '2.png', '3.png']);
    const numbers = '1998 12 30 4412 77 5018';
    const signed = `${FORM} ${numbers} 同意定为优秀等次并予以奖励单位盖章`;
    for (const [name, text] of [
      ['2.png', signed],
      ['1.png', `${FORM} ${numbers}`],
      ['3.png', `${NEXT_YEAR} 1999 12 28 5120 81 6033`],
    ] as const)
      await readPages([[pageId(name), reading(text)]], dossierId);
    expect(await marks()).toEqual([]);
    expect(await nearMarks()).toEqual(['2.png of 1.png']);
  });

  it('lose their mark when a better engine reads them apart', async () => {
    const { dossierId, pageId, marks } = await openPages(['1.png', '2.png']);
    await readPages([[pageId('1.png'), reading(FORM)]], dossierId);
    await readPages([[pageId('2.png'), reading(FORM)]], dossierId);
    expect(await marks()).toEqual(['2.png of 1.png']);
    await readPages([[pageId('1.png'), reading(NEXT_YEAR, { version: '3' })]], dossierId);
    expect(await marks()).toEqual([]);
  });
});
