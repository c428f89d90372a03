// A screen as the viewer would show it, without browser and server: tiles of the nearest power of two, marked and encoded, drawn at the window's
// scale with bars around, saved as JPEG 60. bench/trace-screens.ts has the real thing; this is for thousands.
import { readFileSync } from 'node:fs';
import { cutTile, encodeTile, type Pixels, type TilePlan } from '@lantai/images';
import { CELLS_A_PAGE, type InkSheet, LETTERS_A_PAGE, layMarks, MARK_STRENGTH01, planeOf } from '@lantai/marks';
import sharp from 'sharp';

export interface Screen {
  readonly fit: 'width' | 'page';
  readonly ratio: 1 | 2;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Mark {
  /** Null: the visible mark alone. */
  readonly signs: Int8Array | null;
  readonly visible: InkSheet;
}

export type Chance = () => number;

export const between = (chance: Chance, low: number, high: number) => Math.round(low + chance() * (high - low));

/** A page upright, at half its size when it is large: what the viewer's tiles are cut from. */
export async function decodePage(file: string): Promise<Pixels> {
  const { width = 0, height = 0 } = await sharp(readFileSync(file)).metadata();
  const sidePx = Math.max(width, height) > 2400 ? Math.ceil(Math.max(width, height) / 2) : Math.max(width, height);
  const { data, info } = await sharp(readFileSync(file))
    .autoOrient()
    .resize(sidePx, sidePx, { fit: 'inside' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: info.channels === 1 ? 1 : 3, data };
}

/** The page on a screen, gray around; JPEG 60. Without a mark: as nobody could see it here. */
export async function drawScreen(page: Pixels, mark: Mark | null, screen: Screen, chance: Chance): Promise<Buffer> {
  const { ratio } = screen;
  const [roomW, roomH] = [screen.widthPx * ratio, screen.heightPx * ratio];
  const scale = screen.fit === 'width' ? roomW / page.widthPx : Math.min(roomW / page.widthPx, roomH / page.heightPx);
  const factor = 2 ** Math.max(0, Math.floor(Math.log2(1 / scale)));
  const crop = { x: 0, y: 0, width: page.widthPx, height: page.heightPx };
  const [widthPx, heightPx] = [Math.ceil(page.widthPx / factor), Math.ceil(page.heightPx / factor)];
  const plan: TilePlan = { crop, widthPx, heightPx, mirror: false, degrees: 0, quality: 'default', format: 'jpg' };
  const cut = await cutTile(page, plan);
  const { bytes } = await encodeTile(mark ? layOn(cut, page, plan, mark) : cut, 'jpg');
  const [w, h] = [Math.round(page.widthPx * scale), Math.round(page.heightPx * scale)];
  const drawn = await sharp(bytes).resize(w, h, { fit: 'fill', kernel: 'linear' }).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: w, height: h, channels: drawn.info.channels };
  const top = h > roomH ? Math.floor(chance() * (h - roomH)) : 0;
  const bars = { top: 96, bottom: 24, left: between(chance, 0, 240), right: between(chance, 0, 240) };
  const seen = await sharp(drawn.data, { raw })
    .extract({ left: 0, top, width: w, height: Math.min(h, roomH) })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(seen)
    .extend({
      top: bars.top * ratio,
      bottom: bars.bottom * ratio,
      left: bars.left * ratio,
      right: bars.right * ratio,
      background: '#e8e8e8',
    })
    .jpeg({ quality: 60 })
    .toBuffer();
}

/** What A4 leaves at 200 dpi. */
const FACE_PX = { width: 1528, height: 2054 } as const;

/** The page as large as a print shows it, marked; JPEG as a tile's. */
export async function drawFace(page: Pixels, mark: Mark): Promise<Uint8Array> {
  const scale = Math.min(1, FACE_PX.width / page.widthPx, FACE_PX.height / page.heightPx);
  const crop = { x: 0, y: 0, width: page.widthPx, height: page.heightPx };
  const [widthPx, heightPx] = [Math.round(page.widthPx * scale), Math.round(page.heightPx * scale)];
  const plan: TilePlan = { crop, widthPx, heightPx, mirror: false, degrees: 0, quality: 'default', format: 'jpg' };
  return (await encodeTile(layOn(await cutTile(page, plan), page, plan, mark), 'jpg')).bytes;
}

const UNMARKED = new Int8Array(32 * 32);

function layOn(cut: Pixels, page: Pixels, plan: TilePlan, { visible, signs }: Mark): Pixels {
  const longPx = Math.max(page.widthPx, page.heightPx);
  return layMarks(
    cut,
    planeOf(plan),
    { sheet: visible, emPagePx: longPx / LETTERS_A_PAGE, strength01: MARK_STRENGTH01 },
    { signs: signs ?? UNMARKED, cellPagePx: longPx / CELLS_A_PAGE },
  );
}

/** A quarter of a picture: half its width and height, anywhere; JPEG 60 again. */
export async function quarterOf(jpeg: Uint8Array, chance: Chance): Promise<Buffer> {
  const { width = 0, height = 0 } = await sharp(jpeg).metadata();
  const [w, h] = [width >> 1, height >> 1];
  const at = { left: Math.floor(chance() * (width - w)), top: Math.floor(chance() * (height - h)), width: w, height: h };
  return sharp(jpeg).extract(at).jpeg({ quality: 60 }).toBuffer();
}

/** A picture as the finder takes it. */
export async function grayOf(bytes: Uint8Array): Promise<{ widthPx: number; heightPx: number; data: Uint8Array }> {
  const { data, info } = await sharp(bytes).grayscale().raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data };
}
