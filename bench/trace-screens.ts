/**
 * Trace on the real thing: screenshots of the product's viewer, served by the product's server to a real browser, named by the product's trace.
 *
 *   node --import tsx bench/trace-screens.ts [--screens 200] [--averaged 100] [--seed 1] [--keep FOLDER]
 *
 * Four archivists open pages of scanned dossiers at fit-width and fit-page, pixel ratio 1 and 2, windows of 1440 × 900 and 1280 × 720, Chinese and
 * English, light and dark. Each screenshot is saved as JPEG 60, cut to a quarter (half the width, half the height, anywhere) and saved again.
 * Two cuts of each: a quarter of the *screen*, and a quarter of what the screen shows of the *page*. The window is mostly program (tree, form, strip),
 * so a quarter of it anywhere may hold no page at all; one that holds less than a quarter of the page seen is traced, and counted apart: nobody
 * leaks it for the page in it. `--averaged`: pairs of screens of one page by two people, laid upon each other.
 * `--keep` saves every cut that named nobody. Build first: `node tools/build.mjs`. Pages: samples/ and, where present, ../shared/samples.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type TracedLook, tracePicture } from '@lantai/server';
import sharp from 'sharp';
import { launchBrowser } from '../test/browser.ts';
import { averageOf, listScans, makeChance, type Quarter, quarterOfPage, quarterOfScreen } from './trace/leak.ts';
import { serveTracedArchive, type Viewer } from './trace/traced-archive.ts';
import { nameOfSeat, type Screenshot, SEATS, type Seat, sitDown, takeScreen } from './trace/viewer.ts';

const ROOT = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    screens: { type: 'string', default: '200' },
    averaged: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
});
const chance = makeChance(Number(values.seed));
const oneOf = <T>(things: readonly T[]): T => things[Math.floor(chance() * things.length)]!;
/** A quarter of the screen with less of the page seen than this is counted apart. */
const PAGE_SHARE_MIN = 0.25;

const scans = listScans(ROOT, ['samples', '../shared/samples/dossiers', '../shared/samples/dossiers2']);
const traced = await serveTracedArchive(ROOT, scans);
const browser = await launchBrowser();
console.log(`${traced.pages.length} pages, ${traced.viewers.length} viewers`);

type Verdict = 'right' | 'nobody' | 'wrong';
const tally = new Map<string, Record<Verdict, number>>();
function count(group: string, verdict: Verdict): void {
  const row = tally.get(group) ?? { right: 0, nobody: 0, wrong: 0 };
  row[verdict]++;
  tally.set(group, row);
}
let traceCpuMs = 0;
let traces = 0;

/**
 * What the product's trace says of a picture, against the look it comes from. A cut of the strip may name the same viewer's look at the thumbnails,
 * which is as right.
 */
async function judge(jpeg: Uint8Array, entryIds: readonly string[], viewers: readonly Viewer[]): Promise<Verdict> {
  const began = process.cpuUsage();
  const { number, looks } = await tracePicture(traced.web.archive, traced.desk, jpeg);
  const { user, system } = process.cpuUsage(began);
  traceCpuMs += (user + system) / 1000;
  traces++;
  if (number === null) return 'nobody';
  const isOf = ({ entryId, kind, account }: TracedLook) =>
    entryIds.includes(entryId) || (kind === 'thumbnails.viewed' && viewers.some((v) => v.name === account?.name));
  return looks.length === 1 && looks.every(isOf) ? 'right' : 'wrong';
}

/** A look that a cut comes from. */
interface Look {
  readonly seat: Seat;
  readonly viewer: Viewer;
  readonly file: string;
  readonly entryId: string;
}

async function tell(what: string, { jpeg, pageShare01 }: Quarter, { seat, viewer, file, entryId }: Look): Promise<void> {
  const verdict = await judge(jpeg, [entryId], [viewer]);
  count(`${what}, all`, verdict);
  count(`${what}, fit-${seat.fit}, ratio ${seat.ratio}`, verdict);
  count(`${what}, ${seat.widthPx} wide`, verdict);
  count(`${what}, ${seat.ground}`, verdict);
  if (verdict === 'right') return;
  console.log(`  ${verdict}: ${what}, ${nameOfSeat(seat)}, ${file}, ${(100 * pageShare01).toFixed(0)} % of the page seen`);
  if (!values.keep) return;
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${what} ${entryId} ${nameOfSeat(seat)} ${file.replaceAll('/', '-')}.jpg`), jpeg);
}

/** Screens of one seat, by each viewer in turn. */
async function lookFrom(seat: Seat, seatNumber: number, screens: number): Promise<void> {
  const viewer = traced.viewers[seatNumber % traced.viewers.length]!;
  const { context, page } = await sitDown(browser, traced.web.url, seat, viewer);
  for (let i = 0; i < screens; i++) {
    const at = oneOf(traced.pages);
    const shot = await takeScreen(page, seat, at);
    const look = { seat, viewer, file: at.file, entryId: shot.entryId };
    await tell('quarter of the page', await quarterOfPage(shot, chance), look);
    for (;;) {
      const quarter = await quarterOfScreen(shot, chance);
      const isCounted = quarter.pageShare01 >= PAGE_SHARE_MIN;
      await tell(isCounted ? 'quarter of the screen' : 'apart: hardly any page', quarter, look);
      if (isCounted) break;
    }
  }
  await context.close();
}

/** The screens of two viewers before the same seat, laid upon each other: the whole, and a quarter of the page. */
async function averagedFrom(seat: Seat, pairs: number): Promise<void> {
  const [a, b] = traced.viewers;
  const first = await sitDown(browser, traced.web.url, seat, a!);
  const second = await sitDown(browser, traced.web.url, seat, b!);
  for (let i = 0; i < pairs; i++) {
    const at = oneOf(traced.pages);
    const shots: [Screenshot, Screenshot] = [await takeScreen(first.page, seat, at), await takeScreen(second.page, seat, at)];
    const png = await averageOf(...shots);
    const entryIds = shots.map((s) => s.entryId);
    count('averaged, whole', await judge(await sharp(png).jpeg({ quality: 90 }).toBuffer(), entryIds, [a!, b!]));
    count('averaged, quarter of the page', await judge((await quarterOfPage({ ...shots[0], png }, chance)).jpeg, entryIds, [a!, b!]));
  }
  await first.context.close();
  await second.context.close();
}

/** How many of `count` fall to each of so many. */
const shareOf = (total: number, of: number, i: number) => Math.floor((total * (i + 1)) / of) - Math.floor((total * i) / of);

try {
  for (const [i, seat] of SEATS.entries()) {
    const screens = shareOf(Number(values.screens), SEATS.length, i);
    if (screens > 0) await lookFrom(seat, i, screens);
  }
  for (const [i, seat] of SEATS.entries()) {
    const pairs = shareOf(Number(values.averaged), SEATS.length, i);
    if (pairs > 0) await averagedFrom(seat, pairs);
  }
} finally {
  for (const [group, { right, nobody, wrong }] of tally)
    console.log(`${group}: ${right} of ${right + nobody + wrong} named, ${nobody} nobody, ${wrong} wrongly`);
  if (traces > 0) console.log(`tracing: ${(traceCpuMs / traces).toFixed(0)} ms of CPU a picture, decoding in its child apart`);
  await browser.close();
  await traced.close();
}
