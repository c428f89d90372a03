// Trace by simulated screens: how many name their look, and whether anything else is ever named.
//   node --import tsx bench/marks.ts [--marked 200] [--averaged 100] [--unmarked 10000] [--from 0] [--printed 0] [--seed 1]
// bench/trace-screens.ts has the real viewer; this one is for thousands. `--unmarked`: pictures of eight kinds without a mark of this archive, or with
// another one (trace/strangers.ts); to run it in shards, give each a seed and `--from` of its own.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cutTile, drawMarkSheet, type Pixels, type TilePlan } from '@lantai/images';
import { CELLS_A_PAGE, formatViewNumber, LETTERS_A_PAGE, layMarks, MARK_STRENGTH01, MarkFinder, planeOf, signsOf } from '@lantai/marks';
import sharp from 'sharp';
import { listScans, makeChance } from './trace/leak.ts';
import { printAndScan } from './trace/paper-way.ts';
import { decodePage, drawFace, drawScreen, grayOf, type Mark, quarterOf } from './trace/simulated-screen.ts';
import { aNumber, aScreen, keyed, makeStrangers } from './trace/strangers.ts';

const { values: args } = parseArgs({
  options: {
    marked: { type: 'string', default: '200' },
    averaged: { type: 'string', default: '100' },
    unmarked: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
    printed: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const ROOT = join(import.meta.dirname, '..');
const chance = makeChance(Number(args.seed));
const oneOf = <T>(things: readonly T[]): T => things[Math.floor(chance() * things.length)]!;
const own = keyed(randomBytes(32));
const finder = new MarkFinder(own);
const pageFiles = listScans(ROOT, ['samples', '../shared/samples/dossiers', '../shared/samples/dossiers2']).map((s) => s.file);

async function aMark(): Promise<Mark & { readonly number: bigint }> {
  const number = aNumber(chance);
  const visible = await drawMarkSheet(`clerk-${Math.floor(chance() * 99)} 2026-11-22 13:40 ${formatViewNumber(number)}`);
  return { number, visible, signs: signsOf(own, number) };
}

let findCpuMs = 0;
let finds = 0;
async function find(jpeg: Uint8Array): Promise<bigint | null> {
  const picture = await grayOf(jpeg);
  const began = process.cpuUsage();
  const found = finder.find(picture)?.number ?? null;
  const { user, system } = process.cpuUsage(began);
  findCpuMs += (user + system) / 1000;
  finds++;
  return found;
}

async function runMarked(count: number): Promise<void> {
  const named = new Map<string, [named: number, of: number]>();
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const screen = aScreen(i, chance);
    const mark = await aMark();
    const file = oneOf(pageFiles);
    const got = await find(await quarterOf(await drawScreen(await decodePage(file), mark, screen, chance), chance));
    const name = `fit-${screen.fit} at ${screen.ratio}`;
    const [n, of] = named.get(name) ?? [0, 0];
    named.set(name, [n + (got === mark.number ? 1 : 0), of + 1]);
    if (got !== null && got !== mark.number) wrong++;
    if (got === null) console.log(`  not named: ${name} ${screen.widthPx}x${screen.heightPx} ${file.split('/').slice(-2).join('/')}`);
  }
  for (const [name, [n, of]] of named) console.log(`quarter, JPEG 60, ${name}: ${n} of ${of} named`);
  console.log(`marked: ${[...named.values()].reduce((n, [k]) => n + k, 0)} of ${count} named, ${wrong} wrongly`);
}

/** The copies of two viewers, averaged. */
async function runAveraged(count: number): Promise<void> {
  const seen = { nobody: 0, 'one of the two': 0, 'somebody else': 0 };
  for (let i = 0; i < count; i++) {
    const page = await decodePage(oneOf(pageFiles));
    const screen = aScreen(i, chance);
    const marks = [await aMark(), await aMark()] as const;
    // Both before the same screen: the same numbers of chance for its bars.
    const seed = Math.floor(chance() * 2 ** 32);
    const [first, second] = await Promise.all(marks.map(async (mark) => drawScreen(page, mark, screen, makeChance(seed))));
    const a = await sharp(first).raw().toBuffer({ resolveWithObject: true });
    const b = await sharp(second).raw().toBuffer();
    const mean = Buffer.from(a.data.map((v, k) => (v + b[k]! + 1) >> 1));
    const { width, height, channels } = a.info;
    const jpeg = await sharp(mean, { raw: { width, height, channels } }).jpeg({ quality: 90 }).toBuffer();
    const got = await find(i % 2 ? await quarterOf(jpeg, chance) : jpeg);
    if (got === null) seen.nobody++;
    else if (got === marks[0].number || got === marks[1].number) seen['one of the two']++;
    else seen['somebody else']++;
  }
  console.log(`two viewers averaged, whole and quarters in turn: ${JSON.stringify(seen)}`);
}

async function runUnmarked(from: number, count: number): Promise<void> {
  const strangerOf = makeStrangers(pageFiles, own, chance);
  const named = new Map<string, [named: number, of: number]>();
  let wrong = 0;
  const say = (done: number) => console.log(`  ${done} of ${count}: ${wrong} named ${JSON.stringify(Object.fromEntries(named))}`);
  for (let i = from; i < from + count; i++) {
    const { kind, jpeg } = await strangerOf(i);
    const isNamed = (await find(jpeg)) !== null;
    if (isNamed) wrong++;
    const [n, of] = named.get(kind) ?? [0, 0];
    named.set(kind, [n + (isNamed ? 1 : 0), of + 1]);
    if ((i - from + 1) % 100 === 0) say(i - from + 1);
  }
  say(count);
  console.log(`without a mark of this archive: ${wrong} of ${count} named`);
}

/** Faces as they are printed (1528 × 2054 at most, 200 dpi), printed and scanned again. Reported, no bar. */
async function runPrinted(count: number): Promise<void> {
  const named = new Map<string, [named: number, of: number]>();
  for (let i = 0; i < count; i++) {
    const page = await decodePage(oneOf(pageFiles));
    const mark = await aMark();
    const face = await drawFace(page, mark);
    for (const isHalftone of [false, true])
      for (const scanDpi of [150, 200] as const)
        for (const turnDegrees of [0, 0.5]) {
          const got = await find(await printAndScan(face, { isHalftone, scanDpi, turnDegrees }));
          const name = `${isHalftone ? 'laser dots' : 'shades'}, scanned at ${scanDpi} dpi, turned ${turnDegrees}°`;
          const [n, of] = named.get(name) ?? [0, 0];
          named.set(name, [n + (got === mark.number ? 1 : 0), of + 1]);
        }
  }
  for (const [name, [n, of]] of named) console.log(`a quarter of a printed face, ${name}: ${n} of ${of} named`);
}

/** CPU of both marks on tiles of 512 × 512 in the middle of a page at its own size. */
async function runTile(page: Pixels): Promise<void> {
  const longPx = Math.max(page.widthPx, page.heightPx);
  const crop = { x: (page.widthPx - 512) >> 1, y: (page.heightPx - 512) >> 1, width: 512, height: 512 };
  const plan: TilePlan = { crop, widthPx: 512, heightPx: 512, mirror: false, degrees: 0, quality: 'default', format: 'jpg' };
  const { visible, signs } = await aMark();
  const tile = await cutTile(page, plan);
  const lay = () =>
    layMarks(
      tile,
      planeOf(plan),
      { sheet: visible, emPagePx: longPx / LETTERS_A_PAGE, strength01: MARK_STRENGTH01 },
      { signs: signs!, cellPagePx: longPx / CELLS_A_PAGE },
    );
  for (let i = 0; i < 20; i++) lay();
  const began = process.cpuUsage();
  for (let i = 0; i < 100; i++) lay();
  const { user, system } = process.cpuUsage(began);
  console.log(`laying both marks: ${((user + system) / 100_000).toFixed(1)} ms of CPU a tile of 512 x 512`);
}

console.log(`${pageFiles.length} pages`);
await runTile(await decodePage(pageFiles[0]!));
if (Number(args.marked)) await runMarked(Number(args.marked));
if (Number(args.averaged)) await runAveraged(Number(args.averaged));
if (Number(args.printed)) await runPrinted(Number(args.printed));
if (Number(args.unmarked)) await runUnmarked(Number(args.from), Number(args.unmarked));
console.log(`finding: ${(findCpuMs / Math.max(1, finds)).toFixed(0)} ms of CPU a picture`);
