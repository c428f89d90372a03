/**
 * The desk of a dossier of 300 pages, through the real server and a real browser, on pages of real scans:
 *
 *   node --import tsx bench/desk.ts [--pages 300] [--data DIR] [--rounds 7]
 *
 * - first sight: from the address to the page strip and the first page painted, in Chromium, after the program itself is in its cache;
 * - the same dossier over the API alone: dossier, first look, page information, one tile;
 * - a tile of a page already open, by scale: CPU of the server and its children (Linux: /proc), and wall;
 * - a tile of a cold page: opened, decoded, cut and coded, from the request to its last byte.
 * Bars of issue 2: 500 ms, 25 ms of CPU, 120 ms. Build first: `node tools/build.mjs`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importFiles } from '@lantai/server';
import { launchBrowser } from '../test/browser.ts';
import { median, pageFiles, ROOT, readScans, serveNewArchive } from './served-archive.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '300' },
    data: { type: 'string', default: join(ROOT, 'samples') },
    rounds: { type: 'string', default: '7' },
  },
});
const PAGES = Number(values.pages);
const ROUNDS = Number(values.rounds);
const TILE = 512;

const scans = readScans(values.data);

const worst = (numbers: readonly number[]) => Math.max(...numbers);
const show = (numbers: readonly number[]) => `${median(numbers).toFixed(0)} ms (worst ${worst(numbers).toFixed(0)} of ${numbers.length})`;

/** User and system CPU so far of this process and of its decoders, in ms. */
function cpuMs(): number {
  const ofChildren = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
        // Fields 4, 14 and 15 of proc(5): parent, user and system time in hundredths of a second.
        return Number(fields[1]) === process.pid ? (Number(fields[11]) + Number(fields[12])) * 10 : 0;
      } catch {
        return 0;
      }
    });
  const own = process.cpuUsage();
  return (own.user + own.system) / 1000 + ofChildren.reduce((sum, ms) => sum + ms, 0);
}

const { web, desk, account, makeDossier, close } = await serveNewArchive();
const dossierId = await makeDossier('B300');
// Five pages a material, three materials a class.
const folderOf = (page: number) => `B300/${1 + (Math.floor(page / 15) % 9)}/${String(Math.floor(page / 5)).padStart(3, '0')} 材料`;
const files = pageFiles(scans, PAGES, (page) => `${folderOf(page)}/${String(page).padStart(3, '0')}.jpg`);
const { pages } = await importFiles(web.archive, desk, dossierId, files);
if (pages !== PAGES) throw new Error(`received ${pages} of ${PAGES}`);

const signedIn = await fetch(`${web.url}/api/v1/session`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ name: account.name, password: account.password }),
});
const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const headers = { cookie, 'content-type': 'application/json' };
async function ask<T>(method: string, path: string): Promise<T> {
  const answer = await fetch(`${web.url}${path}`, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (answer.headers.get('content-type') ?? '').includes('json') ? ((await answer.json()) as T) : ((await answer.arrayBuffer()) as T);
}
interface Look {
  readonly viewToken: string;
  readonly widthPx: number;
  readonly heightPx: number;
}
const look = (pageId: string) => ask<Look>('POST', `/api/v1/pages/${pageId}/view`);

/** A tile of the grid at a scale: 1 is one pixel a pixel. */
function tilePath({ viewToken, widthPx, heightPx }: Look, scale: number, column: number, row: number): string | null {
  const side = TILE * scale;
  const [x, y] = [column * side, row * side];
  if (x >= widthPx || y >= heightPx) return null;
  const [w, h] = [Math.min(side, widthPx - x), Math.min(side, heightPx - y)];
  return `/iiif/${viewToken}/${x},${y},${w},${h}/${Math.ceil(w / scale)},${Math.ceil(h / scale)}/0/default.jpg`;
}

try {
  const { pages: listed } = await ask<{ pages: { id: string }[] }>('GET', `/api/v1/dossiers/${dossierId}/desk`);
  console.log(
    JSON.stringify({
      pages: PAGES,
      scans: scans.length,
      cores: availableParallelism(),
      load: Number((loadavg()[0] ?? 0).toFixed(1)),
      node: process.version,
    }),
  );

  const byApi: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const pageId = listed[(1 + round * 17) % PAGES]!.id;
    const start = performance.now();
    await ask('GET', `/api/v1/dossiers/${dossierId}/desk`);
    const view = await look(pageId);
    await ask('GET', `/iiif/${view.viewToken}/info.json`);
    await ask('GET', tilePath(view, 4, 0, 0)!);
    byApi.push(performance.now() - start);
  }
  console.log(`first sight over the API        ${show(byApi)}`);

  const cold: number[] = [];
  for (let i = 0; i < 30; i++) {
    const view = await look(listed[(8 + i * 7) % PAGES]!.id);
    const start = performance.now();
    await ask('GET', tilePath(view, 1, 1, 1)!);
    cold.push(performance.now() - start);
  }
  const sorted = [...cold].sort((a, b) => a - b);
  console.log(`tile of a cold page             ${show(cold)}, p90 ${sorted[Math.floor(sorted.length * 0.9)]!.toFixed(0)} ms (bar 120)`);

  const view = await look(listed[7]!.id);
  await ask('GET', `/iiif/${view.viewToken}/info.json`);
  for (const scale of [1, 2, 4, 8]) {
    const tiles: string[] = [];
    for (let row = 0; row * TILE * scale < view.heightPx; row++)
      for (let column = 0; column * TILE * scale < view.widthPx; column++) tiles.push(tilePath(view, scale, column, row)!);
    for (const tile of tiles) await ask('GET', tile);
    const walls: number[] = [];
    const before = cpuMs();
    while (walls.length < 60) {
      for (const tile of tiles) {
        const start = performance.now();
        await ask('GET', tile);
        walls.push(performance.now() - start);
      }
    }
    // The client of the bench runs in the same process and is counted in.
    console.log(
      `tile of an open page, 1:${scale}      ${((cpuMs() - before) / walls.length).toFixed(1)} ms of CPU (bar 25), ${median(walls).toFixed(1)} ms wall, ${walls.length} tiles`,
    );
  }

  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ baseURL: web.url, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto('/');
    await page.locator('input[autocomplete=username]').fill(account.name);
    await page.locator('input[autocomplete=current-password]').fill(account.password);
    await page.keyboard.press('Enter');
    await page.locator('.rail').waitFor();
    const sights: { strip: number; painted: number }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      await page.goto('/dossiers');
      const door = page.locator('.grid-row').first();
      await door.waitFor();
      const start = performance.now();
      const tile = page.waitForResponse((r) => r.url().includes('/iiif/') && r.url().endsWith('.jpg'));
      await door.focus();
      await page.keyboard.press('Enter');
      await page.locator('[data-page]').first().waitFor();
      const strip = performance.now() - start;
      await (await tile).finished();
      await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
      // The first round fills the browser's cache with the program.
      if (round > 0) sights.push({ strip, painted: performance.now() - start });
    }
    console.log(
      `first sight in the browser      strip ${show(sights.map((s) => s.strip))}, first tile painted ${show(sights.map((s) => s.painted))} (bar 500)`,
    );
  } finally {
    await browser.close();
  }
} finally {
  await close();
}
