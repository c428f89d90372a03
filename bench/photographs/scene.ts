// A photograph of a sheet on a table, made of a scan: camera, table, light, hand and file, with the exact corners. Own pictures, no photograph is copied.
import { type Rgb, shrinkRgb } from '@lantai/reading';
import { type Corners, carry, type Homography, invert, layUnitSquare, type Point } from '@lantai/reading/photo';
import { aTable, type Paint } from './tables.ts';

/** What a photograph is a trial of. */
export const KINDS = ['plain', 'clutter', 'pale', 'shadow', 'fingers', 'turned', 'cut', 'two', 'none'] as const;
export type Kind = (typeof KINDS)[number];

export interface Photograph {
  readonly image: Rgb;
  /** Of the sheet, or of each; none where there is none. */
  readonly sheets: readonly Corners[];
}

type Chance = () => number;
const between = (chance: Chance, low: number, high: number) => low + (high - low) * chance();

/** A sheet's corners seen by a camera held at an angle: a pinhole, its middle the picture's. */
function pose(chance: Chance, kind: Kind, width: number, height: number, aspect: number): Corners {
  const free = kind === 'turned' ? between(chance, -180, 180) : between(chance, -12, 12);
  const [rx, ry, rz] = [between(chance, -22, 22), between(chance, -18, 18), free].map((d) => (d * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const focal = between(chance, 1, 1.5) * Math.max(width, height);
  const corners = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ].map(([u, v]) => {
    const [x0, y0] = [u!, v! / aspect];
    const [x1, y1] = [x0 * Math.cos(rz) - y0 * Math.sin(rz), x0 * Math.sin(rz) + y0 * Math.cos(rz)];
    const [y2, z2] = [y1 * Math.cos(rx), y1 * Math.sin(rx)];
    const [x3, z3] = [x1 * Math.cos(ry) + z2 * Math.sin(ry), -x1 * Math.sin(ry) + z2 * Math.cos(ry)];
    const w = focal / (focal + z3 * Math.max(width, height) * 0.6);
    return { x: x3 * w, y: y2 * w };
  });
  const extent = (pick: (p: Point) => number) => Math.max(...corners.map(pick)) - Math.min(...corners.map(pick));
  const fit = Math.min(width / extent((p) => p.x), height / extent((p) => p.y));
  const size =
    fit * (kind === 'cut' ? between(chance, 0.9, 1.1) : kind === 'two' ? between(chance, 0.45, 0.55) : between(chance, 0.62, 0.94));
  const [left, top] = [Math.min(...corners.map((p) => p.x)) * size, Math.min(...corners.map((p) => p.y)) * size];
  const roomX = width - extent((p) => p.x) * size;
  const roomY = height - extent((p) => p.y) * size;
  // Over one edge by a twentieth to a sixth of the picture, or somewhere inside.
  const [atX, atY] =
    kind === 'cut'
      ? [between(chance, 0.1, 0.9) * roomX, roomY > 0 ? -between(chance, 0.05, 0.16) * height : roomY * 0.2 - 0.05 * height]
      : [between(chance, 0.08, 0.92) * roomX, between(chance, 0.08, 0.92) * roomY];
  return corners.map((p) => ({ x: p.x * size - left + atX, y: p.y * size - top + atY })) as unknown as Corners;
}

/** Two that do not touch: one in each half. */
function poseTwo(chance: Chance, width: number, height: number, aspect: number): Corners[] {
  const isBeside = width > height;
  const [w, h] = isBeside ? [width / 2, height] : [width, height / 2];
  return [0, 1].map((i) => {
    const own = pose(chance, 'plain', w, h, isBeside ? aspect : 1 / aspect);
    return own.map((p) => ({ x: p.x + (isBeside ? i * w : 0), y: p.y + (isBeside ? 0 : i * h) })) as unknown as Corners;
  });
}

/** Makes one. @param page a scan, upright @param longSide of the photograph, pixels */
export function photograph(page: Rgb, kind: Kind, chance: Chance, longSide: number): Photograph {
  const isUpright = chance() < 0.75;
  const [width, height] = isUpright ? [Math.round(longSide * 0.75), longSide] : [longSide, Math.round(longSide * 0.75)];
  const table = aTable(chance, width, height, kind);
  const data = new Uint8Array(width * height * 3);
  const sheets =
    kind === 'none'
      ? []
      : kind === 'two'
        ? poseTwo(chance, width, height, page.width / page.height)
        : [pose(chance, kind, width, height, page.width / page.height)];
  const layers = sheets.map((corners) => layerOf(page, corners, chance));
  const light = aLight(chance, width, height, kind);
  const hand = kind === 'fingers' ? fingers(chance, sheets[0]!, longSide) : [];
  const tone = [between(chance, 0.9, 1.03), 1, between(chance, 0.8, 1.02)] as const;
  const paperTint = kind === 'pale' ? 0.97 : between(chance, 0.84, 1);
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p += 3) {
      let [r, g, b] = table(x, y);
      for (const layer of layers) {
        const seen = layer(x + 0.5, y + 0.5);
        if (seen.shade < 1) [r, g, b] = [r * seen.shade, g * seen.shade, b * seen.shade];
        if (seen.share > 0) {
          const [pr, pg, pb] = [seen.r * paperTint, seen.g * paperTint, seen.b * paperTint * 0.985];
          [r, g, b] = [r + (pr - r) * seen.share, g + (pg - g) * seen.share, b + (pb - b) * seen.share];
        }
      }
      for (const finger of hand) [r, g, b] = finger(x, y, [r, g, b]);
      const l = light(x, y);
      data[p] = Math.min(255, r * l * tone[0]);
      data[p + 1] = Math.min(255, g * l * tone[1]);
      data[p + 2] = Math.min(255, b * l * tone[2]);
    }
  return { image: { data, width, height }, sheets };
}

/** What a layer gives at a place: the page's colour and how much of it, and the shadow that the sheet throws. */
interface Seen {
  r: number;
  g: number;
  b: number;
  share: number;
  shade: number;
}

function layerOf(page: Rgb, corners: Corners, chance: Chance): (x: number, y: number) => Seen {
  const map: Homography = invert(layUnitSquare(corners));
  const side = Math.max(...corners.map((p, i) => Math.hypot(p.x - corners[(i + 1) % 4]!.x, p.y - corners[(i + 1) % 4]!.y)));
  const small = shrinkRgb(page, Math.max(1, Math.floor(Math.max(page.width, page.height) / side)));
  const curl = between(chance, -0.004, 0.004);
  const [fallX, fallY] = [between(chance, 0.002, 0.012), between(chance, 0.002, 0.012)];
  const rim = 0.7 / side;
  const depth = between(chance, 0.55, 0.9);
  const seen: Seen = { r: 0, g: 0, b: 0, share: 0, shade: 1 };
  return (x, y) => {
    const { x: u, y: v0 } = carry(map, { x, y });
    const v = v0 + curl * Math.sin(Math.PI * u);
    const inside = Math.min(u, v, 1 - u, 1 - v);
    seen.share = Math.max(0, Math.min(1, 0.5 + inside / (2 * rim)));
    // Thrown to one side, soft.
    const under = Math.min(u - fallX, v - fallY, 1 + fallX - u, 1 + fallY - v);
    seen.shade = 1 - (1 - depth) * Math.max(0, Math.min(1, 0.5 + under / 0.012));
    if (seen.share > 0) {
      const fx = Math.max(0, Math.min(small.width - 1.001, u * small.width - 0.5));
      const fy = Math.max(0, Math.min(small.height - 1.001, v * small.height - 0.5));
      const k = (Math.floor(fy) * small.width + Math.floor(fx)) * 3;
      const [ax, ay] = [fx - Math.floor(fx), fy - Math.floor(fy)];
      const at = (c: number) => {
        const top = small.data[k + c]! * (1 - ax) + small.data[k + 3 + c]! * ax;
        const low = small.data[k + small.width * 3 + c]! * (1 - ax) + small.data[k + small.width * 3 + 3 + c]! * ax;
        return top * (1 - ay) + low * ay;
      };
      [seen.r, seen.g, seen.b] = [at(0), at(1), at(2)];
    }
    return seen;
  };
}

/** Light that falls off, and for shadows the soft edge of a hand or a telephone across it. */
function aLight(chance: Chance, width: number, height: number, kind: Kind): (x: number, y: number) => number {
  const turn = between(chance, 0, 2 * Math.PI);
  const slope = between(chance, 0.05, 0.3);
  const bright = between(chance, 0.75, 1);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const isShaded = kind === 'shadow' || chance() < 0.2;
  const way = between(chance, 0, 2 * Math.PI);
  const [sx, sy, off, soft, deep] = [
    Math.cos(way),
    Math.sin(way),
    between(chance, -0.25, 0.25),
    between(chance, 0.01, 0.12),
    isShaded ? between(chance, 0.5, 0.8) : 1,
  ];
  const bend = between(chance, -0.6, 0.6);
  return (x, y) => {
    const [u, v] = [x / width - 0.5, y / height - 0.5];
    const fall = bright * (1 - slope * (0.5 + u * cos + v * sin));
    const side = u * sx + v * sy + bend * (u * sy - v * sx) * (u * sy - v * sx) - off;
    const shade = deep + (1 - deep) * Math.max(0, Math.min(1, 0.5 + side / soft));
    return fall * shade;
  };
}

/** Fingertips over one or two sides. */
function fingers(chance: Chance, corners: Corners, longSide: number): ((x: number, y: number, under: Paint) => Paint)[] {
  const count = 1 + Math.floor(chance() * 3);
  return Array.from({ length: count }, () => {
    const i = Math.floor(chance() * 4);
    const [a, b] = [corners[i]!, corners[(i + 1) % 4]!];
    const t = between(chance, 0.15, 0.85);
    const at = { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
    const [nx, ny] = [-(b.y - a.y), b.x - a.x].map((n) => n / Math.hypot(b.x - a.x, b.y - a.y)) as [number, number];
    const radius = longSide * between(chance, 0.014, 0.028);
    const [inTo, outTo] = [radius * between(chance, 0.5, 3), radius * 12];
    const skin: Paint = [between(chance, 170, 225), between(chance, 125, 165), between(chance, 95, 135)];
    return (x, y, under) => {
      const [dx, dy] = [x - at.x, y - at.y];
      const along = dx * nx + dy * ny;
      const clamped = Math.max(-outTo, Math.min(inTo, along));
      const far = Math.hypot(dx - nx * clamped, dy - ny * clamped);
      if (far > radius * 1.25) return under;
      if (far > radius) return under.map((v) => v * (0.75 + (far / radius - 1))) as unknown as Paint;
      const round = 1 - 0.35 * (far / radius) * (far / radius);
      return skin.map((v) => v * round) as unknown as Paint;
    };
  });
}
