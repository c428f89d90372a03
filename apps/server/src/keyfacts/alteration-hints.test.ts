import type { KeyFacts } from '@lantai/contract';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { answerHint } from './answer-hint.ts';
import { examineDossier, queueExaminations } from './examine-dossier.ts';
import { readKeyFacts } from './read-key-facts.ts';

const a = useArchive();
let dossierId = '';

/** A sheet whose birth date has eight marks, the fourth of them in other ink unless the page is untouched. */
function scan(isAltered: boolean): Promise<Buffer> {
  const mark = (i: number, colour: string) => {
    const x = 1990 + i * 50;
    return `<g fill="${colour}"><rect x="${x}" y="610" width="6" height="40"/><rect x="${x + 20}" y="610" width="6" height="40"/><rect x="${x}" y="628" width="26" height="5"/></g>`;
  };
  const marks = Array.from({ length: 8 }, (_, i) => mark(i, isAltered && i === 3 ? '#2840c0' : '#1e1e22')).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2480" height="3508"><rect width="2480" height="3508" fill="#eee8d8"/>${marks}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 92 }).withMetadata({ density: 300 }).toBuffer();
}

async function layPage(isAltered: boolean): Promise<void> {
  const bytes = await scan(isAltered);
  await importFiles(a.archive, await a.desk(), dossierId, [{ path: '1.jpg', byteCount: bytes.length, read: async () => bytes }]);
  const desk = await openDossierDesk(a.archive, await a.desk(), dossierId);
  await read(desk.pages[0]!.id);
  await operateDossier(a.archive, await a.desk(), dossierId, { baseVersion: desk.version, operations: [{ type: 'propose' }] });
}

async function read(pageId: string): Promise<void> {
  const lines = (
    [
      ['职工登记表', 900, 280, 90],
      ['姓名', 300, 600, 60],
      ['贺远山', 620, 600, 60],
      ['出生年月', 1650, 600, 60],
      ['1976年9月8日', 1980, 600, 60],
      ['填表日期', 300, 1600, 60],
      ['1999年9月13日', 620, 1600, 60],
    ] as const
  ).map(([text, x, y, h]) => ({
    text,
    box: [x, y, text.startsWith('1976') ? 420 : [...text].length * h, h] as const,
    confidence01: 0.99,
    source: 'normal' as const,
  }));
  const sql = a.archive.db.system('test');
  const row = await sql.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  const place = { fondsId: row!.fonds_id, unitId: row!.unit_id, category: row!.category, level: row!.level };
  const reading = {
    engine: 'test',
    version: '1',
    widthPx: 2480,
    heightPx: 3508,
    orientation: 0,
    skewDegrees: 0,
    lines,
    pageDigest: '',
  } as const;
  await sql.tx(async (raw) => {
    await storeReading(deskTx(raw, a.archive, null, 'archive_work'), a.archive, { pageId, dossierId, place }, reading);
    await raw.query(`update page set read_state = 'read' where id = $1`, [pageId]);
  });
}

const birthOf = (view: KeyFacts) => view.facts.find((f) => f.code === 'birthDate')!;
const birth = async () => birthOf(await readKeyFacts(a.archive, await a.desk(), dossierId));
const entries = async (kind: string) =>
  (await a.archive.db
    .system('test')
    .one<{ n: number }>('select count(*)::int as n from entry where kind = $1 and dossier_id = $2', [kind, dossierId]))!.n;

beforeEach(async () => {
  dossierId = await a.addDossier({ name: '贺远山' });
});

describe('hints of alteration', () => {
  it('are laid by the job on the field they were measured at, weigh nothing by themselves, and come once', async () => {
    await layPage(true);
    await examineDossier(a.archive, dossierId);
    const [said] = (await birth()).assertions;
    expect(said).toMatchObject({ value: '1976-09', weighs: true, mark: null });
    expect(said?.hints).toMatchObject([{ code: 'ink', state: 'open', reason: '', version: '1' }]);
    const [hint] = said!.hints;
    expect(hint!.measured).toBeGreaterThan(hint!.limit);
    expect(hint!.box![0]).toBeGreaterThan(2100);
    expect(hint!.box![0]).toBeLessThan(2170);
    expect(await entries('alterations.examined')).toBe(1);
    await examineDossier(a.archive, dossierId);
    expect((await birth()).assertions[0]?.hints).toHaveLength(1);
    expect(await entries('alterations.examined')).toBe(1);
  });

  it('are none on an untouched field', async () => {
    await layPage(false);
    await examineDossier(a.archive, dossierId);
    expect((await birth()).assertions[0]?.hints).toEqual([]);
    expect(await entries('alterations.examined')).toBe(1);
  });

  it('mark the record as altered only when a person has a concern, and keep the answer when looked at anew', async () => {
    await layPage(true);
    await examineDossier(a.archive, dossierId);
    const hintId = (await birth()).assertions[0]!.hints[0]!.id;
    await answerHint(a.archive, await a.desk(), hintId, { answer: 'no_concern', reason: '换笔填写，字迹一致' });
    expect((await birth()).assertions[0]).toMatchObject({
      weighs: true,
      mark: null,
      hints: [{ state: 'no_concern', reason: '换笔填写，字迹一致' }],
    });
    await answerHint(a.archive, await a.desk(), hintId, { answer: 'concern', reason: '“6”字墨色不同' });
    expect((await birth()).assertions[0]).toMatchObject({
      weighs: false,
      mark: { kind: 'altered', reason: '“6”字墨色不同' },
      hints: [{ state: 'concern', reason: '“6”字墨色不同' }],
    });
    expect(await entries('alteration.answered')).toBe(2);
    await a.archive.db.system('test').query(`update alteration_look set looked_as = '0 -' where dossier_id = $1`, [dossierId]);
    await examineDossier(a.archive, dossierId);
    expect((await birth()).assertions[0]?.hints).toMatchObject([{ id: hintId, state: 'concern' }]);
  });

  it('are answered by nobody who may not arrange the dossier, and not of the own one', async () => {
    await layPage(true);
    await examineDossier(a.archive, dossierId);
    const hintId = (await birth()).assertions[0]!.hints[0]!.id;
    const clerk = await a.desk(await a.addAccount({ role: 'unit_clerk', unitId: await a.addUnit('U-HINTS') }));
    await expect(answerHint(a.archive, clerk, hintId, { answer: 'concern', reason: '甲' })).rejects.toMatchObject({ fault: 'caller' });
    await expect(answerHint(a.archive, await a.desk(), a.archive.clock.newId(), { answer: 'concern', reason: '甲' })).rejects.toMatchObject(
      { code: 'hint/not-found' },
    );
    expect(await entries('alteration.answered')).toBe(0);
  });

  it('are asked for once a dossier was proposed of, and not again after it was looked at', async () => {
    await layPage(false);
    const waiting = async () => (await a.archive.queue.list(a.archive.db, 'examine', ['queued'], 10, 0, dossierId)).length;
    expect(await waiting()).toBe(1);
    await queueExaminations(a.archive, dossierId);
    expect(await waiting()).toBe(1);
    await examineDossier(a.archive, dossierId);
    await a.archive.db.system('test').query(`delete from pgboss.job where name = 'examine'`);
    await queueExaminations(a.archive, dossierId);
    expect(await waiting()).toBe(0);
  });
});
