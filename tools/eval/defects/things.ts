// Things that hide a part of a sheet: its own corner folded over, a finger.

import { lidColour } from './bed.ts';
import type { Chance } from './chance.ts';
import { type Colour, copyOf, mm, type Picture, paint, paperOf, ramp, sample } from './picture.ts';

/**
 * A corner folded over on the sheet (the flap shows the sheet's back and hides writing) or folded behind it. Where the corner was, the lid is seen.
 * @param lid black, grey or white
 */
export function foldedCorner(sheet: Picture, chance: Chance, lid: 'black' | 'grey' | 'white'): Picture {
  const out = copyOf(sheet);
  const { width, height } = sheet;
  const short = Math.min(width, height);
  const legX = short * chance.between(0.05, 0.26);
  const legY = legX * chance.between(0.5, 2);
  const [right, bottom] = [chance.yes(0.5), chance.yes(0.5)];
  const bed = lidColour(chance, lid);
  const back = paperOf(sheet);
  const behind = chance.yes(0.35);
  const [nx, ny] = [legY / Math.hypot(legX, legY), legX / Math.hypot(legX, legY)];
  const reach = legX * nx;
  const shadow = mm(sheet, chance.between(0.5, 2.5));
  const depth = chance.between(0.12, 0.4);
  const shine = chance.between(0.92, 1.02);
  const through: [number, number, number] = [0, 0, 0];
  paint(out, (x, y, rgb) => {
    const [cx, cy] = [right ? width - 1 - x : x, bottom ? height - 1 - y : y];
    const off = cx * nx + cy * ny - reach;
    if (off > reach + shadow * 3) return;
    if (off < 0) {
      const lit = 1 - depth * (1 - ramp(-off, 0, shadow));
      for (let k = 0; k < 3; k++) rgb[k] = bed[k]! * lit;
      return;
    }
    // The same paper mirrored at the fold.
    const [mx, my] = [cx - 2 * off * nx, cy - 2 * off * ny];
    const onFlap = !behind && mx >= 0 && my >= 0;
    if (onFlap) {
      const crease = 1 - 0.12 * (1 - ramp(off, 0, mm(sheet, 0.8)));
      sample(sheet, right ? width - 1 - mx : mx, bottom ? height - 1 - my : my, through);
      for (let k = 0; k < 3; k++) rgb[k] = (back[k]! + 0.07 * (through[k]! - back[k]!)) * shine * crease;
    } else if (!behind) {
      const edge = Math.max(-mx, -my);
      const lit = 1 - depth * (1 - ramp(edge, 0, shadow));
      for (let k = 0; k < 3; k++) rgb[k] = rgb[k]! * lit;
    }
  });
  return out;
}

/** Skin in even light, from light to dark. */
const SKIN: readonly Colour[] = [
  [236, 190, 168],
  [224, 172, 146],
  [208, 150, 122],
  [188, 128, 100],
  [158, 104, 80],
  [130, 86, 66],
];

/** A finger or thumb that holds the sheet, reaching in from an edge: rounded, shaded, with a nail now and then and a shadow beside it. */
export function finger(sheet: Picture, chance: Chance): Picture {
  const out = copyOf(sheet);
  const { width, height } = sheet;
  const radius = mm(sheet, chance.between(6.5, 11));
  const length = mm(sheet, chance.between(12, 40));
  const side = chance.whole(0, 3);
  const along = chance.between(0.15, 0.85);
  const [ex, ey] =
    side === 0 ? [along * width, 0] : side === 1 ? [along * width, height] : side === 2 ? [0, along * height] : [width, along * height];
  const inward = [Math.PI / 2, -Math.PI / 2, 0, Math.PI][side]! + chance.between(-0.6, 0.6);
  const [ux, uy] = [Math.cos(inward), Math.sin(inward)];
  const light = chance.between(0.8, 1.04);
  const skin = chance.pick(SKIN).map((c) => c * light) as unknown as Colour;
  const soft = mm(sheet, chance.between(0.1, 0.8));
  const hasNail = chance.yes(0.45);
  const shadow = mm(sheet, chance.between(1, 4));
  const lean = chance.between(-0.35, 0.35);
  paint(out, (x, y, rgb) => {
    const [dx, dy] = [x - ex, y - ey];
    const t = dx * ux + dy * uy;
    if (t < -radius * 2 || t > length + radius + shadow) return;
    const s = -dx * uy + dy * ux;
    const beyond = Math.max(0, t - (length - radius));
    // A finger widens towards its root.
    const wide = radius * (1 + 0.12 * (1 - Math.min(1, Math.max(0, t / length))));
    const from = Math.hypot(s, beyond * 0.92) / wide;
    const edge = (1 - from) * wide;
    if (edge < -shadow * 1.2) return;
    const inside = ramp(edge, -soft, soft);
    const shade = 1 - 0.3 * (1 - ramp(-edge, 0, shadow));
    const round = 0.74 + 0.26 * Math.sqrt(Math.max(0, 1 - Math.min(1, from * from))) + lean * 0.2 * (s / wide);
    const nail = hasNail ? 1 - ramp(Math.hypot(s / (wide * 0.62), (t - (length - radius * 0.75)) / (radius * 0.8)), 0.85, 1) : 0;
    for (let k = 0; k < 3; k++) {
      const flesh = skin[k]! * round * (1 - nail) + (skin[k]! * 0.55 + [118, 100, 96][k]! * light) * round * nail;
      rgb[k] = rgb[k]! * shade * (1 - inside) + flesh * inside;
    }
  });
  return out;
}
