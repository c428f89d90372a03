import { readFileSync } from 'node:fs';
import { blackBorder, cutPaper, cutWriting, layOnBed, lidColour } from './bed.ts';
import type { Chance } from './chance.ts';
import { atResolution, brightened, defocused, moire, moved, overexposed, underexposed, unevenLight } from './optics.ts';
import { addNoise, copyOf, encode, mm, openPicture, type Picture, paperOf } from './picture.ts';
import { crease, emptySheet, ofStrangeSize, ofUsualSize, punch, scannedAgain, showThrough, stain, withAddition } from './sheets.ts';
import type { SourcePage } from './source.ts';
import { finger, foldedCorner } from './things.ts';

/** One page to be judged. */
export interface Planted {
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Codes that must be found. */
  readonly expects: readonly string[];
  /** Codes that may be found or not: the page bears them by nature, or it is a matter of opinion. */
  readonly allows: readonly string[];
  readonly source: SourcePage;
  /** What the codes that need a reading look at; without it the truth's turn and lines are used. */
  readonly isRead: boolean;
}

type Make = (sheet: Picture, chance: Chance, source: SourcePage) => Promise<Picture | null> | Picture | null;
interface Kind {
  readonly expects: readonly string[];
  readonly allows?: readonly string[];
  readonly isRead?: boolean;
  readonly quality?: readonly [number, number];
  readonly make: Make;
}

const sides = ['text_cut'];
/** Kinds of defect. What else a page may bear because of it stands in `allows`. */
export const KINDS: Readonly<Record<string, Kind>> = {
  border: { expects: ['black_border'], allows: sides, make: blackBorder },
  cut: {
    expects: ['text_cut'],
    make: (s, c, source) => (source.orientation ? null : cutWriting(s, c, source.writing, source.skewDegrees)),
  },
  'corner, dark lid': {
    expects: ['folded_corner'],
    allows: ['black_border', ...sides],
    make: (s, c) => foldedCorner(s, c, c.pick(['black', 'grey'])),
  },
  'corner, white lid': { expects: ['folded_corner'], allows: sides, make: (s, c) => foldedCorner(s, c, 'white') },
  finger: { expects: ['finger'], allows: ['folded_corner'], make: finger },
  moire: { expects: ['moire'], allows: ['blur'], make: moire },
  overexposed: { expects: ['too_pale'], make: overexposed },
  underexposed: { expects: ['too_dark'], allows: ['too_pale', 'blur', 'black_border'], make: underexposed },
  size: { expects: ['sheet_size'], allows: ['text_cut', 'low_resolution'], make: ofStrangeSize },
  blank: { expects: ['blank'], isRead: true, make: (_s, c, source) => blankSheet(c, source) },
  'blur, focus': { expects: ['blur'], make: defocused },
  'blur, motion': { expects: ['blur'], make: moved },
  coarse: {
    expects: ['low_resolution'],
    allows: ['blur'],
    make: (s, c) => atResolution(s, c.pick([72, 96, 100, 120, 150, 150, 170, 180])),
  },
};

/** Pages without a defect that the checks know, of as many kinds as come to mind. */
export const CLEAN: Readonly<Record<string, Kind>> = {
  plain: { expects: [], make: (s) => s },
  'pressed hard': { expects: [], quality: [30, 50], make: (s) => s },
  'paper and holes': { expects: [], make: (s, c) => marked(s, c) },
  'white lid': {
    expects: [],
    make: (s, c) =>
      layOnBed(s, c, {
        degrees: c.between(-2, 2),
        dx: mm(s, c.between(-2, 2)),
        dy: mm(s, c.between(-2, 2)),
        size: c.between(0.95, 0.99),
        lid: lidColour(c, 'white'),
        softPx: 1,
        shadowPx: mm(s, c.between(0, 2)),
      }),
  },
  'paper cut, writing whole': {
    expects: [],
    make: (s, c, source) => (source.orientation ? null : cutPaper(s, c, source.writing, source.skewDegrees)),
  },
  'white by the scanner': { expects: [], make: brightened },
  'uneven light': { expects: [], make: unevenLight },
  'usual size': { expects: [], allows: ['text_cut'], make: ofUsualSize },
  '200 dpi': { expects: [], make: (s) => atResolution(s, 200) },
  'shows through': { expects: [], make: (s, c, source) => bleeding(s, c, source) },
  'coloured paper': { expects: [], make: (s, c) => onPaper(s, c) },
  'seals and stains at the edge': { expects: [], allows: sides, make: (s, c) => edgeMarks(s, c) },
  grainy: {
    expects: [],
    make: (s, c) => {
      const out = copyOf(s);
      addNoise(out, c, c.between(4, 9));
      return out;
    },
  },
  'few words': { expects: [], isRead: true, make: (s, c, source) => fewWords(s, c, source) },
};

/** A blank sheet: clean, stained, punched, creased, or with the other face faintly through it. */
async function blankSheet(chance: Chance, source: SourcePage): Promise<Picture> {
  let sheet = emptySheet(chance, chance.pick([200, 300]));
  if (chance.yes(0.4)) {
    const front = await open(source, 200);
    sheet = await showThrough(front, sheet, chance, chance.between(0.02, 0.11));
  }
  if (chance.yes(0.5)) stain(sheet, chance, chance.whole(1, 9));
  if (chance.yes(0.4)) punch(sheet, chance);
  if (chance.yes(0.3)) crease(sheet, chance);
  return sheet;
}

function marked(sheet: Picture, chance: Chance): Picture {
  const out = copyOf(sheet);
  stain(out, chance, chance.whole(1, 6));
  punch(out, chance);
  if (chance.yes(0.5)) crease(out, chance);
  return out;
}

async function bleeding(sheet: Picture, chance: Chance, source: SourcePage): Promise<Picture> {
  return showThrough(await open(source, sheet.dpi), sheet, chance, chance.between(0.04, 0.16));
}

/** Kraft, red, blue, green and old yellow paper: the page's light multiplied. */
function onPaper(sheet: Picture, chance: Chance): Picture {
  const tint = chance.pick([
    [0.86, 0.76, 0.6],
    [0.98, 0.84, 0.84],
    [0.84, 0.92, 0.99],
    [0.87, 0.96, 0.86],
    [0.97, 0.92, 0.74],
  ] as const);
  const out = copyOf(sheet);
  for (let i = 0; i < out.data.length; i++) out.data[i] = out.data[i]! * tint[(i % 3) as 0]!;
  return out;
}

/** Red seals, brown stains and blue ink over an edge: what is not a finger, a corner or a border. */
function edgeMarks(sheet: Picture, chance: Chance): Picture {
  const out = copyOf(sheet);
  const colour = chance.pick([
    [0.82, 0.25, 0.25],
    [0.8, 0.66, 0.46],
    [0.3, 0.36, 0.7],
  ] as const);
  const r = mm(sheet, chance.between(6, 22));
  const isRing = colour[0] === 0.82;
  const [cx, cy] = chance.yes(0.5)
    ? [chance.between(0.2, 0.8) * sheet.width, chance.pick([0, sheet.height])]
    : [chance.pick([0, sheet.width]), chance.between(0.2, 0.8) * sheet.height];
  const share = chance.between(0.3, 0.8);
  for (let y = Math.max(0, Math.floor(cy - r)); y < Math.min(sheet.height, cy + r); y++) {
    for (let x = Math.max(0, Math.floor(cx - r)); x < Math.min(sheet.width, cx + r); x++) {
      const far = Math.hypot(x - cx, y - cy) / r;
      if (far > 1 || (isRing && far < 0.9 && far > 0.35) || ((x * 31 + y * 17) % 11 < 3 && isRing)) continue;
      for (let k = 0; k < 3; k++) {
        const i = (y * sheet.width + x) * 3 + k;
        out.data[i] = out.data[i]! * (1 - share + share * colour[k]!);
      }
    }
  }
  return out;
}

/** A sheet with next to nothing on it is still not blank: a line or two of the page on empty paper. */
function fewWords(sheet: Picture, chance: Chance, source: SourcePage): Picture | null {
  const lines = source.writing.filter((w) => [...w.text].length >= 4 && source.orientation === 0);
  if (!lines.length) return null;
  const out = copyOf(sheet);
  const paper = paperOf(sheet);
  const kept = chance.pick(lines);
  const scale = sheet.dpi / 300;
  // A skewed line reaches above and below its box.
  const lean = Math.abs(Math.tan((source.skewDegrees * Math.PI) / 180)) * kept.box[2] * scale;
  const angle = (source.skewDegrees * Math.PI) / 180;
  const [dx, dy] = [(kept.box[0] + kept.box[2] / 2) * scale - sheet.width / 2, (kept.box[1] + kept.box[3] / 2) * scale - sheet.height / 2];
  const cx = sheet.width / 2 + dx * Math.cos(angle) - dy * Math.sin(angle);
  const cy = sheet.height / 2 + dx * Math.sin(angle) + dy * Math.cos(angle);
  const [halfW, halfH] = [(kept.box[2] * scale) / 2 + 8, (kept.box[3] * scale + lean) / 2 + 4];
  for (let y = 0, i = 0; y < sheet.height; y++)
    for (let x = 0; x < sheet.width; x++, i += 3) {
      if (Math.abs(x - cx) < halfW && Math.abs(y - cy) < halfH) continue;
      for (let k = 0; k < 3; k++) out.data[i + k] = paper[k]! + (((x * 131 + y * 71) >> 2) % 3);
    }
  return out;
}

/** Most scans are at 200 dpi here, the least that DA/T 31 allows; at 300 a page costs twice the time. */
const RESOLUTIONS = [200, 200, 200, 200, 200, 300] as const;
/** Scans at 200 dpi by path: decoded once. */
const opened = new Map<string, Picture>();

async function open(source: SourcePage, dpi: number): Promise<Picture> {
  if (dpi !== 200) return openPicture(readFileSync(source.path), dpi);
  const picture = opened.get(source.path) ?? (await openPicture(readFileSync(source.path), dpi));
  opened.set(source.path, picture);
  return { ...picture, data: picture.data.slice() };
}

/** Makes one page; null where the source does not give itself to the kind. */
export async function plant(name: string, kind: Kind, source: SourcePage, chance: Chance): Promise<Planted | null> {
  const sheet = await open(source, chance.pick(RESOLUTIONS));
  const made = await kind.make(sheet, chance, source);
  if (!made) return null;
  const bytes = await encode(made, chance.whole(...(kind.quality ?? [68, 94])));
  return { kind: name, bytes, expects: kind.expects, allows: kind.allows ?? [], source, isRead: kind.isRead ?? false };
}

/** Pairs of a page as it was scanned and a second scan: the sheet again, the sheet with something added, the sheet's other face, another sheet's. */
export const PAIRS: Readonly<Record<string, { readonly expects: 'duplicate' | 'near_duplicate' | 'back_face' | null }>> = {
  'scanned again': { expects: 'duplicate' },
  'something added': { expects: 'near_duplicate' },
  'back shows front': { expects: 'back_face' },
  'back of another sheet': { expects: null },
  'clean back': { expects: null },
};

/** The second scan of a pair. @param other another page, for the back of another sheet */
export async function plantSecond(name: string, source: SourcePage, other: SourcePage, chance: Chance): Promise<Uint8Array> {
  const sheet = await open(source, chance.pick(RESOLUTIONS));
  return encode(await secondOf(name, sheet, other, chance), chance.whole(55, 92));
}

async function secondOf(name: string, sheet: Picture, other: SourcePage, chance: Chance): Promise<Picture> {
  if (name === 'scanned again') return scannedAgain(sheet, chance);
  if (name === 'something added') return scannedAgain(await withAddition(sheet, chance), chance);
  const back = emptySheet(chance, sheet.dpi);
  if (chance.yes(0.4)) stain(back, chance, chance.whole(1, 4));
  if (chance.yes(0.3)) punch(back, chance);
  if (name === 'clean back') return back;
  const front = name === 'back of another sheet' ? await open(other, sheet.dpi) : sheet;
  return showThrough(front, back, chance, chance.between(0.03, 0.11));
}
