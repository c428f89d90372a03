// Pictures that no look of this archive stands behind, of eight kinds in turn.
import { createHmac, randomBytes } from 'node:crypto';
import { drawMarkSheet, type Pixels } from '@lantai/images';
import { formatViewNumber, layoutOf, type MarkHmac, numberOfEntry, signsOf } from '@lantai/marks';
import { makeUuidV7 } from '@lantai/values';
import sharp from 'sharp';
import { between, type Chance, decodePage, drawScreen, type Mark, quarterOf, type Screen } from './simulated-screen.ts';

export const keyed =
  (key: Uint8Array): MarkHmac =>
  (...parts) => {
    const h = createHmac('sha256', key);
    for (const part of parts) h.update(part);
    return h.digest();
  };

export const aNumber = (chance: Chance): bigint => numberOfEntry(makeUuidV7(1_795_000_000_000 + between(chance, 0, 1e9), randomBytes(10)));
export const aScreen = (i: number, chance: Chance): Screen => ({
  fit: i % 2 ? 'width' : 'page',
  ratio: (i >> 1) % 2 ? 2 : 1,
  widthPx: between(chance, 640, 1100),
  heightPx: between(chance, 480, 960),
});

/** A picture that must name nobody. */
export interface Stranger {
  readonly kind: string;
  readonly jpeg: Buffer;
}

type Maker = (i: number) => Promise<Buffer>;

/** Makes strangers without end. A page serves for eight of them, each at a scale, place and mark of its own. */
export function makeStrangers(pageFiles: readonly string[], own: MarkHmac, chance: Chance): (i: number) => Promise<Stranger> {
  let page: Pixels | undefined;
  let sheet: Mark['visible'] | undefined;
  const screen = async (i: number, signs: Int8Array | null | undefined) =>
    drawScreen(page!, signs === undefined ? null : { signs, visible: sheet! }, aScreen(i, chance), chance);
  const foreign = () => signsOf(keyed(randomBytes(32)), aNumber(chance));
  const makers: readonly (readonly [kind: string, make: Maker])[] = [
    ['unmarked, a quarter', async (i) => quarterOf(await screen(i, undefined), chance)],
    ["another archive's key, a quarter", async (i) => quarterOf(await screen(i, foreign()), chance)],
    ["another archive's key, a whole screen of ratio 1", async (i) => screen(i & 1, foreign())],
    ['visible mark alone, a quarter', async (i) => quarterOf(await screen(i, null), chance)],
    // The hardest: everything as it should be but the tag.
    ["own pilots under another's tag, a quarter", async (i) => quarterOf(await screen(i, forged(own, chance)), chance)],
    ['scan as it is, a part', () => partOf(page!, chance)],
    ['noise', () => noise(chance)],
    ['a program without a page', () => program(chance)],
  ];
  return async (i) => {
    if (!page || i % makers.length === 0) {
      page = await decodePage(pageFiles[Math.floor(chance() * pageFiles.length)]!);
      sheet = await drawMarkSheet(`clerk-${between(chance, 1, 99)} 2026-11-22 13:40 ${formatViewNumber(aNumber(chance))}`);
    }
    const [kind, make] = makers[i % makers.length]!;
    return { kind, jpeg: await make(Math.floor(i / makers.length)) };
  };
}

/** Pilots of this archive, and a number whose tag another key made. */
const forged = (own: MarkHmac, chance: Chance) => signsOf(keyed(randomBytes(32)), aNumber(chance), layoutOf(own));

/** A part of the page as it was scanned, at some scale and quality. */
async function partOf({ widthPx, heightPx, channels, data }: Pixels, chance: Chance): Promise<Buffer> {
  const [width, height] = [Math.floor(widthPx * (0.3 + 0.3 * chance())), Math.floor(heightPx * (0.2 + 0.3 * chance()))];
  const box = { left: Math.floor(chance() * (widthPx - width)), top: Math.floor(chance() * (heightPx - height)), width, height };
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels } })
    .extract(box)
    .resize({ width: between(chance, 200, 700) })
    .jpeg({ quality: between(chance, 50, 95) })
    .toBuffer();
}

/** Paper of nothing but grain, fine or coarse, with or without a repeat. */
async function noise(chance: Chance): Promise<Buffer> {
  const [width, height] = [between(chance, 200, 640), between(chance, 200, 480)];
  const spread = 1 + 9 * chance();
  const repeatPx = chance() < 0.3 ? between(chance, 40, 190) : 0;
  const grain = Float32Array.from({ length: width * height }, () => (chance() + chance() + chance() - 1.5) * spread);
  const at = (x: number, y: number) =>
    repeatPx ? grain[(y % repeatPx) * width + (x % Math.min(repeatPx, width))]! : grain[y * width + x]!;
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(0, Math.min(255, 235 + at(i % width, Math.floor(i / width)))),
  );
  const image = sharp(data, { raw: { width, height, channels: 1 } });
  const soft = chance() < 0.5 ? image.blur(0.5 + 2 * chance()) : image;
  return soft.jpeg({ quality: between(chance, 50, 95) }).toBuffer();
}

/** Panels, lines of text, a table and a shaded picture: what else stands on a screen. */
async function program(chance: Chance): Promise<Buffer> {
  const [width, height] = [between(chance, 320, 900), between(chance, 240, 620)];
  const gray = (low: number, high: number) => {
    const v = between(chance, low, high);
    return `rgb(${v},${v},${Math.min(255, v + 4)})`;
  };
  const shapes = Array.from({ length: between(chance, 20, 90) }, (_, i) => {
    const [x, y] = [between(chance, 0, width), between(chance, 0, height)];
    const kind = i % 4;
    if (kind === 0)
      return `<rect x="${x}" y="${y}" width="${between(chance, 20, 260)}" height="${between(chance, 12, 140)}" rx="6" fill="${gray(225, 255)}" stroke="${gray(150, 220)}"/>`;
    if (kind === 1) return `<circle cx="${x}" cy="${y}" r="${between(chance, 4, 60)}" fill="url(#shade)" opacity="0.4"/>`;
    return `<text x="${x}" y="${y}" font-size="${between(chance, 9, 22)}" fill="${gray(20, 120)}">${between(chance, 1e5, 1e9)} 卷 ${between(chance, 1, 99)}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="shade"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#777"/></linearGradient></defs><rect width="100%" height="100%" fill="${gray(20, 255)}"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg))
    .jpeg({ quality: between(chance, 50, 90) })
    .toBuffer();
}
