// Sheets without writing, backs of sheets, sheets scanned again, sheets of other sizes.

import { layOnBed, lidColour } from './bed.ts';
import type { Chance } from './chance.ts';
import {
  addNoise,
  type Colour,
  copyOf,
  emptyPicture,
  fromSharp,
  mm,
  type Picture,
  paint,
  paperOf,
  ramp,
  toSharp,
  wavingLine,
} from './picture.ts';

const PAPERS: readonly Colour[] = [
  [250, 249, 245],
  [244, 240, 228],
  [238, 230, 206],
  [226, 214, 186],
  [236, 236, 236],
  [246, 222, 222],
  [222, 234, 244],
];

/** Paper with its grain and the lamp's light, nothing on it. */
export function emptySheet(chance: Chance, dpi: number): Picture {
  const out = emptyPicture(Math.round((210 * dpi) / 25.4), Math.round((297 * dpi) / 25.4), dpi);
  const paper = chance.pick(PAPERS);
  const cloud = [wavingLine(chance, out.width), wavingLine(chance, out.height)] as const;
  const depth = chance.between(0, 2.5);
  paint(out, (x, y, rgb) => {
    const shade = depth * (cloud[0](x + y * 0.3) + cloud[1](y - x * 0.2));
    for (let k = 0; k < 3; k++) rgb[k] = paper[k]! + shade;
  });
  addNoise(out, chance, chance.between(1, 4));
  return out;
}

/** Tea, glue and foxing: soft brown spots whose rim is darkest. */
export function stain(sheet: Picture, chance: Chance, count: number): void {
  const spots = Array.from({ length: count }, () => ({
    x: chance.between(0.05, 0.95) * sheet.width,
    y: chance.between(0.05, 0.95) * sheet.height,
    r: mm(sheet, chance.pick([chance.between(0.6, 3), chance.between(5, 40)])),
    depth: chance.between(0.03, 0.2),
    rim: chance.between(0, 0.08),
    line: wavingLine(chance, 6.3),
  }));
  paint(sheet, (x, y, rgb) => {
    for (const s of spots) {
      const from = Math.hypot(x - s.x, y - s.y) / (s.r * (1 + 0.14 * s.line(Math.atan2(y - s.y, x - s.x) + 3.2)));
      if (from > 1.1) continue;
      const at = s.depth * (1 - ramp(from, 0.75, 1.05)) + s.rim * (1 - Math.min(1, Math.abs(from - 0.93) / 0.06));
      rgb[0] *= 1 - Math.max(0, at) * 0.6;
      rgb[1] *= 1 - Math.max(0, at) * 0.85;
      rgb[2] *= 1 - Math.max(0, at) * 1.3;
    }
  });
}

/** Two or four punched holes or a row of stitching holes near the left edge; the lid is seen through them. */
export function punch(sheet: Picture, chance: Chance): void {
  const lid = lidColour(chance, chance.yes(0.5) ? 'black' : 'grey');
  const count = chance.pick([2, 2, 3, 4]);
  const r = count === 3 ? mm(sheet, chance.between(0.8, 1.4)) : mm(sheet, 2.8);
  const x0 = mm(sheet, chance.between(8, 13));
  const gap = count === 2 ? 80 : count === 3 ? 85 : 70;
  const centres = Array.from({ length: count }, (_, i) => sheet.height / 2 + mm(sheet, (i - (count - 1) / 2) * gap));
  paint(sheet, (x, y, rgb) => {
    if (x > x0 + r * 2) return;
    for (const cy of centres) {
      const edge = Math.hypot(x - x0, y - cy) - r;
      if (edge > r) continue;
      const hole = 1 - ramp(edge, -0.8, 0.8);
      const shade = edge > 0 ? 1 - 0.18 * (1 - ramp(edge, 0, r * 0.5)) : 1;
      for (let k = 0; k < 3; k++) rgb[k] = rgb[k]! * shade * (1 - hole) + lid[k]! * hole;
    }
  });
}

/** Folds from lying in an envelope: a dark and a light line side by side. */
export function crease(sheet: Picture, chance: Chance): void {
  const level = chance.yes(0.6);
  const at = (level ? sheet.height : sheet.width) * chance.pick([1 / 3, 1 / 2, 2 / 3]);
  const lean = chance.between(-0.01, 0.01);
  const depth = chance.between(4, 14);
  paint(sheet, (x, y, rgb) => {
    const off = level ? y - at - lean * x : x - at - lean * y;
    if (Math.abs(off) > 12) return;
    const v = -depth * Math.exp(-((off / 2.5) ** 2)) + depth * 0.5 * Math.exp(-(((off - 6) / 3) ** 2));
    for (let k = 0; k < 3; k++) rgb[k] = rgb[k]! + v;
  });
}

/**
 * The other face of a sheet through its paper: mirrored, spread by the fibres, and faint.
 * @param depth01 how much of the front's ink comes through: 0.03 to 0.12 thick paper, 0.25 thin paper
 */
export async function showThrough(front: Picture, onto: Picture, chance: Chance, depth01: number): Promise<Picture> {
  const isTumbled = chance.yes(0.4);
  const spreadPx = Math.max(0.5, mm(onto, chance.between(0.12, 0.3)));
  let image = toSharp(front).greyscale().resize({ width: onto.width, height: onto.height, fit: 'fill' });
  image = isTumbled ? image.flip() : image.flop();
  const turned = await fromSharp(image, onto.dpi);
  const soft = await fromSharp(toSharp(turned).blur(spreadPx), onto.dpi);
  const [paper] = paperOf(soft);
  const lie = { dx: mm(onto, chance.between(-1.5, 1.5)), dy: mm(onto, chance.between(-1.5, 1.5)) };
  const moved = layOnBed(soft, chance, {
    degrees: chance.between(-0.8, 0.8),
    ...lie,
    size: 1,
    lid: [paper, paper, paper],
    softPx: 1,
    shadowPx: 0,
  });
  const out = copyOf(onto);
  for (let i = 0; i < out.data.length; i++) out.data[i] = out.data[i]! * (1 - depth01 * Math.max(0, 1 - moved.data[i]! / paper));
  return out;
}

/** The sheet scanned once more: turned a little, shifted, other light, other noise. */
export function scannedAgain(sheet: Picture, chance: Chance): Picture {
  const lid = chance.yes(0.6) ? paperOf(sheet) : lidColour(chance, 'white');
  const again = layOnBed(sheet, chance, {
    degrees: chance.between(-1.8, 1.8),
    dx: mm(sheet, chance.between(-3, 3)),
    dy: mm(sheet, chance.between(-3, 3)),
    size: chance.between(0.992, 1.004),
    lid,
    softPx: 1,
    shadowPx: 0,
  });
  const [gain, tint] = [chance.between(0.93, 1.03), chance.between(-6, 6)];
  for (let i = 0; i < again.data.length; i += 3) {
    again.data[i] = again.data[i]! * gain + tint;
    again.data[i + 1] = again.data[i + 1]! * gain;
    again.data[i + 2] = again.data[i + 2]! * gain - tint;
  }
  addNoise(again, chance, chance.between(1, 5));
  return again;
}

/** Sheets that no dossier expects, in millimetres. */
const STRANGE: readonly (readonly [number, number])[] = [
  [148, 210],
  [105, 148],
  [216, 279],
  [216, 356],
  [80, 210],
  [120, 235],
  [148, 105],
  [257, 364],
  [130, 185],
];

/** A part of the sheet, or the sheet on a larger one, of a size that is not expected. */
export function ofStrangeSize(sheet: Picture, chance: Chance): Picture {
  const [w, h] = chance.pick(STRANGE);
  return cutTo(sheet, mm(sheet, w * chance.between(0.99, 1.01)), mm(sheet, h * chance.between(0.99, 1.01)));
}

/** Sizes that a cadre dossier has: A4, both 16K, A3. */
export function ofUsualSize(sheet: Picture, chance: Chance): Picture {
  const [w, h] = chance.pick([
    [210, 297],
    [184, 260],
    [195, 270],
    [297, 420],
    [297, 210],
  ] as const);
  return cutTo(sheet, mm(sheet, w * chance.between(0.985, 1.015)), mm(sheet, h * chance.between(0.985, 1.015)));
}

function cutTo(sheet: Picture, w: number, h: number): Picture {
  const [width, height] = [Math.round(w), Math.round(h)];
  const out = emptyPicture(width, height, sheet.dpi);
  const paper = paperOf(sheet);
  const [dx, dy] = [Math.round((sheet.width - width) / 2), Math.round((sheet.height - height) / 2)];
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      const [u, v] = [x + dx, y + dy];
      const i = u >= 0 && v >= 0 && u < sheet.width && v < sheet.height ? (v * sheet.width + u) * 3 : -1;
      for (let k = 0; k < 3; k++) out.data[o + k] = i < 0 ? paper[k]! + ((x * 7 + y * 13) % 3) - 1 : sheet.data[i + k]!;
    }
  }
  return out;
}

/** Something added to a sheet after its first scan: a note in handwriting-like strokes and a round seal. */
export async function withAddition(sheet: Picture, chance: Chance): Promise<Picture> {
  const r = mm(sheet, chance.between(15, 20));
  const [cx, cy] = [chance.between(0.25, 0.75) * sheet.width, chance.between(0.45, 0.9) * sheet.height];
  const red = `rgb(${chance.whole(170, 215)},${chance.whole(30, 60)},${chance.whole(40, 60)})`;
  const star = Array.from({ length: 10 }, (_, i) => {
    const far = i % 2 ? r * 0.14 : r * 0.36;
    return `${cx + far * Math.sin((i * Math.PI) / 5)},${cy - far * Math.cos((i * Math.PI) / 5)}`;
  }).join(' ');
  const [x0, y0] = [chance.between(0.1, 0.5) * sheet.width, chance.between(0.86, 0.95) * sheet.height];
  let path = `M ${x0} ${y0}`;
  for (let i = 0; i < 14; i++) {
    const q = () => `${x0 + mm(sheet, i * 3 + chance.between(-1, 4))},${y0 + mm(sheet, chance.between(-3, 3))}`;
    path += ` Q ${q()} ${q()}`;
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}">
    <g opacity="0.8"><circle cx="${cx}" cy="${cy}" r="${r}" fill="none" stroke="${red}" stroke-width="${mm(sheet, 1.1)}"/><polygon points="${star}" fill="${red}"/></g>
    <path d="${path}" fill="none" stroke="#223" stroke-width="${mm(sheet, 0.45)}"/></svg>`;
  return fromSharp(toSharp(sheet).composite([{ input: Buffer.from(svg), blend: 'multiply' }]), sheet.dpi);
}
