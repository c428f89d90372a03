import type { KeyFacts, Operation } from '@lantai/contract';
import type { Reading } from '@lantai/reading';
import { SHOW_ALL } from '@lantai/search';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { readKeyFacts } from './read-key-facts.ts';

const a = useArchive();
let dossierId = '';

const operate = async (...operations: Operation[]) => {
  const { version } = await openDossierDesk(a.archive, await a.desk(), dossierId);
  return operateDossier(a.archive, await a.desk(), dossierId, { baseVersion: version, operations });
};
/** A record as a person types it. */
const record = (title: string, date: string, fields: Readonly<Record<string, string>>): Operation => ({
  type: 'addRecord',
  edit: { classCode: '1', title, date, fields: Object.entries(fields).map(([code, value]) => ({ code, value })) },
});
const factOf = (view: KeyFacts, code: string) => {
  const fact = view.facts.find((f) => f.code === code);
  if (!fact) throw new Error(code);
  return fact;
};
const read = async () => readKeyFacts(a.archive, await a.desk(), dossierId);

beforeEach(async () => {
  dossierId = await a.addDossier({ name: '贺远山' });
});

describe('the key facts of a dossier', () => {
  it('name both sides of a contradiction, by the materials as they are catalogued', async () => {
    await operate(
      record('招工登记表', '1995-08', { birthDate: '1976-09', workStart: '1995-08' }),
      record('干部任免审批表', '2010-03', { birthDate: '1978-09', workStart: '1995-08' }),
    );
    const view = await read();
    const [early, late] = view.materials;
    expect([early?.title, late?.title]).toEqual(['招工登记表', '干部任免审批表']);
    const birth = factOf(view, 'birthDate');
    expect(birth).toMatchObject({ result: 'inconsistent', value: '1976-09', basis: early?.id });
    expect(birth.conflicts).toMatchObject([{ materialId: late?.id, against: early?.id, value: '1978-09', explanation: null }]);
    expect(birth.assertions.map((s) => s.role)).toEqual(['basis', 'deviates']);
    expect(birth.notes.map((n) => n.code)).toContain('keyfact/newest-form-differs');
    expect(factOf(view, 'workStart')).toMatchObject({ result: 'consistent', conflicts: [] });
    expect(factOf(view, 'partyDate').result).toBe('missing');
  });

  it('keep the words of a page that no value could be made of, through proposal and confirmation', async () => {
    await a.importPages(dossierId, ['1.png']);
    const desk = await openDossierDesk(a.archive, await a.desk(), dossierId);
    const pageId = desk.pages[0]?.id ?? '';
    await store(pageId, [
      ['职工登记表', 900, 280, 90],
      ['姓名', 300, 600],
      ['贺远山', 620, 600],
      ['出生年月', 1650, 600],
      ['农历1976年腊月初八', 1980, 600],
      ['填表日期', 300, 1600],
      ['1999年9月13日', 620, 1600],
    ]);
    const { materials } = await operate({ type: 'propose' });
    const material = materials[0];
    expect(material?.fields.map((f) => f.code)).not.toContain('birthDate');
    const birth = async () => factOf(await read(), 'birthDate');
    expect((await birth()).assertions).toMatchObject([{ value: '1977-01', weighs: false, flags: ['lunar'], pageId }]);
    expect((await birth()).notes.find((n) => n.code === 'keyfact/lunar-converted')?.params).toEqual({ from: '1977-01', to: '1977-01' });
    await operate(
      { type: 'edit', materialId: material?.id ?? '', edit: { fields: [{ code: 'sex', value: '男' }] } },
      { type: 'confirm', materialId: material?.id ?? '' },
    );
    expect((await birth()).assertions).toMatchObject([{ value: '1977-01', weighs: true, confidence01: null }]);
    await operate({ type: 'edit', materialId: material?.id ?? '', edit: { fields: [{ code: 'birthDate', value: '1977-02' }] } });
    expect((await birth()).assertions).toMatchObject([{ value: '1977-02', written: '1977-02', flags: [] }]);
  });

  it('mask identity numbers until they are shown', async () => {
    await operate(record('职工登记表', '1999', { idNumber: '110000197609045319' }));
    expect(JSON.stringify(await read())).not.toContain('197609045319');
    expect((await read()).masking.hidden).toEqual(['id_number']);
    const shown = await readKeyFacts(a.archive, await a.desk(), dossierId, { shown: SHOW_ALL, untilMs: null });
    expect(factOf(shown, 'idNumber').value).toBe('110000197609045319');
  });

  it('are an entry, and nothing for whoever may not read the dossier', async () => {
    const before = await countEntries();
    await read();
    expect(await countEntries()).toBe(before + 1);
    const clerk = await a.desk(await a.addAccount({ role: 'unit_clerk', unitId: await a.addUnit('U-KEYFACTS') }));
    await expect(readKeyFacts(a.archive, clerk, dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    expect(await countEntries()).toBe(before + 1);
  });
});

const countEntries = async () => {
  const sql = a.archive.db.system('test');
  return (await sql.one<{ n: number }>(`select count(*)::int as n from entry where kind = 'key-facts.opened'`))?.n ?? 0;
};

type Line = readonly [text: string, x: number, y: number, height?: number];

async function store(pageId: string, lines: readonly Line[]): Promise<void> {
  const reading: Reading = {
    ...{ engine: 'ppocr-v4-mobile', version: '1', widthPx: 2480, heightPx: 3508, orientation: 0, skewDegrees: 0 },
    lines: lines.map(([text, x, y, height = 60]) => ({
      text,
      box: [x, y, [...text].length * height, height],
      confidence01: 0.99,
      source: 'normal',
    })),
    pageDigest: 'f'.repeat(88),
  };
  const sql = a.archive.db.system('test');
  const row = await sql.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  if (!row) throw new Error('no dossier');
  const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
  await sql.tx(async (raw) => {
    await storeReading(deskTx(raw, a.archive, null, 'archive_work'), a.archive, { pageId, dossierId, place }, reading);
    await raw.query(`update page set read_state = 'read' where id = $1`, [pageId]);
  });
}
