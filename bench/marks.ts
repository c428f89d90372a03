// Trace: how many screenshots of marked pages name their look, and whether anything else is ever named.
//   node --import tsx bench/marks.ts [--marked 200] [--unmarked 10000] [--averaged 100] [--seed 1] [--amplitude-check]
// A screenshot is made as the viewer does: tiles of the nearest power of two, marked and encoded, drawn at the window's scale on a screen with
// bars around, saved as JPEG 60, then cut to a quarter. Pages: samples/ and, where present, the invented dossiers of ../shared/samples.
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cutTile, drawMarkSheet, encodeTile, type Pixels, type TilePlan } from '@lantai/images';
import {
  CELLS_A_PAGE,
  formatViewNumber,
  LETTERS_A_PAGE,
  layMarks,
  MarkFinder,
  type MarkHmac,
  numberOfEntry,
  planeOf,
  signsOf,
  type VisibleMark,
} from '@lantai/marks';
import { makeUuidV7 } from '@lantai/values';
import sharp from 'sharp';

const { values: args } = parseArgs({
  options: {
    marked: { type: 'string', default: '200' },
    unmarked: { type: 'string', default: '10000' },
    averaged: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['samples', '../shared/samples/dossiers', '../shared/samples/dossiers2'];

/** Pictures repeat by seed: mulberry32. */
let state = Number(args.seed) >>> 0;
function chance(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const between = (low: number, high: number) => Math.round(low + chance() * (high - low));
const oneOf = <T>(things: readonly T[]): T => things[Math.floor(chance() * things.length)]!;

const keyed =
  (key: Uint8Array): MarkHmac =>
  (...parts) => {
    const h = createHmac('sha256', key);
    for (const part of parts) h.update(part);
    return h.digest();
  };
const own = keyed(new Uint8Array(32).fill(7));
const foreign = keyed(new Uint8Array(32).fill(8));

const pageFiles = FOLDERS.map((f) => join(ROOT, f))
  .filter((f) => existsSync(f))
  .flatMap((f) => readdirSync(f, { recursive: true, encoding: 'utf8' }).map((name) => join(f, name)))
  .filter((name) => /\.(jpe?g|png)$/i.test(name))
  .sort();

async function decode(file: string): Promise<Pixels> {
  const { data, info } = await sharp(readFileSync(file)).autoOrient().flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer({
    resolveWithObject: true,
  });
  return { widthPx: info.width, heightPx: info.height, channels: info.channels === 1 ? 1 : 3, data };
}

interface Screen {
  readonly fit: 'width' | 'page';
  readonly ratio: 1 | 2;
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Mark {
  readonly hmac: MarkHmac;
  readonly number: bigint;
  readonly visible: VisibleMark['sheet'];
}

let markCpuMs = 0;
let markedTiles = 0;

/** The page as the viewer draws it on a screen: gray around. Without a mark: the page alone. */
async function screenshot(page: Pixels, mark: Mark | null, screen: Screen): Promise<Buffer> {
  const { ratio } = screen;
  const [roomW, roomH] = [screen.widthPx * ratio, screen.heightPx * ratio];
  const scale = screen.fit === 'width' ? roomW / page.widthPx : Math.min(roomW / page.widthPx, roomH / page.heightPx);
  const factor = 2 ** Math.max(0, Math.floor(Math.log2(1 / scale)));
  const tileW = Math.ceil(page.widthPx / factor);
  const tileH = Math.ceil(page.heightPx / factor);
  const crop = { x: 0, y: 0, width: page.widthPx, height: page.heightPx };
  const plan: TilePlan = { crop, widthPx: tileW, heightPx: tileH, mirror: false, degrees: 0, quality: 'default', format: 'jpg' };
  let pixels = await cutTile(page, plan);
  if (mark) {
    const long = Math.max(page.widthPx, page.heightPx);
    const visible = { sheet: mark.visible, emPagePx: long / LETTERS_A_PAGE, strength01: 0.12 };
    const began = process.cpuUsage();
    pixels = layMarks(pixels, planeOf(plan), visible, { signs: signsOf(mark.hmac, mark.number), cellPagePx: long / CELLS_A_PAGE });
    const { user, system } = process.cpuUsage(began);
    markCpuMs += (user + system) / 1000;
    markedTiles += (tileW * tileH) / (512 * 512);
  }
  const { bytes } = await encodeTile(pixels, 'jpg');
  const [w, h] = [Math.round(page.widthPx * scale), Math.round(page.heightPx * scale)];
  const drawn = await sharp(bytes).resize(w, h, { fit: 'fill', kernel: 'linear' }).toBuffer();
  const top = h > roomH ? Math.floor(chance() * (h - roomH)) : 0;
  const seen = await sharp(drawn)
    .extract({ left: 0, top, width: w, height: Math.min(h, roomH) })
    .toBuffer();
  return sharp(seen)
    .extend({ top: 96 * ratio, bottom: 24 * ratio, left: between(0, 240) * ratio, right: between(0, 240) * ratio, background: '#e8e8e8' })
    .jpeg({ quality: 60 })
    .toBuffer();
}

/** A quarter of a picture: half its width and height, anywhere. */
async function quarterOf(jpeg: Uint8Array): Promise<Buffer> {
  const { width = 0, height = 0 } = await sharp(jpeg).metadata();
  const [w, h] = [width >> 1, height >> 1];
  const at = { left: Math.floor(chance() * (width - w)), top: Math.floor(chance() * (height - h)), width: w, height: h };
  return sharp(jpeg).extract(at).jpeg({ quality: 60 }).toBuffer();
}

const grayOf = async (bytes: Uint8Array) => {
  const { data, info } = await sharp(bytes).grayscale().raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data };
};

const screens: readonly Screen[] = (['width', 'page'] as const).flatMap((fit) =>
  ([1, 2] as const).map((ratio) => ({ fit, ratio, widthPx: 0, heightPx: 0 })),
);
const aScreen = (i: number): Screen => ({ ...screens[i % screens.length]!, widthPx: between(1000, 1500), heightPx: between(760, 960) });
const aMark = async (hmac: MarkHmac): Promise<Mark> => {
  const number = numberOfEntry(makeUuidV7(1_795_000_000_000 + between(0, 1e9), randomBytes(10)));
  return { hmac, number, visible: await drawMarkSheet(`clerk-${between(1, 99)} 2026-11-22 13:40 ${formatViewNumber(number)}`) };
};

const finder = new MarkFinder(own);
let findMs = 0;
let finds = 0;
async function find(jpeg: Uint8Array): Promise<bigint | null> {
  const picture = await grayOf(jpeg);
  const began = performance.now();
  const found = finder.find(picture)?.number ?? null;
  findMs += performance.now() - began;
  finds++;
  return found;
}

async function runMarked(count: number): Promise<void> {
  const named = new Map<string, [named: number, of: number]>();
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const screen = aScreen(i);
    const mark = await aMark(own);
    const file = oneOf(pageFiles);
    const got = await find(await quarterOf(await screenshot(await decode(file), mark, screen)));
    const name = `fit-${screen.fit} at ${screen.ratio}`;
    const [n, of] = named.get(name) ?? [0, 0];
    named.set(name, [n + (got === mark.number ? 1 : 0), of + 1]);
    if (got !== null && got !== mark.number) wrong++;
    if (got === null) console.log(`  not named: ${name} ${screen.widthPx}x${screen.heightPx} ${file.split('/').slice(-2).join('/')}`);
  }
  for (const [name, [n, of]] of named) console.log(`quarter, JPEG 60, ${name}: ${n} of ${of} named`);
  console.log(`marked: ${[...named.values()].reduce((n, [k]) => n + k, 0)} of ${count} named, ${wrong} wrongly`);
}

/** Pages without a mark, or with another archive's. */
async function runUnmarked(count: number): Promise<void> {
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const mark = i % 2 ? await aMark(foreign) : null;
    const picture = await screenshot(await decode(oneOf(pageFiles)), mark, aScreen(i));
    if ((await find(i % 4 < 2 ? await quarterOf(picture) : picture)) !== null) wrong++;
    if ((i + 1) % 100 === 0) console.log(`  ${i + 1}: ${wrong} named`);
  }
  console.log(`unmarked or foreign: ${wrong} of ${count} named`);
}

/** The copies of two viewers, averaged. */
async function runAveraged(count: number): Promise<void> {
  const seen = { nobody: 0, 'one of the two': 0, 'somebody else': 0 };
  for (let i = 0; i < count; i++) {
    const page = await decode(oneOf(pageFiles));
    const screen = aScreen(i);
    const marks = [await aMark(own), await aMark(own)] as const;
    const before = state;
    const first = await sharp(await screenshot(page, marks[0], screen))
      .raw()
      .toBuffer({ resolveWithObject: true });
    state = before;
    const second = await sharp(await screenshot(page, marks[1], screen))
      .raw()
      .toBuffer();
    const mean = Buffer.from(first.data.map((v, k) => (v + second[k]!) >> 1));
    const { width, height, channels } = first.info;
    const got = await find(await sharp(mean, { raw: { width, height, channels } }).jpeg({ quality: 90 }).toBuffer());
    if (got === null) seen.nobody++;
    else if (got === marks[0].number || got === marks[1].number) seen['one of the two']++;
    else seen['somebody else']++;
  }
  console.log(`two viewers averaged: ${JSON.stringify(seen)}`);
}

console.log(`${pageFiles.length} pages`);
await runMarked(Number(args.marked));
if (markedTiles > 0) console.log(`laying both marks: ${(markCpuMs / markedTiles).toFixed(1)} ms of CPU a tile of 512 x 512`);
await runAveraged(Number(args.averaged));
await runUnmarked(Number(args.unmarked));
console.log(`finding: ${(findMs / Math.max(1, finds)).toFixed(0)} ms a picture`);
