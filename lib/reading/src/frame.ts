/**
 * The deskewed page laid over a scan of it. Both have the same centre; the scan's content is turned clockwise by `skewRad`.
 * Everything between detection and the reading works in deskewed pixels; only the final boxes and the sampling of crops use the scan's.
 */
export interface Frame {
  /** Of the deskewed page. */
  readonly width: number;
  readonly height: number;
  /** Clockwise positive, radians. */
  readonly skewRad: number;
  /** Size of the scan when it is another: one that lies on its side. */
  readonly scan?: { readonly width: number; readonly height: number };
}

/** Of an upright page's frame the one that lies over the scan as it is stored, which suffered a clockwise turn: no pixel need be moved. */
export function turnedFrame(frame: Frame, orientation: 0 | 90 | 180 | 270): Frame {
  const { width, height, skewRad } = frame;
  const scan = orientation % 180 === 0 ? { width, height } : { width: height, height: width };
  return { width, height, skewRad: skewRad + (orientation * Math.PI) / 180, scan };
}

/** A rectangle by centre and size in deskewed pixels; `angleRad` turns it clockwise about its centre. */
export interface Rect {
  readonly cx: number;
  readonly cy: number;
  readonly w: number;
  readonly h: number;
  readonly angleRad: number;
}

/** Edges in deskewed pixels, right and bottom exclusive. */
export interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A point of the deskewed page in pixels of the scan. */
export function toScan(frame: Frame, x: number, y: number): [x: number, y: number] {
  const dx = x - frame.width / 2;
  const dy = y - frame.height / 2;
  const c = Math.cos(frame.skewRad);
  const s = Math.sin(frame.skewRad);
  const { width, height } = frame.scan ?? frame;
  return [dx * c - dy * s + width / 2, dx * s + dy * c + height / 2];
}

/** A point of the scan in pixels of the deskewed page; the inverse of {@link toScan}. */
export function toDeskewed(frame: Frame, x: number, y: number): [x: number, y: number] {
  const { width, height, skewRad } = frame;
  return toScan({ ...(frame.scan ?? frame), skewRad: -skewRad, scan: { width, height } }, x, y);
}

/** The upright rectangle that holds `extent`. */
export function rectOf(extent: Extent): Rect {
  return {
    cx: (extent.left + extent.right) / 2,
    cy: (extent.top + extent.bottom) / 2,
    w: extent.right - extent.left,
    h: extent.bottom - extent.top,
    angleRad: 0,
  };
}

/** The extent of a rectangle, turned ones by their corners. */
export function extentOf(rect: Rect): Extent {
  const c = Math.abs(Math.cos(rect.angleRad));
  const s = Math.abs(Math.sin(rect.angleRad));
  const w = rect.w * c + rect.h * s;
  const h = rect.w * s + rect.h * c;
  return { left: rect.cx - w / 2, top: rect.cy - h / 2, right: rect.cx + w / 2, bottom: rect.cy + h / 2 };
}

/** Shared area of two extents, in square pixels. */
export function overlapArea(a: Extent, b: Extent): number {
  const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Area of an extent, in square pixels. */
export function areaOf(e: Extent): number {
  return Math.max(0, e.right - e.left) * Math.max(0, e.bottom - e.top);
}
