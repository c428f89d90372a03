import type { Reading } from '@lantai/reading';
import { MEASURES_VERSION, mirroredDigest, type PageMeasures } from '@lantai/reading/inspection';
import { describe, expect, it } from 'vitest';
import { openDossierDesk } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { judgeReading } from './judge-reading.ts';
import { pairFaces } from './pair-faces.ts';
import { storeReading } from './readings.ts';

const house = useArchive();

const measures = (over: Partial<PageMeasures> = {}): PageMeasures => ({
  version: MEASURES_VERSION,
  widthPx: 1984,
  heightPx: 2806,
  inkShare01: 0.03,
  edgeSlope01: 0.6,
  declaredDpi: 240,
  estimatedDpi: 240,
  declaredIsUnlikely: false,
  colour: 'grey',
  paperLevel: 240,
  inkContrast: 180,
  borderArea01: 0,
  borderEdge01: 0,
  cutText: null,
  foldedCorner: null,
  finger: null,
  moireTiles01: 0,
  faintDigest: '',
  ...over,
});
const reading = (over: Partial<Reading> = {}): Reading => ({
  engine: 'ppocr-v4-mobile',
  version: '6',
  widthPx: 1984,
  heightPx: 2806,
  orientation: 0,
  skewDegrees: 0,
  lines: [{ text: '职工登记表', box: [200, 200, 900, 60], confidence01: 0.99, source: 'normal' }],
  pageDigest: `${'f'.repeat(40)}${'03c0'.repeat(12)}`,
  measures: measures(),
  ...over,
});

const transaction = <T>(work: (tx: ReturnType<typeof deskTx>) => Promise<T>): Promise<T> =>
  house.archive.db.system('test').tx((raw) => work(deskTx(raw, house.archive, null, 'archive_work')));

async function judged(scheme: string, read: Reading): Promise<string[]> {
  const dossierId = await house.addDossier({ scheme });
  return (await transaction((tx) => judgeReading(tx, house.archive, dossierId, read))).map((f) => f.code);
}

describe('findings of a page', () => {
  it("follow the limits of its dossier's scheme", async () => {
    expect(await judged('cadre-2018', reading())).toEqual(['low_resolution', 'not_colour']);
    expect(await judged('labour-contract', reading())).toEqual([]);
    expect(await judged('labour-contract', reading({ measures: measures({ declaredDpi: 150 }) }))).toEqual([
      'low_resolution',
      'sheet_size',
    ]);
  });

  it('are none for a born-digital page, which nobody scanned', async () => {
    const { measures: _none, ...born } = reading();
    expect(await judged('cadre-2018', born)).toEqual([]);
  });
});

describe('a blank face', () => {
  const front = reading();
  const back = reading({ lines: [], pageDigest: '0'.repeat(88), measures: measures({ faintDigest: mirroredDigest(front.pageDigest) }) });
  const blank = reading({ lines: [], pageDigest: '0'.repeat(88), measures: measures({ faintDigest: '5a'.repeat(44) }) });

  async function backs(pages: readonly Reading[], order: readonly number[]): Promise<string[]> {
    const dossierId = await house.addDossier();
    const names = pages.map((_, i) => `${i + 1}.png`);
    await house.importPages(dossierId, names);
    const open = async () => (await openDossierDesk(house.archive, await house.desk(), dossierId)).pages;
    const idOf = new Map((await open()).map((p) => [p.fileName, p.id]));
    for (const i of order)
      await transaction(async (tx) => {
        const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
          'select fonds_id, unit_id, category, level from dossier where id = $1',
          [dossierId],
        );
        const place = { fondsId: row!.fonds_id, unitId: row!.unit_id, category: row!.category, level: row!.level };
        const at = { pageId: idOf.get(names[i]!)!, dossierId, place };
        await storeReading(tx, house.archive, at, pages[i]!);
        await pairFaces(tx, house.archive, at, pages[i]!);
      });
    const shown = await open();
    const nameOf = new Map(shown.map((p) => [p.id, p.fileName]));
    return shown.flatMap((p) =>
      p.findings.filter((f) => f.code === 'back_face').map((f) => `${p.fileName} of ${nameOf.get(String(f.params?.page))}`),
    );
  }

  it.each([
    ['front first', [0, 1]],
    ['back first', [1, 0]],
    ['again and again', [0, 1, 0, 1]],
  ])('through which its neighbour shows is registered as its back, read %s', async (_, order) => {
    expect(await backs([front, back], order)).toEqual(['2.png of 1.png']);
  });

  it('that shows nothing, or shows a page two sheets away, is nobody’s back', async () => {
    expect(await backs([front, blank], [0, 1])).toEqual([]);
    expect(await backs([front, blank, back], [0, 1, 2])).toEqual([]);
  });
});
