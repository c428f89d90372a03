import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClearFind, ClearTextScanner } from './clear-text-scanner.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const PAGES = ['001.jpg', '002.jpg', '006.jpg', '012.jpg'];

/** What the four sample pages say of an invented person, and what the import is told. */
const TEXTS = [
  ['张德振', 'zhangdezhen'],
  ['苟昌晓', 'gouchangxiao'],
  ['边颖丽', 'bianyingli'],
  ['陈素慧', 'chensuhui'],
  '110000197403172219',
  '19900005873',
  '东岭机械制造有限公司',
  '北泉市自来水公司',
  '青禾农业职业技术学院',
  '重庆市大足区',
  '职工登记表',
  '基本养老保险',
] as const;

describe('the data folder names nobody', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-privacy-'));
  const place = { data: join(folder, 'data'), keys: join(folder, 'keys'), tmp: join(folder, 'tmp'), scans: join(folder, 'scans') };
  const scanner = new ClearTextScanner(TEXTS);
  const before = new Set(readdirSync(tmpdir()));
  const during: ClearFind[] = [];

  /** Runs the program as a user does, scanning all places again and again while it works. */
  const run = (args: string[], scans: boolean): Promise<number> =>
    new Promise((done, fail) => {
      const env = {
        ...process.env,
        LANTAI_DATA: place.data,
        LANTAI_KEYS: place.keys,
        TMPDIR: place.tmp,
        LANTAI_READERS: '1',
        LANTAI_LANG: 'en',
      };
      const child = spawn(process.execPath, [join(ROOT, 'dist', 'cli.mjs'), ...args], {
        env,
        cwd: place.tmp,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout.resume();
      const timer = setInterval(() => {
        if (scans) during.push(...scanner.scan([place.data, place.keys, place.tmp]));
      }, 2500);
      child.on('error', fail);
      child.on('exit', (code) => {
        clearInterval(timer);
        done(code ?? -1);
      });
    });

  beforeAll(async () => {
    mkdirSync(place.tmp);
    mkdirSync(place.scans);
    for (const page of PAGES) cpSync(join(ROOT, 'samples', 'P1101', page), join(place.scans, page));
    expect(await run(['init', '--trial'], false)).toBe(0);
    expect(await run(['import', place.scans, '--dossier', 'P1101', '--name', '张德振'], true)).toBe(0);
    expect(await run(['search', '张德振'], true)).toBe(0);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds nothing clear while pages are imported, read, indexed and searched', () => {
    expect(during).toEqual([]);
  });
  it('holds nothing clear afterwards: database, WAL, its logs and temporary files, queue, objects, log, uploads, keys', () => {
    expect(scanner.scan([place.data, place.keys, place.tmp])).toEqual([]);
  });
  it('leaves nothing clear in the system’s temporary folder, and no core file', () => {
    const fresh = readdirSync(tmpdir()).filter((name) => !before.has(name) && !name.startsWith('lantai-') && !name.startsWith('vitest'));
    const own = fresh.filter((name) => /^(?:core|sharp|onnx|vips|pdfium|ort)/i.test(name)).map((name) => join(tmpdir(), name));
    expect(scanner.scan(own)).toEqual([]);
    expect(own.filter((name) => /core/.test(name))).toEqual([]);
  });
  it('finds a clear file that was planted, in every form: the scanner works', () => {
    const planted = join(place.data, 'objects', 'planted');
    const forms: [string, Buffer][] = [
      ['utf-8', Buffer.from('..张德振..')],
      ['utf-16le', Buffer.from('..张德振..', 'utf16le')],
      ['hex', Buffer.from(Buffer.from('张德振').toString('hex'))],
      ['base64', Buffer.from(Buffer.from('x张德振同志').toString('base64'))],
      ['pinyin', Buffer.from('Archive of zhangdezhen')],
      ['gb18030', Buffer.from('d5c5b5c2d5f1', 'hex')],
    ];
    for (const [form, bytes] of forms) {
      writeFileSync(planted, bytes);
      expect(
        scanner.scan([join(place.data, 'objects')]).map((f) => f.what),
        form,
      ).toContain(`张德振/${form}`);
    }
    cpSync(join(ROOT, 'samples', 'P1101', '001.jpg'), planted);
    expect(scanner.scan([join(place.data, 'objects')]).some((f) => f.what.startsWith('jpeg/'))).toBe(true);
    rmSync(planted);
  });
});
