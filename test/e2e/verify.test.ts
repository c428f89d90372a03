import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import bundles from '../vectors/bundle/bundle-vectors.json' with { type: 'json' };
import receipts from '../vectors/receipt/receipt-vectors.json' with { type: 'json' };
import { ROOT } from './archive-server.ts';
import { graveFindings } from './axe.ts';

const zipOf = (name: string) => Buffer.from(bundles.vectors.find((v) => v.name === name)!.zip, 'base64');
const [receipt] = receipts.vectors;
/** The second look of the bundle, and its number by the rule of docs/spec/marks.md. */
const LOOK = '0190b2c4-7d1a-7000-802c-00000000002c';
const LOOK_NUMBER = numberOf(LOOK);

describe('checking without a server, as a stranger does it', { timeout: 400_000 }, () => {
  let folder = '';
  let browser: Browser;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lantai-verify-'));
    mkdirSync(at('empty'));
    writeFileSync(at('log.vkey'), `${[...bundles.logKeys, receipts.logKey].join('\n')}\n`);
    writeFileSync(at('whole.zip'), zipOf('whole'));
    writeFileSync(at('altered.zip'), zipOf('a byte of a file altered'));
    writeFileSync(at('page.tlog-proof'), receipt!.receipt);
    writeFileSync(at('page.bin'), Buffer.from(receipts.files.right, 'hex'));
    writeFileSync(at('other.bin'), Buffer.from(receipts.files.wrong, 'hex'));
    browser = await launchBrowser();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the built command where there is no archive. */
  const lantai = (...args: string[]) =>
    new Promise<{ code: number; out: string }>((done) => {
      const env = { ...process.env, LANTAI_DATA: at('empty'), LANTAI_LANG: 'zh' };
      execFile(process.execPath, [join(ROOT, 'dist', 'cli.mjs'), ...args], { env, cwd: folder }, (error, out) =>
        done({ code: typeof error?.code === 'number' ? error.code : 0, out }),
      );
    });

  /** The page, opened from disk in a browser without a network; anything it asks for beyond itself is a fault. */
  async function openPage(): Promise<{ page: Page; asked: string[] }> {
    const context = await browser.newContext({ locale: 'zh-CN', offline: true });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => asked.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && asked.push(message.text()));
    await page.goto(pathToFileURL(at('verify.html')).href);
    await page.locator('.verify form').waitFor();
    return { page, asked };
  }
  async function check(page: Page, names: readonly string[], number = ''): Promise<string> {
    await page.locator('input[data-folder=false]').setInputFiles(names.map(at));
    await page.locator('.verify form input:not([type])').fill(number);
    await page.locator('.verify button[type=submit]').click();
    await page.locator('.verdict').waitFor();
    return (await page.locator('.verdict').getAttribute('class')) + ((await page.locator('.verdict').textContent()) ?? '');
  }

  it('tells a whole bundle from an altered one on the command line, by exit code and by the name of the file', async () => {
    const whole = await lantai('verify', 'whole.zip', '--key', 'log.vkey', '--number', LOOK_NUMBER.toLowerCase());
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('SM2') });
    expect(whole.out).toContain(LOOK);
    expect(whole.out).toContain('未作外部锚定');
    const altered = await lantai('verify', 'altered.zip', '--key', 'log.vkey', '--json');
    expect(altered.code).toBe(4);
    expect(JSON.parse(altered.out)).toMatchObject({
      isValid: false,
      faults: [{ code: 'bundle/file-altered', path: 'files/P1101/0002.png' }],
    });
    expect(await lantai('verify', 'whole.zip')).toMatchObject({ code: 1, out: expect.stringContaining('未给定可信公钥') });
  });

  it('does the same in the page that was written to one file, without asking for anything', async () => {
    expect(await lantai('verify', '--page', 'verify.html', '--key', 'log.vkey')).toMatchObject({ code: 0 });
    const { page, asked } = await openPage();
    expect(await page.locator('.verify textarea').inputValue()).toContain(bundles.logKeys[1]!);
    expect(await check(page, ['whole.zip'])).toMatch(/verdict holds.*SM2.*未作外部锚定/s);
    expect(await check(page, ['altered.zip'])).toMatch(/verdict broken.*files\/P1101\/0002\.png.*已被改动/s);
    expect(await check(page, ['page.tlog-proof', 'page.bin'])).toMatch(/verdict holds/);
    expect(await check(page, ['page.tlog-proof', 'other.bin'])).toMatch(/verdict broken/);
    expect(await graveFindings(page)).toEqual([]);
    await page.locator('.verify textarea').fill('');
    expect(await check(page, ['whole.zip'])).toMatch(/verdict unsure/);
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
    await page.context().close();
  });

  it('says of a number printed on a page whether its look is among what was proved', async () => {
    const { page } = await openPage();
    expect(await check(page, ['whole.zip'], LOOK_NUMBER)).toMatch(new RegExp(`verdict holds.*${LOOK_NUMBER}.*${LOOK}`, 's'));
    expect(await check(page, ['whole.zip'], 'ZZZZ-ZZZZ-ZZZZ')).toMatch(/verdict broken.*没有这次查看/s);
    await page.context().close();
  });
});

/** The number of a look out of its entry's id, written down here apart from the product. */
function numberOf(entryId: string): string {
  const hex = entryId.replaceAll('-', '');
  const bits =
    BigInt(`0x${hex.slice(0, 12)}`)
      .toString(2)
      .padStart(48, '0')
      .slice(6) +
    BigInt(`0x${hex.slice(16)}`)
      .toString(2)
      .padStart(64, '0')
      .slice(2, 20);
  const digits = bits.match(/.{5}/g)!.map((five) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Number.parseInt(five, 2)]);
  return [0, 4, 8].map((i) => digits.slice(i, i + 4).join('')).join('-');
}
