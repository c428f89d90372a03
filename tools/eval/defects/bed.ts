// A sheet on the bed of a scanner: black borders, cut writing, folded corners, fingers.
import type { Chance } from './chance.ts';
import { type Colour, copyOf, emptyPicture, mm, type Picture, paint, paperOf, ramp, sample, wavingLine } from './picture.ts';

/** What is seen beside the sheet: an open or black lid, a grey one, a white one. */
export function lidColour(chance: Chance, kind: 'black' | 'grey' | 'white'): Colour {
  const level = kind === 'black' ? chance.between(6, 52) : kind === 'grey' ? chance.between(95, 175) : chance.between(222, 250);
  return [level + chance.between(-3, 3), level + chance.between(-3, 3), level + chance.between(-4, 4)];
}

/** Where a sheet lies in the window that is scanned. */
export interface Lie {
  /** Clockwise. */
  readonly degrees: number;
  /** Of the sheet's centre, in pixels. */
  readonly dx: number;
  readonly dy: number;
  /** Sheet ÷ window. */
  readonly size: number;
  readonly lid: Colour;
  /** Width of the passage from sheet to lid, and of the shadow that the sheet's edge throws on itself. */
  readonly softPx: number;
  readonly shadowPx: number;
}

/** The sheet as the window shows it; the window is as large as the picture given. */
export function layOnBed(sheet: Picture, chance: Chance, lie: Lie): Picture {
  const out = emptyPicture(sheet.width, sheet.height, sheet.dpi);
  const angle = (lie.degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / lie.size, Math.sin(angle) / lie.size];
  const [cx, cy] = [(sheet.width - 1) / 2, (sheet.height - 1) / 2];
  const bumps = wavingLine(chance, sheet.height / 2);
  const seen: [number, number, number] = [0, 0, 0];
  paint(out, (x, y, rgb) => {
    const [dx, dy] = [x - cx - lie.dx, y - cy - lie.dy];
    const u = cx + dx * cos + dy * sin;
    const v = cy - dx * sin + dy * cos;
    // How far inside the sheet's edge, in pixels of the window.
    const inside = Math.min(u, v, sheet.width - 1 - u, sheet.height - 1 - v) * lie.size + bumps(u + v) * 0.6;
    const isSheet = sample(sheet, Math.min(sheet.width - 1, Math.max(0, u)), Math.min(sheet.height - 1, Math.max(0, v)), seen);
    const share = isSheet ? ramp(inside, -lie.softPx, lie.softPx) : 0;
    const shade = 1 - 0.22 * (1 - ramp(inside, 0, lie.shadowPx)) * (lie.shadowPx > 1 ? 1 : 0);
    for (let k = 0; k < 3; k++) rgb[k] = seen[k]! * shade * share + lie.lid[k]! * (1 - share);
  });
  return out;
}

/** Black beside the sheet on one, several or all sides: the lid behind a sheet that lies askew, shifted or is smaller than the window. */
export function blackBorder(sheet: Picture, chance: Chance): Picture {
  const lid = lidColour(chance, 'black');
  if (chance.yes(0.3)) return edgeBars(sheet, chance, lid);
  const size = chance.yes(0.5) ? 1 : chance.between(0.93, 0.995);
  const away = () => (chance.yes(0.5) ? 0 : chance.between(mm(sheet, 0.8), mm(sheet, 9)) * (chance.yes(0.5) ? 1 : -1));
  const lie = {
    degrees: chance.yes(0.7) ? chance.between(-2.5, 2.5) : 0,
    dx: away(),
    dy: away(),
    size,
    lid,
    softPx: chance.pick([0.6, 1.5, 4]) * (sheet.dpi / 300),
    shadowPx: mm(sheet, chance.pick([0, 1, 3])),
  };
  const bare = size === 1 && !lie.dx && !lie.dy && Math.abs(lie.degrees) < 0.5;
  return layOnBed(sheet, chance, bare ? { ...lie, dx: mm(sheet, chance.between(1, 6)) } : lie);
}

/** The dark bars of a copier or of a feeder's roller: straight or waving, sharp or fading into the paper, on one to four sides. */
function edgeBars(sheet: Picture, chance: Chance, lid: Colour): Picture {
  const out = copyOf(sheet);
  const fade = chance.yes(0.5) ? 1.5 : mm(sheet, chance.between(1, 7));
  const first = chance.whole(0, 3);
  const sides = [0, 1, 2, 3].map((side) => (side === first || chance.yes(0.35) ? mm(sheet, chance.between(0.8, 8)) : 0));
  const waves = sides.map(() => wavingLine(chance, sheet.height * chance.between(0.3, 1)));
  const wave = chance.yes(0.5) ? mm(sheet, 0.3) : 0;
  paint(out, (x, y, rgb) => {
    const depths = [y, sheet.height - 1 - y, x, sheet.width - 1 - x];
    let dark = 0;
    for (let side = 0; side < 4; side++) {
      if (!sides[side]) continue;
      const deep = sides[side]! + wave * waves[side]!(side < 2 ? x : y);
      dark = Math.max(dark, 1 - ramp(depths[side]!, deep, deep + fade));
    }
    for (let k = 0; k < 3; k++) rgb[k] = rgb[k]! * (1 - dark) + lid[k]! * dark;
  });
  return out;
}

/** A piece of writing: its text and box on the straight page at 300 dpi. */
export interface Writing {
  readonly text: string;
  readonly box: readonly [number, number, number, number];
}

/**
 * The sheet shifted so far out of the window that its edge goes through characters; null where nothing can be cut on the side chosen.
 * @param skewDegrees of the scan: the writing's boxes are of the straight page
 */
export function cutWriting(sheet: Picture, chance: Chance, writing: readonly Writing[], skewDegrees: number): Picture | null {
  const spans = charactersOf(sheet, writing, skewDegrees);
  const side = chance.whole(0, 3);
  const length = side < 2 ? sheet.height : sheet.width;
  const far = (c: Span) => (side === 0 ? c.top : side === 1 ? length - c.bottom : side === 2 ? c.left : length - c.right);
  const extent = (c: Span) => (side < 2 ? c.bottom - c.top : c.right - c.left);
  const deepest = length * 0.3;
  const shifts: number[] = [];
  for (let shift = 0; shift < deepest; shift += 4) {
    const cut = spans.filter((c) => shift > far(c) + 0.3 * extent(c) && shift < far(c) + 0.7 * extent(c));
    if (cut.length >= 5) shifts.push(shift);
  }
  if (!shifts.length) return null;
  return shifted(sheet, chance, side, chance.pick(shifts));
}

/** The sheet shifted out of the window as far as nothing but paper and rulings is cut; null where there is no such shift. */
export function cutPaper(sheet: Picture, chance: Chance, writing: readonly Writing[], skewDegrees: number): Picture | null {
  const spans = charactersOf(sheet, writing, skewDegrees);
  const side = chance.whole(0, 3);
  const length = side < 2 ? sheet.height : sheet.width;
  const far = (c: Span) => (side === 0 ? c.top : side === 1 ? length - c.bottom : side === 2 ? c.left : length - c.right);
  const nearest = Math.min(...spans.map(far)) - mm(sheet, 1.2);
  return nearest > mm(sheet, 2) ? shifted(sheet, chance, side, nearest) : null;
}

interface Span {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function charactersOf(sheet: Picture, writing: readonly Writing[], skewDegrees: number): Span[] {
  const scale = sheet.dpi / 300;
  const angle = (skewDegrees * Math.PI) / 180;
  const [cx, cy] = [sheet.width / 2, sheet.height / 2];
  return writing.flatMap(({ text, box: [x, y, w, h] }) => {
    const size = w / [...text].length;
    return [...text].map((_, i) => {
      const [dx, dy] = [(x + (i + 0.5) * size) * scale - cx, (y + h / 2) * scale - cy];
      const [u, v] = [cx + dx * Math.cos(angle) - dy * Math.sin(angle), cy + dx * Math.sin(angle) + dy * Math.cos(angle)];
      // A line's box is taller than its characters.
      const [rx, ry] = [(size * scale) / 2, (Math.min(h, size * 1.1) * scale) / 2];
      return { left: u - rx, right: u + rx, top: v - ry, bottom: v + ry };
    });
  });
}

function shifted(sheet: Picture, chance: Chance, side: number, shift: number): Picture {
  const lid = chance.yes(0.5) ? paperOf(sheet) : lidColour(chance, 'white');
  const by = side % 2 === 0 ? -shift : shift;
  return layOnBed(sheet, chance, {
    degrees: 0,
    dx: side < 2 ? 0 : by,
    dy: side < 2 ? by : 0,
    size: 1,
    lid,
    softPx: 1,
    shadowPx: mm(sheet, chance.pick([0, 1])),
  });
}
