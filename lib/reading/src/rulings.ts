import { type Gray, makeGray } from './raster.ts';

/** A ruled line of the deskewed page, in layout pixels: level ones run along x, upright ones along y. */
export interface Ruling {
  readonly direction: 'level' | 'upright';
  /** Where it starts and ends along its direction. */
  readonly from: number;
  readonly to: number;
  /** Where it lies across its direction, at its start and at its end. */
  readonly atFrom: number;
  readonly atTo: number;
  readonly thickness: number;
}

/** Breaks in a line up to this are bridged, so dotted leaders are lines too. */
const MAX_GAP_PX = 4;
/** Longer than any stroke of a character; a shorter line counts only between two others. */
const LONG_PX = 90;
const SHORT_PX = 22;
const MAX_THICKNESS_PX = 9;
/** No row of characters makes a line of this length. */
const SURE_PX = 320;
/** How far an end may miss the line it should touch; where text is small, so are the cells it stands in. */
const TOUCH_PX = 6;

interface Trace {
  from: number;
  to: number;
  lastRow: number;
  lastFrom: number;
  lastTo: number;
  ink: number;
  n: number;
  sx: number;
  sy: number;
  sxx: number;
  sxy: number;
}

/**
 * The ruled lines of a deskewed page: borders of tables and boxes, underlines, dotted leaders, lines of writing paper.
 * @param ink mask of the deskewed page, long side about 1,750 pixels
 * @param unit its pixels per 1/1240 of an A4 page's short side
 */
export function findRulings(ink: Gray, unit: number): Ruling[] {
  const level = traceLines(ink, unit).map((t) => rulingOf(t, 'level'));
  const turned = transpose(ink);
  const upright = traceLines(turned, unit).map((t) => rulingOf(t, 'upright'));
  const reach = TOUCH_PX * Math.min(1, unit);
  const isLong = (r: Ruling) => r.to - r.from >= LONG_PX * unit;
  const isRuling = (mask: Gray, r: Ruling) => {
    const sure = r.to - r.from >= SURE_PX * unit;
    return isLong(r) && standsClear(mask, r, sure) && (sure || isEven(mask, r));
  };
  const longLevel = level.filter((r) => isRuling(ink, r));
  const longUpright = upright.filter((r) => isRuling(turned, r));
  const between = (r: Ruling, across: readonly Ruling[]) =>
    !isLong(r) && across.some((a) => touches(a, r, r.from, r.atFrom, reach)) && across.some((a) => touches(a, r, r.to, r.atTo, reach));
  const shortUpright = upright.filter((r) => between(r, longLevel));
  const shortLevel = level.filter((r) => between(r, longUpright));
  return [...longLevel, ...shortLevel, ...longUpright, ...shortUpright];
}

/** Where a ruling lies across its direction at a place along it. */
export function rulingAt(r: Ruling, along: number): number {
  const share = r.to > r.from ? (along - r.from) / (r.to - r.from) : 0;
  return r.atFrom + (r.atTo - r.atFrom) * share;
}

/**
 * The same ruling after the page, which suffered a clockwise turn of `orientation`, was turned back.
 * @param width of the page before turning back, layout pixels
 */
export function turnRuling(r: Ruling, orientation: 0 | 90 | 180 | 270, width: number, height: number): Ruling {
  if (orientation === 0) return r;
  // Turned back by a quarter: x' = y, y' = width − x. By three quarters: x' = height − y, y' = x.
  const wasLevel = r.direction === 'level';
  const [alongSize, acrossSize] = wasLevel ? [width, height] : [height, width];
  const swapped = wasLevel ? 'upright' : 'level';
  const direction = orientation === 180 ? r.direction : swapped;
  const flipAlong = orientation === 180 || (orientation === 90) === wasLevel;
  const flipAcross = orientation === 180 || (orientation === 90) !== wasLevel;
  const across = (v: number) => (flipAcross ? acrossSize - 1 - v : v);
  return flipAlong
    ? { ...r, direction, from: alongSize - r.to, to: alongSize - r.from, atFrom: across(r.atTo), atTo: across(r.atFrom) }
    : { ...r, direction, atFrom: across(r.atFrom), atTo: across(r.atTo) };
}

function touches(line: Ruling, end: Ruling, endAlong: number, endAcross: number, reachPx: number): boolean {
  if (endAcross < line.from - reachPx || endAcross > line.to + reachPx) return false;
  return Math.abs(rulingAt(line, endAcross) - endAlong) <= reachPx + (line.thickness + end.thickness) / 2;
}

function traceLines(ink: Gray, unit: number): Trace[] {
  const minRun = SHORT_PX * unit;
  const done: Trace[] = [];
  let active: Trace[] = [];
  for (let y = 0; y < ink.height; y++) {
    const row = y * ink.width;
    for (let x = 0; x < ink.width; x++) {
      if (!ink.data[row + x]) continue;
      const from = x;
      let to = x + 1;
      let set = 1;
      for (let gap = 0; ++x < ink.width && gap <= MAX_GAP_PX; ) {
        if (ink.data[row + x]) {
          to = x + 1;
          set++;
          gap = 0;
        } else gap++;
      }
      if (to - from >= minRun && set >= (to - from) * 0.4) joinRun(active, from, to, y, set);
    }
    const still: Trace[] = [];
    for (const t of active) (y - t.lastRow >= 2 ? done : still).push(t);
    active = still;
  }
  return [...done, ...active].filter((t) => t.ink / (t.to - t.from) <= MAX_THICKNESS_PX);
}

function joinRun(active: Trace[], from: number, to: number, y: number, set: number): void {
  // A slanting stroke that meets the line must not pull it off its course.
  const onCourse = (t: Trace) => y - t.sy / t.n <= 4 + 0.005 * (t.to - t.from);
  let trace = active.find((t) => from <= t.lastTo + MAX_GAP_PX && to >= t.lastFrom - MAX_GAP_PX && onCourse(t));
  if (!trace) {
    trace = { from, to, lastRow: y, lastFrom: from, lastTo: to, ink: 0, n: 0, sx: 0, sy: 0, sxx: 0, sxy: 0 };
    active.push(trace);
  }
  trace.from = Math.min(trace.from, from);
  trace.to = Math.max(trace.to, to);
  [trace.lastFrom, trace.lastTo] = trace.lastRow === y ? [Math.min(trace.lastFrom, from), Math.max(trace.lastTo, to)] : [from, to];
  trace.lastRow = y;
  trace.ink += set;
  for (const x of [from + (to - from) * 0.25, from + (to - from) * 0.75]) {
    const w = (to - from) / 2;
    trace.n += w;
    trace.sx += w * x;
    trace.sy += w * y;
    trace.sxx += w * x * x;
    trace.sxy += w * x * y;
  }
}

function rulingOf(t: Trace, direction: 'level' | 'upright'): Ruling {
  const det = t.n * t.sxx - t.sx * t.sx;
  const raw = det > 0 ? (t.n * t.sxy - t.sx * t.sy) / det : 0;
  const slope = Math.abs(raw) < 0.02 ? raw : 0;
  const mid = t.sy / t.n;
  const midX = t.sx / t.n;
  return {
    direction,
    from: t.from,
    to: t.to,
    atFrom: mid + (t.from - midX) * slope,
    atTo: mid + (t.to - midX) * slope,
    thickness: Math.max(1, t.ink / (t.to - t.from)),
  };
}

/**
 * True when most of a line has no ink beside it, as the strokes of a row of characters do. A line longer than any such row may run close
 * beside another one: there it is enough that one side is clear.
 */
function standsClear(ink: Gray, r: Ruling, eitherSide: boolean): boolean {
  let clear = 0;
  let n = 0;
  const reach = r.thickness / 2 + 2;
  const inkAt = (x: number, y: number) => y >= 0 && y < ink.height && ink.data[y * ink.width + x] === 1;
  for (let x = Math.ceil(r.from); x < r.to; x += 2, n++) {
    const y = rulingAt(r, x);
    let above = false;
    let below = false;
    for (let k = 0; k < 4; k++) {
      above ||= inkAt(x, Math.round(y - reach - k));
      below ||= inkAt(x, Math.round(y + reach + k));
    }
    if (eitherSide ? !(above && below) : !above && !below) clear++;
  }
  return clear >= n * (eitherSide ? 0.7 : 0.5);
}

/** True for a line drawn in one go or in even dots: the strokes of neighbouring characters that happen to be level leave uneven gaps. */
function isEven(ink: Gray, r: Ruling): boolean {
  let set = 0;
  let dots = 0;
  let longestDot = 0;
  let dot = 0;
  const length = Math.floor(r.to - r.from);
  for (let k = 0; k <= length; k++) {
    const x = r.from + k;
    const y = Math.round(rulingAt(r, x));
    const inked = k < length && [y, y - 1, y + 1].some((v) => v >= 0 && v < ink.height && ink.data[v * ink.width + x] === 1);
    if (inked) {
      dot++;
      set++;
    } else if (dot) {
      dots++;
      longestDot = Math.max(longestDot, dot);
      dot = 0;
    }
  }
  return set >= length * 0.97 || (dots >= 8 && longestDot <= 3 * (set / dots));
}

function transpose(mask: Gray): Gray {
  const { width, height, data } = mask;
  const out = makeGray(height, width);
  // Masks are mostly empty: only what is set is written.
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) if (data[i]) out.data[x * height + y] = 1;
  return out;
}
