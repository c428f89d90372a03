// Alterations of one character of a field, as pens, blades and correction fluid make them.
import type { Chance } from './chance.ts';
import { type Colour, copyOf, fromSharp, type Picture, ramp, toSharp, wavingLine } from './picture.ts';

/** A place of a sheet in its pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
export type AlteredKind = 'overwritten' | 'scraped' | 'stroke added' | 'covered' | 'struck';
export const ALTERED_KINDS: readonly AlteredKind[] = ['overwritten', 'scraped', 'stroke added', 'covered', 'struck'];

const PENS: readonly Colour[] = [
  [28, 28, 34],
  [36, 48, 122],
  [34, 44, 78],
  [62, 60, 64],
  [20, 20, 90],
];
const FONTS = ['LXGW WenKai', 'AR PL UKai CN', 'Noto Sans CJK SC', 'AR PL UMing CN'] as const;

/** Alters a field. @param field the whole field @param one the character that is changed @param digit what stands there */
export async function altered(sheet: Picture, chance: Chance, kind: AlteredKind, field: Spot, one: Spot, digit: string): Promise<Picture> {
  const pen = penOf(sheet, field, chance);
  const other = chance.pick([...'0123456789'].filter((d) => d !== digit));
  if (kind === 'overwritten') return drawn(sheet, glyph(one, other, pen, chance, chance.between(1, 2.6)), chance);
  if (kind === 'stroke added') return drawn(sheet, addedStroke(one, pen, chance), chance);
  if (kind === 'struck')
    return drawn(sheet, strike(field, pen, chance) + glyph({ ...one, y: one.y - one.h * 0.95 }, other, pen, chance, 1), chance);
  const cleaned = kind === 'scraped' ? scraped(sheet, one, chance) : covered(sheet, one, chance);
  return drawn(cleaned, glyph(one, other, pen, chance, kind === 'scraped' ? 1.6 : 0.8), chance, kind === 'scraped' ? 1.1 : 0.7);
}

/** The field's own ink, or another pen from the desk. */
function penOf({ data, width }: Picture, { x, y, w, h }: Spot, chance: Chance): Colour {
  if (chance.yes(0.5)) return chance.pick(PENS);
  const dark: [number, number, number, number][] = [];
  for (let v = Math.max(0, Math.floor(y)); v < y + h; v++)
    for (let u = Math.max(0, Math.floor(x)); u < x + w; u++) {
      const i = (v * width + u) * 3;
      if (i + 2 < data.length) dark.push([data[i]! + data[i + 1]! + data[i + 2]!, data[i]!, data[i + 1]!, data[i + 2]!]);
    }
  dark.sort((a, b) => a[0] - b[0]);
  const own = dark[Math.floor(dark.length * 0.04)] ?? [0, 30, 30, 30];
  return [own[1] + chance.between(-10, 10), own[2] + chance.between(-10, 10), own[3] + chance.between(-10, 10)];
}

const say = ([r, g, b]: Colour) => `rgb(${Math.max(0, Math.round(r))},${Math.max(0, Math.round(g))},${Math.max(0, Math.round(b))})`;

function glyph({ x, y, w, h }: Spot, text: string, pen: Colour, chance: Chance, stroke: number): string {
  const size = h * chance.between(0.74, 0.95);
  const [cx, cy] = [x + w / 2 + chance.between(-0.08, 0.08) * w, y + h * 0.8 + chance.between(-0.06, 0.06) * h];
  const turn = chance.between(-9, 9);
  return `<text x="${cx}" y="${cy}" font-size="${size}" text-anchor="middle" font-family="${chance.pick(FONTS)}" fill="${say(pen)}" stroke="${say(pen)}"
    stroke-width="${stroke * (h / 62)}" transform="rotate(${turn} ${cx} ${cy})">${text}</text>`;
}

/** 1 made 7 or 4, 0 made 8, 3 made 8, 5 made 6: one stroke more. */
function addedStroke({ x, y, w, h }: Spot, pen: Colour, chance: Chance): string {
  const wide = h * chance.between(0.055, 0.1);
  const at = () => [x + w * chance.between(-0.05, 0.35), y + h * chance.between(0.2, 0.6)] as const;
  const [ax, ay] = at();
  const [bx, by] = [x + w * chance.between(0.7, 1.05), y + h * chance.between(0.3, 0.75)];
  const bend = chance.between(-0.25, 0.25) * h;
  return `<path d="M ${ax} ${ay} Q ${(ax + bx) / 2} ${(ay + by) / 2 + bend} ${bx} ${by}" fill="none" stroke-linecap="round" stroke="${say(pen)}" stroke-width="${wide}"/>`;
}

function strike({ x, y, w, h }: Spot, pen: Colour, chance: Chance): string {
  const line = (dy: number) =>
    `<path d="M ${x - h * 0.1} ${y + h * (0.5 + dy)} Q ${x + w / 2} ${y + h * (0.5 + dy + chance.between(-0.06, 0.06))} ${x + w + h * 0.1} ${y + h * (0.5 + dy + chance.between(-0.05, 0.05))}"
      fill="none" stroke="${say(pen)}" stroke-width="${h * chance.between(0.035, 0.07)}"/>`;
  return chance.yes(0.4) ? line(-0.07) + line(0.08) : line(0);
}

/** Ink laid on the sheet: as sharp as the scan's other strokes, a little uneven. */
async function drawn(sheet: Picture, shapes: string, chance: Chance, soft = 0.7): Promise<Picture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}"><g opacity="${chance.between(0.8, 0.97)}">${shapes}</g></svg>`;
  const layer = await toSharp({ ...sheet, data: new Uint8ClampedArray(sheet.data.length).fill(255) })
    .composite([{ input: Buffer.from(svg) }])
    .blur(Math.max(0.4, soft * (sheet.dpi / 300) + 0.2))
    .png({ compressionLevel: 1 })
    .toBuffer();
  return fromSharp(toSharp(sheet).composite([{ input: layer, blend: 'multiply' }]), sheet.dpi);
}

/** How far a place lies within an uneven patch about a character: 1 inside, 0 outside. */
function patch({ x, y, w, h }: Spot, chance: Chance, grow: number): (u: number, v: number) => number {
  const line = wavingLine(chance, 6.3);
  const [cx, cy] = [x + w / 2, y + h / 2];
  return (u, v) => {
    const [dx, dy] = [(u - cx) / (w * grow), (v - cy) / (h * 0.55 * (grow / 0.62))];
    const far = (Math.abs(dx) ** 2.6 + Math.abs(dy) ** 2.6) ** (1 / 2.6);
    return 1 - ramp(far + 0.08 * line(Math.atan2(dy, dx) + 3.2), 0.86, 1.06);
  };
}

/** The ink scraped off with a blade: a ghost of it stays, the fibres stand up, the paper is thinner. */
function scraped(sheet: Picture, one: Spot, chance: Chance): Picture {
  const out = copyOf(sheet);
  const inside = patch(one, chance, chance.between(0.6, 0.75));
  const ghost = chance.between(0.04, 0.16);
  const lighter = chance.between(-5, 7);
  const rough = chance.between(2.5, 6.5);
  const paper = paperAbout(sheet, one);
  const fibre = Float32Array.from({ length: 4096 }, () => chance.normal());
  eachAbout(sheet, one, (u, v, i) => {
    const share = inside(u, v);
    if (share <= 0) return;
    // Fibres are longer than a pixel.
    const grain = rough * (0.6 * fibre[(u * 31 + v * 977) & 4095]! + 0.7 * fibre[((u >> 1) * 131 + (v >> 1) * 577) & 4095]!);
    for (let k = 0; k < 3; k++) {
      const was = sheet.data[i + k]!;
      const bare = paper[k]! + (was - paper[k]!) * (was < paper[k]! - 12 ? ghost : 1) + lighter + grain;
      out.data[i + k] = was * (1 - share) + bare * share;
    }
  });
  return out;
}

/** Correction fluid or tape: whiter and smoother than the paper, raised at its rim. */
function covered(sheet: Picture, one: Spot, chance: Chance): Picture {
  const out = copyOf(sheet);
  const inside = patch(one, chance, chance.between(0.6, 0.85));
  const white = chance.between(243, 254);
  const cast = chance.between(-2, 4);
  const rim = chance.between(2, 12);
  eachAbout(sheet, one, (u, v, i) => {
    const share = inside(u, v);
    if (share <= 0) return;
    const edge = rim * 4 * share * (1 - share);
    for (let k = 0; k < 3; k++) {
      const fluid = white + (k === 2 ? cast : 0) + (sheet.data[i + k]! > 200 ? (sheet.data[i + k]! - 235) * 0.08 : 0) - edge;
      out.data[i + k] = sheet.data[i + k]! * (1 - share) + fluid * share;
    }
  });
  return out;
}

function eachAbout({ width, height }: Picture, { x, y, w, h }: Spot, at: (u: number, v: number, i: number) => void): void {
  for (let v = Math.max(0, Math.floor(y - h * 0.6)); v < Math.min(height, y + h * 1.6); v++)
    for (let u = Math.max(0, Math.floor(x - w * 1.2)); u < Math.min(width, x + w * 2.2); u++) at(u, v, (v * width + u) * 3);
}

function paperAbout(sheet: Picture, one: Spot): Colour {
  const seen: [number[], number[], number[]] = [[], [], []];
  eachAbout(sheet, one, (_u, _v, i) => {
    for (let k = 0; k < 3; k++) seen[k as 0]!.push(sheet.data[i + k]!);
  });
  return seen.map((s) => s.sort((a, b) => a - b)[Math.floor(s.length * 0.62)] ?? 240) as unknown as Colour;
}
