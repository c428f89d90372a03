/** Pixels as marks are laid on them: 8 bits a channel, rows from the top without padding. */
export interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** How a tile was cut: this part of the page, scaled to a size, mirrored left to right, then turned clockwise (IIIF Image API 3.0, 4). */
export interface CutPlan {
  readonly crop: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly widthPx: number;
  readonly heightPx: number;
  readonly mirror: boolean;
  readonly degrees: 0 | 90 | 180 | 270;
}

/** Where the pixels of a tile lie on its page. */
export interface PagePlane {
  /** Page coordinate of the centre of each column; of x, or of y when `isTurned`. */
  readonly columns: Float64Array;
  /** Page coordinate of the centre of each row; of y, or of x when `isTurned`. */
  readonly rows: Float64Array;
  /** Columns run along the page's y. */
  readonly isTurned: boolean;
  /** Pixels of the tile to one of the page. */
  readonly scale: number;
}

/** Page coordinates of the pixels of a tile, pixels of the page from its upper left corner. */
export function planeOf(plan: CutPlan): PagePlane {
  const { crop, widthPx, heightPx, mirror, degrees } = plan;
  const x = centres(crop.x, crop.width, widthPx);
  const y = centres(crop.y, crop.height, heightPx);
  if (mirror) x.reverse();
  const scale = Math.sqrt((widthPx * heightPx) / (crop.width * crop.height));
  // Turned clockwise by 90: the first row shows the left column, from its foot upwards.
  if (degrees === 90) return { columns: y.reverse(), rows: x, isTurned: true, scale };
  if (degrees === 180) return { columns: x.reverse(), rows: y.reverse(), isTurned: false, scale };
  if (degrees === 270) return { columns: y, rows: x.reverse(), isTurned: true, scale };
  return { columns: x, rows: y, isTurned: false, scale };
}

function centres(from: number, length: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => from + ((i + 0.5) * length) / count);
}
