import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InkSheet } from '@lantai/marks';
import type { Font } from '@pdf-lib/fontkit';
import { drawSvg } from './draw.ts';

/** Clockwise turn of the text, upwards to the right: it crosses lines of writing and cannot be cut out with them. */
const SLOPE_DEGREES = -20;
/** Between one text and the next on its line, and between lines, in letter heights. */
const GAP_EM = 4;
const LINE_EM = 3.2;
/** Samples to a letter height on the finest level; each next has half. */
const FINEST_PX_PER_EM = 32;
const LEVEL_COUNT = 3;
/** How far the upper dot of a colon lies above the lower. */
const COLON_EM = 0.4;

let loading: Promise<Font> | undefined;

/** Noto Sans Hans (OFL-1.1, npm @embedpdf/fonts-sc), the font of the sheets: a mark looks the same on every machine. */
function loadFont(): Promise<Font> {
  loading ??= readFont();
  return loading;
}

/** fontkit is loaded with the first mark: a fifth of the time that a command takes to start, and most commands draw none. */
async function readFont(): Promise<Font> {
  const { default: fontkit } = await import('@pdf-lib/fontkit');
  const folder = dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc'));
  return fontkit.create(await readFile(join(folder, '..', 'fonts', 'NotoSansHans-Medium.otf')));
}

/**
 * Draws the repeating sheet of a visible mark: the text on sloping lines, in brick pattern. Some tens of milliseconds; keep it for the view.
 * Characters that the font does not have are shown as its empty box.
 * @throws what reading the font file throws
 */
export async function drawMarkSheet(text: string): Promise<InkSheet> {
  const font = await loadFont();
  const { paths, widthEm } = outlineOf(font, text);
  const slope = (-SLOPE_DEGREES * Math.PI) / 180;
  const periodX = Math.ceil(widthEm + GAP_EM);
  // Lines of the brick pattern stay LINE_EM apart, measured across the slope.
  const periodY = Math.ceil((2 * LINE_EM + periodX * Math.sin(slope)) / Math.cos(slope));
  const [finestWidthPx, finestHeightPx] = [periodX * FINEST_PX_PER_EM, periodY * FINEST_PX_PER_EM];
  const uses = copies([periodX, periodY], (widthEm / 2) * Math.cos(slope) + 1, (widthEm / 2) * Math.sin(slope) + 1);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${finestWidthPx}" height="${finestHeightPx}" viewBox="0 0 ${periodX} ${periodY}">` +
    `<defs><g id="t" transform="rotate(${SLOPE_DEGREES}) translate(${-widthEm / 2} 0.35)">${paths}</g></defs>${uses}</svg>`;
  const { widthPx, heightPx, channels, data } = await drawSvg(svg, finestWidthPx, finestHeightPx);
  const ink = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => 255 - data[i * channels]!);
  const levels: InkSheet['levels'][number][] = [{ widthPx, heightPx, ink }];
  while (levels.length < LEVEL_COUNT) levels.push(halve(levels.at(-1)!));
  return { periodEm: [periodX, periodY], levels };
}

/** The level of half the size: means of four. The finest has a multiple of four samples each way. */
function halve({ widthPx, heightPx, ink }: InkSheet['levels'][number]): InkSheet['levels'][number] {
  const [w, h] = [widthPx / 2, heightPx / 2];
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const at = 2 * y * widthPx + 2 * x;
      out[y * w + x] = (ink[at]! + ink[at + 1]! + ink[at + widthPx]! + ink[at + widthPx + 1]! + 2) >> 2;
    }
  return { widthPx: w, heightPx: h, ink: out };
}

/** The text as SVG paths on the base line, one letter height being 1. */
function outlineOf(font: Font, text: string): { paths: string; widthEm: number } {
  const em = 1 / font.unitsPerEm;
  let paths = '';
  let x = 0;
  const draw = (character: string, upEm: number) => {
    const glyph = font.glyphForCodePoint(character.codePointAt(0) ?? 0);
    paths += `<path transform="translate(${x} ${-upEm}) scale(${em} ${-em})" d="${glyph.path.toSVG()}"/>`;
    return glyph.advanceWidth * em;
  };
  for (const character of text) {
    // fontkit 1.1.1 loses the outline of the colon in this font: two stops, one above the other.
    if (character === ':') draw('.', COLON_EM);
    x += draw(character === ':' ? '.' : character, 0);
  }
  return { paths, widthEm: x };
}

/** Every copy that reaches into one period: the text wraps over all edges. `reachX`, `reachY`: half of what a copy covers. */
function copies([periodX, periodY]: readonly [number, number], reachX: number, reachY: number): string {
  let uses = '';
  const add = (x: number, y: number) => {
    const isSeen = x > -reachX && x < periodX + reachX && y > -reachY && y < periodY + reachY;
    if (isSeen) uses += `<use href="#t" x="${x}" y="${y}"/>`;
  };
  for (let i = -1; i <= 2; i++)
    for (let j = -1; j <= 2; j++) {
      add(i * periodX, j * periodY);
      add((i + 0.5) * periodX, (j + 0.5) * periodY);
    }
  return uses;
}
