// IIIF Image API 3.0, the words of a request and the arithmetic behind them. Pure; pixels are cut in tile.ts. Source: iiif.io/api/image/3.0.

/** A rectangle in whole pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A request as its four path parts say it: `{region}/{size}/{rotation}/{quality}.{format}`. */
export interface ImageRequest {
  readonly region: { kind: 'full' } | { kind: 'square' } | { kind: 'px' | 'pct'; x: number; y: number; width: number; height: number };
  readonly size: { upscale: boolean } & (
    | { kind: 'max' }
    | { kind: 'pct'; percent: number }
    | { kind: 'exact'; width: number | null; height: number | null }
    | { kind: 'within'; width: number; height: number }
  );
  readonly rotation: { degrees: 0 | 90 | 180 | 270; mirror: boolean };
  readonly quality: 'default' | 'color' | 'gray' | 'bitonal';
  readonly format: 'jpg' | 'png' | 'webp';
}

/** What to do to the pixels: cut `crop`, scale it to `widthPx` × `heightPx`, mirror, turn. */
export interface TilePlan {
  readonly crop: Rect;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly mirror: boolean;
  readonly degrees: 0 | 90 | 180 | 270;
  readonly quality: ImageRequest['quality'];
  readonly format: ImageRequest['format'];
}

const NUMBER = '(\\d{1,9}(?:\\.\\d{1,6})?)';
const REGION = new RegExp(`^(pct:)?${NUMBER},${NUMBER},${NUMBER},${NUMBER}$`);
const SIZE = /^(\^?)(?:(max)|pct:(\d{1,9}(?:\.\d{1,6})?)|(!)?(\d{1,9})?,(\d{1,9})?)$/;

/** Parses the parts of the path (percent-decoded); null when a part is no form of level 2 (answer 400). Rotation by any angle is not offered. */
export function findImageRequest(region: string, size: string, rotation: string, qualityAndFormat: string): ImageRequest | null {
  const parsedRegion = findRegion(region);
  const parsedSize = findSize(size);
  const turn = /^(!?)(0|90|180|270)$/.exec(rotation);
  const last = /^(default|color|gray|bitonal)\.(jpg|png|webp)$/.exec(qualityAndFormat);
  if (!parsedRegion || !parsedSize || !turn || !last) return null;
  return {
    region: parsedRegion,
    size: parsedSize,
    rotation: { mirror: turn[1] === '!', degrees: Number(turn[2]) as 0 | 90 | 180 | 270 },
    quality: last[1] as ImageRequest['quality'],
    format: last[2] as ImageRequest['format'],
  };
}

function findRegion(text: string): ImageRequest['region'] | null {
  if (text === 'full' || text === 'square') return { kind: text };
  const m = REGION.exec(text);
  if (!m) return null;
  const [x, y, width, height] = m.slice(2, 6).map(Number) as [number, number, number, number];
  if (m[1]) return { kind: 'pct', x, y, width, height };
  return [x, y, width, height].every(Number.isInteger) ? { kind: 'px', x, y, width, height } : null;
}

function findSize(text: string): ImageRequest['size'] | null {
  const m = SIZE.exec(text);
  if (!m) return null;
  const upscale = m[1] === '^';
  if (m[2]) return { kind: 'max', upscale };
  if (m[3] !== undefined) return { kind: 'pct', percent: Number(m[3]), upscale };
  const width = m[5] === undefined ? null : Number(m[5]);
  const height = m[6] === undefined ? null : Number(m[6]);
  if (m[4]) return width !== null && height !== null ? { kind: 'within', width, height, upscale } : null;
  return width === null && height === null ? null : { kind: 'exact', width, height, upscale };
}

/**
 * The plan for a page of this size; null when the region lies outside the page, nothing is left of it, or the size asks for more than
 * there is without `^` (answer 400). With `^`, and at most `maxPixels` out, a part may be enlarged.
 */
export function planTile(request: ImageRequest, page: { widthPx: number; heightPx: number }, maxPixels = 60_000_000): TilePlan | null {
  const crop = cropOf(request.region, page);
  if (!crop) return null;
  const size = sizeOf(request.size, crop);
  if (!size) return null;
  const [widthPx, heightPx] = size;
  if (widthPx < 1 || heightPx < 1 || widthPx * heightPx > maxPixels) return null;
  if (!request.size.upscale && (widthPx > crop.width || heightPx > crop.height)) return null;
  return { crop, widthPx, heightPx, ...request.rotation, quality: request.quality, format: request.format };
}

function cropOf(region: ImageRequest['region'], { widthPx, heightPx }: { widthPx: number; heightPx: number }): Rect | null {
  if (region.kind === 'full') return { x: 0, y: 0, width: widthPx, height: heightPx };
  if (region.kind === 'square') {
    const side = Math.min(widthPx, heightPx);
    return { x: Math.floor((widthPx - side) / 2), y: Math.floor((heightPx - side) / 2), width: side, height: side };
  }
  const px = region.kind === 'px';
  const x = px ? region.x : Math.round((region.x * widthPx) / 100);
  const y = px ? region.y : Math.round((region.y * heightPx) / 100);
  const width = Math.min(px ? region.width : Math.round((region.width * widthPx) / 100), widthPx - x);
  const height = Math.min(px ? region.height : Math.round((region.height * heightPx) / 100), heightPx - y);
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

function sizeOf(size: ImageRequest['size'], crop: Rect): [number, number] | null {
  const at = (scale: number): [number, number] => [
    Math.max(1, Math.round(crop.width * scale)),
    Math.max(1, Math.round(crop.height * scale)),
  ];
  switch (size.kind) {
    case 'max':
      return [crop.width, crop.height];
    case 'pct':
      return size.percent > 0 ? at(size.percent / 100) : null;
    case 'within':
      return withinSize(size, crop);
    case 'exact': {
      const { width, height } = size;
      if (width !== null && height !== null) return [width, height];
      if (width !== null) return [width, Math.max(1, Math.round((crop.height * width) / crop.width))];
      return height === null ? null : [Math.max(1, Math.round((crop.width * height) / crop.height)), height];
    }
  }
}

/** `!w,h`: the largest of the region's shape inside w × h; without `^` never larger than the region. */
function withinSize(size: { width: number; height: number; upscale: boolean }, crop: Rect): [number, number] | null {
  if (size.width === 0 || size.height === 0) return null;
  const scale = Math.min(size.width / crop.width, size.height / crop.height, size.upscale ? Number.POSITIVE_INFINITY : 1);
  return [
    Math.min(Math.max(1, Math.round(crop.width * scale)), Math.max(size.width, 1)),
    Math.min(Math.max(1, Math.round(crop.height * scale)), Math.max(size.height, 1)),
  ];
}

/** An `info.json`. Source: IIIF Image API 3.0, section 5. */
export interface ImageInformation {
  readonly '@context': 'http://iiif.io/api/image/3/context.json';
  readonly id: string;
  readonly type: 'ImageService3';
  readonly protocol: 'http://iiif.io/api/image';
  readonly profile: 'level2';
  readonly width: number;
  readonly height: number;
  readonly tiles: { width: number; scaleFactors: number[] }[];
  readonly sizes: { width: number; height: number }[];
  readonly extraQualities: string[];
  readonly extraFormats: string[];
  readonly extraFeatures: string[];
}

/** The document `info.json` of a page. `id` is the full address of the image service without a slash at its end. */
export function imageInfo(id: string, page: { widthPx: number; heightPx: number }, tileSizePx = 512): ImageInformation {
  const { widthPx: width, heightPx: height } = page;
  const scaleFactors = [1];
  while (Math.max(width, height) / scaleFactors.at(-1)! > tileSizePx) scaleFactors.push(scaleFactors.at(-1)! * 2);
  return {
    '@context': 'http://iiif.io/api/image/3/context.json',
    id,
    type: 'ImageService3',
    protocol: 'http://iiif.io/api/image',
    profile: 'level2',
    width,
    height,
    tiles: [{ width: tileSizePx, scaleFactors }],
    sizes: scaleFactors.toReversed().map((f) => ({ width: Math.ceil(width / f), height: Math.ceil(height / f) })),
    extraQualities: ['color', 'gray', 'bitonal'],
    extraFormats: ['webp'],
    extraFeatures: ['mirroring', 'regionSquare', 'sizeUpscaling'],
  };
}
