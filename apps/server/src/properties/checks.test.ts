import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { SaxesParser } from 'saxes';
import { beforeEach, describe, expect, it } from 'vitest';
import { useArchive } from '../testing/archive-fixture.ts';
import {
  answerPropertyItem,
  listPropertyChecks,
  makePropertyReport,
  readPropertyCheck,
  runPropertyCheck,
  startPropertyCheck,
} from './index.ts';

const a = useArchive({ sequenced: true });
let dossierId = '';
const start = async (by = a.desk()) => startPropertyCheck(a.archive, await by, dossierId, 'filing', { queued: false });
const checked = async () => {
  const id = await start();
  await runPropertyCheck(a.archive, id);
  return id;
};
const stateOf = async (id: string) =>
  a.archive.db.system('test').one<{ state: string; code: string | null }>('select state, code from property_check where id = $1', [id]);
const refused = (code: string) => expect.objectContaining({ code });

beforeEach(async () => {
  dossierId = await a.addDossier({ name: '戴望舒' });
  await a.importPages(dossierId, ['1.png']);
});

describe('a check', () => {
  it('is one at a time of a dossier, and run again it changes nothing', async () => {
    const id = await start();
    await expect(start()).rejects.toEqual(refused('properties/running'));
    await runPropertyCheck(a.archive, id);
    const first = await readPropertyCheck(a.archive, await a.desk(), id);
    await runPropertyCheck(a.archive, id);
    expect(await readPropertyCheck(a.archive, await a.desk(), id)).toEqual(first);
    expect(first).toMatchObject({ state: 'done', moment: 'filing', verdict: 'failed', total: 1, done: 1 });
    await expect(start()).resolves.toBeTruthy();
  });

  it('that fails on its last try is stopped with the reason, and has not passed; before it, it goes on', async () => {
    const id = await start();
    const broken = { ...a.archive, decoders: { ...a.archive.decoders, run: () => Promise.reject(new Error('no child')) } };
    await expect(runPropertyCheck(broken, id)).rejects.toThrow('no child');
    expect(await stateOf(id)).toMatchObject({ state: 'running' });
    await expect(runPropertyCheck(broken, id, true)).rejects.toThrow('no child');
    expect(await stateOf(id)).toEqual({ state: 'stopped', code: 'job/crashed' });
    const [line] = await listPropertyChecks(a.archive, await a.desk(), dossierId);
    expect(line).toMatchObject({ id, state: 'stopped', verdict: null });
  });

  it('keeps what it found: the database refuses to change it', async () => {
    const id = await checked();
    await expect(a.archive.db.system('test').query(`update property_check set moment = 'keeping' where id = $1`, [id])).rejects.toThrow();
  });

  it('is started, seen and answered by who may, and found by nobody else', async () => {
    const own = await a.addUnit(`U${dossierId.slice(-6)}`);
    const other = await a.addAccount({ role: 'archivist', unitId: own });
    const id = await checked();
    const desk = await a.desk(other);
    await expect(start(Promise.resolve(desk))).rejects.toEqual(refused('dossier/not-found'));
    await expect(listPropertyChecks(a.archive, desk, dossierId)).rejects.toEqual(refused('dossier/not-found'));
    await expect(readPropertyCheck(a.archive, desk, id)).rejects.toEqual(refused('properties/not-found'));
    await expect(answerPropertyItem(a.archive, desk, id, { item: 'GD-3-4', result: 'pass', words: '看过' })).rejects.toEqual(
      refused('properties/not-found'),
    );
    const admin = await a.desk(await a.addAccount({ role: 'system_admin' }));
    await expect(readPropertyCheck(a.archive, admin, id)).rejects.toEqual(refused('desk/not-allowed'));
  });
});

describe('an answer', () => {
  const answer = async (id: string, item: string, result: 'pass' | 'fail' | 'skipped', words = '抽查浏览') =>
    answerPropertyItem(a.archive, await a.desk(), id, { item, result, words });
  const item = async (id: string, code: string) =>
    (await readPropertyCheck(a.archive, await a.desk(), id)).items.find((i) => i.code === code);

  it('settles an item that waits or did not run; the last holds, all are kept', async () => {
    const id = await checked();
    expect(await item(id, 'GD-3-4')).toMatchObject({ result: 'manual', answer: null });
    await answer(id, 'GD-3-4', 'fail');
    expect(await item(id, 'GD-3-4')).toMatchObject({ result: 'fail', machine: 'manual', answer: { words: '抽查浏览' } });
    await answer(id, 'GD-3-4', 'pass', '复查可打开');
    await answer(id, 'GD-4-2', 'skipped', '离线杀毒，见记录');
    expect(await item(id, 'GD-3-4')).toMatchObject({ result: 'pass', answer: { words: '复查可打开' } });
    const rows = await a.archive.db.system('test').query('select 1 from property_answer where check_id = $1', [id]);
    expect(rows).toHaveLength(3);
  });

  it('is not taken of an item that ran, nor while the check runs', async () => {
    const id = await checked();
    await expect(answer(id, 'GD-2-8', 'pass')).rejects.toEqual(refused('properties/item-not-open'));
    await expect(answer(id, 'GD-9-9', 'pass')).rejects.toEqual(refused('properties/item-not-open'));
    const running = await start();
    await expect(answer(running, 'GD-3-4', 'pass')).rejects.toEqual(refused('properties/not-done'));
  });
});

describe('a report', () => {
  it('is XML with every item, by its schema, and the same bytes again', async () => {
    const id = await checked();
    await answerPropertyItem(a.archive, await a.desk(), id, { item: 'GD-3-4', result: 'pass', words: '看过 <三页> & "无误"\u0001' });
    const made = await makePropertyReport(a.archive, await a.desk(), id, 'xml', 'zh');
    const again = await makePropertyReport(a.archive, await a.desk(), id, 'xml', 'en');
    expect(Buffer.from(again.bytes).equals(Buffer.from(made.bytes))).toBe(true);
    const { items } = await readPropertyCheck(a.archive, await a.desk(), id);
    const seen: string[] = [];
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => {
      if (tag.name === 'item') seen.push(`${String(tag.attributes.code)} ${String(tag.attributes.result)}`);
    });
    let words = '';
    parser.on('text', (text) => {
      words += text;
    });
    parser.write(Buffer.from(made.bytes).toString('utf8')).close();
    expect(seen).toEqual(items.map((i) => `${i.code} ${i.result}`));
    expect(words).toContain('看过 <三页> & "无误"\uFFFD');
    const schema = join(import.meta.dirname, '../../../../docs/spec/four-properties.xsd');
    // Debian's libxml2-utils, where it is installed; `npm run test:interop` installs nothing either.
    if (!spawnSync('xmllint', ['--version']).error)
      execFileSync('xmllint', ['--noout', '--schema', schema, '-'], { input: made.bytes, stdio: ['pipe', 'ignore', 'ignore'] });
  });

  it('is a PDF that names the items and the verdict, and each report is an entry', async () => {
    const id = await checked();
    const made = await makePropertyReport(a.archive, await a.desk(), id, 'pdf', 'zh');
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(Buffer.from(made.bytes));
    const text = [...document.pages()].map((page) => page.getText()).join('\n');
    document.destroy();
    library.destroy();
    for (const word of ['四性检测报告', '不合格', 'GD-1-1', 'GD-4-7', '固化信息有效性检测']) expect(text).toContain(word);
    const entries = await a.archive.db
      .system('test')
      .query(`select 1 from entry where kind = 'properties.report-made' and dossier_id = $1`, [dossierId]);
    expect(entries).toHaveLength(1);
  });
});
