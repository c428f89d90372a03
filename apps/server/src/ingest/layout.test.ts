import type { Desk as DeskView } from '@lantai/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { openDossierDesk, operateDossier, readDossierDetail } from '../catalogue/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { LOCKED_PDF } from '../testing/locked-pdf.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { importFiles } from './import-files.ts';
import { unlockFile } from './unlock-file.ts';

const a = useArchive();
let dossierId = '';
let seed = 0;

beforeEach(async () => {
  dossierId = await a.addDossier();
});

const look = async (): Promise<DeskView> => openDossierDesk(a.archive, await a.desk(), dossierId);
const file = (path: string, bytes: Uint8Array = makeSmallPng(1_000_000 + ++seed)) => ({
  path,
  byteCount: bytes.length,
  read: async () => bytes,
});
const take = async (files: readonly ReturnType<typeof file>[], signal?: AbortSignal) =>
  importFiles(a.archive, await a.desk(), dossierId, files, signal ? { signal } : {});
/** Materials as class, title, date and the paths of their pages. */
const laid = (view: DeskView) => {
  const names = new Map(view.pages.map((p) => [p.id, p.fileName]));
  return view.materials.map((m) => [m.classCode, m.title, m.date, m.pageIds.map((id) => names.get(id))]);
};

async function zipOf(members: readonly [string, Uint8Array][]): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of members) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return new Uint8Array(Buffer.concat(parts));
}

describe('folders of an import', () => {
  it('set class, title, date and grouping, with the pages in order', async () => {
    await take([
      file('四-1/02-毕业生登记表-1983-07/1.png'),
      file('四-1/02-毕业生登记表-1983-07/10.png'),
      file('四-1/02-毕业生登记表-1983-07/2.png'),
      file('四-1/01-学籍卡/1.png'),
      file('一/干部履历表/1.png'),
      file('封面.png'),
    ]);
    const view = await look();
    const materials = laid(view);
    expect(materials.map(([code]) => code)).toEqual(['1', '4-1', '4-1']);
    expect(materials.find(([, title]) => title === '学籍卡')?.[3]).toEqual(['四-1/01-学籍卡/1.png']);
    const long = view.materials.find((m) => m.pageIds.length === 3);
    expect(long && materials[view.materials.indexOf(long)]?.[3]).toEqual(
      ['1', '2', '10'].map((n) => `四-1/02-毕业生登记表-1983-07/${n}.png`),
    );
    expect(view.materials.every((m) => m.state === 'proposed' && m.code === null)).toBe(true);
    expect(view.materials.filter((m) => m.classCode === '4-1').map((m) => m.sequence)).toEqual([1, 2]);
    expect(view.pages.filter((p) => p.materialId === null).map((p) => p.fileName)).toEqual(['封面.png']);
    expect(view.version).toBe(1);
  });

  it('leave pages loose where there are none', async () => {
    await take(['001.png', '002.png'].map((path) => file(path)));
    expect(await look()).toMatchObject({ materials: [], pages: [{ materialId: null }, { materialId: null }] });
  });

  it('are searched by title at once, and file their pages by class and year', async () => {
    await take([file('二/自传-1985/1.png')]);
    const { hits } = await searchArchive(await a.desk(), { query: '自传', filters: { dossierId, classCodes: ['2'] } });
    expect(hits.map((h) => h.kind)).toEqual(['material']);
    const row = await a.archive.db
      .system('test')
      .one('select class_code, material_year, position from page where dossier_id = $1', [dossierId]);
    expect(row).toEqual({ class_code: '2', material_year: 1985, position: 1 });
  });

  it('leave no hole for a duplicate or a refused file', async () => {
    const twice = makeSmallPng(5_000_000);
    await take([
      file('一/干部履历表/1.png', twice),
      file('一/干部履历表/2.png', new Uint8Array([1, 2, 3])),
      file('一/干部履历表/3.png', twice),
      file('一/干部履历表/4.png'),
    ]);
    expect(laid(await look())).toEqual([['1', '干部履历表', null, ['一/干部履历表/1.png', '一/干部履历表/4.png']]]);
    const positions = await a.archive.db
      .system('test')
      .query<{ position: number }>('select position from page where dossier_id = $1 order by position', [dossierId]);
    expect(positions.map((p) => p.position)).toEqual([1, 2]);
  });

  it('are continued by an import that was stopped, with no material doubled and the pages in order', async () => {
    const files = Array.from({ length: 120 }, (_, i) => file(`一/${String(1 + Math.floor(i / 60)).padStart(2, '0')}-履历表/${i % 60}.png`));
    const stop = new AbortController();
    let settled = 0;
    const half = importFiles(a.archive, await a.desk(), dossierId, files, {
      onOutcome: () => {
        if (++settled === 48) stop.abort();
      },
      signal: stop.signal,
    });
    await expect(half).rejects.toMatchObject({ code: 'import/stopped' });
    const part = (await look()).pages.length;
    expect(part).toBeLessThan(120);
    await take(files);
    const view = await look();
    expect(view.pages).toHaveLength(120);
    expect(laid(view).map(([, , , paths]) => paths)).toEqual([files.slice(0, 60), files.slice(60)].map((part) => part.map((f) => f.path)));
  });

  it('add to a material that is still proposed, in the order of the folder, and leave one alone that a person confirmed', async () => {
    await take([file('一/干部履历表/1.png'), file('一/干部履历表/3.png')]);
    await take([file('一/干部履历表/2.png')]);
    // The second import saw one path alone; the pages it does not know of stay where they lay.
    expect((await look()).materials.map((m) => m.pageIds.length)).toEqual([3]);
    const { version, materials } = await look();
    await operateDossier(a.archive, await a.desk(), dossierId, {
      baseVersion: version,
      operations: [{ type: 'confirm', materialId: materials[0]!.id }],
    });
    await take([file('一/干部履历表/4.png')]);
    const view = await look();
    expect(view.materials.map((m) => m.pageIds.length)).toEqual([3]);
    expect(view.pages.filter((p) => p.materialId === null).map((p) => p.fileName)).toEqual(['一/干部履历表/4.png']);
  });

  it('inside a ZIP count like folders on a disk, and a ZIP in a folder lies where the folder says', async () => {
    const inside = await zipOf([
      ['一/干部履历表/1.png', makeSmallPng(6_000_001)],
      ['一/干部履历表/2.png', makeSmallPng(6_000_002)],
    ]);
    await take([file('scans.zip', inside)]);
    expect(laid(await look()).map(([code, title, , paths]) => [code, title, (paths as string[]).length])).toEqual([['1', '干部履历表', 2]]);
  });

  it('say of a file that wanted its password what they said when it came', async () => {
    const { importId } = await take([file('一/干部履历表/1.png'), file('一/干部履历表/2.pdf', LOCKED_PDF)]);
    expect((await look()).pages).toHaveLength(1);
    const locked = await a.archive.db
      .system('test')
      .one<{ id: string }>(`select id from source_file where import_id = $1 and outcome = 'refused'`, [importId]);
    await unlockFile(a.archive, await a.desk(), { importId, dossierId, fileId: locked?.id ?? '', password: 'open' });
    expect(laid(await look())).toEqual([['1', '干部履历表', null, ['一/干部履历表/1.png', '一/干部履历表/2.pdf']]]);
  });

  it('tell what is to be looked at as findings of the dossier', async () => {
    await take([file('一/干部履历表/1.png'), file('一/干部履历表/3.png')]);
    const desk = await a.desk();
    const { findings } = await desk.act('dossier.read', (tx, scope) => readDossierDetail(tx, a.archive, scope, { id: dossierId }));
    expect(findings).toContainEqual({ code: 'layout/number-gap', severity: 'info', params: { count: 1 } });
  });
});
