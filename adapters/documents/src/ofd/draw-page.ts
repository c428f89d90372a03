import { MAX_PAGE_OBJECTS } from '../limits.ts';
import type { PageCanvas, Paint } from './canvas.ts';
import { drawText } from './draw-text.ts';
import { apply, boundsOf, type Matrix, matrixOf, multiply } from './geometry.ts';
import type { GlyphSource } from './glyphs.ts';
import type { OfdResources } from './resources.ts';
import { findChild, numbersOf, type XmlElement } from './xml.ts';

/** Drawing parameters an object takes over from what is around it. */
interface Context {
  readonly canvas: PageCanvas;
  readonly resources: OfdResources;
  readonly glyphs: GlyphSource;
  readonly matrix: Matrix;
  readonly alpha01: number;
  readonly drawParam: XmlElement | null;
  readonly depth: number;
}

const DEFAULT_LINE_MM = 0.353;
const MAX_DEPTH = 16;
// Maps, not objects: a file may ask for `constructor` or `valueOf`.
const CAPS = new Map([
  ['Butt', 'butt'],
  ['Round', 'round'],
  ['Square', 'square'],
]);
const JOINS = new Map([
  ['Miter', 'miter'],
  ['Round', 'round'],
  ['Bevel', 'bevel'],
]);
/** Children that change how an object looks and are not drawn here. */
const NOT_DRAWN = ['Clips', 'ImageMask', 'AxialShd', 'RadialShd', 'GouraudShd', 'LaGouraudShd', 'Pattern'];

/** Draws the children of a layer, page block, composite unit or annotation. Source: GB/T 33190-2016, 7.7 and 8 to 13. */
export function drawObjects(canvas: PageCanvas, parent: XmlElement, resources: OfdResources, glyphs: GlyphSource, matrix: Matrix): void {
  const drawParam = resources.drawParams.get(parent.attributes.DrawParam ?? '') ?? null;
  drawChildren(parent, { canvas, resources, glyphs, matrix, alpha01: 1, drawParam, depth: 0 });
}

function drawChildren(parent: XmlElement, context: Context): void {
  for (const child of parent.children) {
    context.canvas.objectCount += 1;
    if (context.canvas.objectCount > MAX_PAGE_OBJECTS) return;
    drawObject(child, context);
  }
}

function drawObject(object: XmlElement, context: Context): void {
  const { canvas, depth } = context;
  if (object.name === 'PageBlock' || object.name === 'Layer') {
    if (depth < MAX_DEPTH) drawChildren(object, { ...context, depth: depth + 1 });
    return;
  }
  if (!['TextObject', 'PathObject', 'ImageObject', 'CompositeObject'].includes(object.name) || object.attributes.Visible === 'false')
    return;
  const [x = 0, y = 0] = numbersOf(object.attributes.Boundary);
  const matrix = multiply(multiply(context.matrix, [1, 0, 0, 1, x, y]), matrixOf(numbersOf(object.attributes.CTM)));
  const alpha01 = context.alpha01 * alphaOf(object);
  const drawParam = context.resources.drawParams.get(object.attributes.DrawParam ?? '') ?? context.drawParam;
  const inner = { ...context, matrix, alpha01, drawParam, depth: depth + 1 };
  if (hasUndrawn(object)) canvas.lacks.features += 1;
  if (object.name === 'TextObject') drawTextObject(object, inner);
  else if (object.name === 'PathObject') drawPathObject(object, inner);
  else if (object.name === 'ImageObject') drawImageObject(object, inner);
  else if (depth < MAX_DEPTH) drawComposite(object, inner);
}

const alphaOf = (object: XmlElement) => Math.min(255, Math.max(0, Number(object.attributes.Alpha ?? 255) || 0)) / 255;

function hasUndrawn(object: XmlElement): boolean {
  return object.children.some(
    (child) => NOT_DRAWN.includes(child.name) || child.children.some((grandchild) => NOT_DRAWN.includes(grandchild.name)),
  );
}

function drawTextObject(object: XmlElement, context: Context): void {
  const { canvas, resources, glyphs, matrix, alpha01 } = context;
  const paint = paintOf(object, context, { fill: true, stroke: false });
  const font = resources.fonts.get(object.attributes.Font ?? '');
  drawText(
    canvas,
    object,
    {
      sizeMm: Number(object.attributes.Size) || 3.5,
      matrix,
      paint,
      hidden: alpha01 === 0 || ((paint.fill === null || paint.fillAlpha01 === 0) && (paint.stroke === null || paint.strokeAlpha01 === 0)),
      hScale: Number(object.attributes.HScale ?? 1) || 1,
      charDirection: Number(object.attributes.CharDirection ?? 0) || 0,
    },
    (codePoint, glyphId) => glyphs.outline(font, codePoint, glyphId),
  );
}

function drawPathObject(object: XmlElement, context: Context): void {
  const data = toPathData(findChild(object, 'AbbreviatedData')?.text ?? '');
  context.canvas.path(data, context.matrix, paintOf(object, context, { fill: false, stroke: true }));
}

function drawImageObject(object: XmlElement, { canvas, resources, matrix, alpha01 }: Context): void {
  const path = resources.images.get(object.attributes.ResourceID ?? '');
  if (path === undefined) canvas.lacks.resources += 1;
  else canvas.image({ path, matrix, alpha01 });
}

function drawComposite(object: XmlElement, context: Context): void {
  const unit = context.resources.composites.get(object.attributes.ResourceID ?? '');
  const content = unit && findChild(unit, 'Content');
  if (content) drawChildren(content, context);
  else context.canvas.lacks.resources += 1;
}

function paintOf(object: XmlElement, { drawParam, alpha01 }: Context, defaults: { fill: boolean; stroke: boolean }): Paint {
  const flag = (name: string, otherwise: boolean) =>
    object.attributes[name] === undefined ? otherwise : object.attributes[name] === 'true';
  const setting = (name: string) => object.attributes[name] ?? drawParam?.attributes[name];
  const fill = colourOf(findChild(object, 'FillColor') ?? (drawParam && findChild(drawParam, 'FillColor')));
  const stroke = colourOf(findChild(object, 'StrokeColor') ?? (drawParam && findChild(drawParam, 'StrokeColor')));
  const lineWidth = Number(setting('LineWidth'));
  return {
    fill: flag('Fill', defaults.fill) ? fill.value : null,
    fillAlpha01: fill.alpha01 * alpha01,
    stroke: flag('Stroke', defaults.stroke) ? stroke.value : null,
    strokeAlpha01: stroke.alpha01 * alpha01,
    lineWidthMm: Number.isFinite(lineWidth) && setting('LineWidth') !== undefined ? Math.max(0, lineWidth) : DEFAULT_LINE_MM,
    evenOdd: object.attributes.Rule === 'Even-Odd',
    cap: CAPS.get(setting('Cap') ?? '') ?? 'butt',
    join: JOINS.get(setting('Join') ?? '') ?? 'miter',
    dash: numbersOf(setting('DashPattern')).filter((n) => n >= 0),
  };
}

/** Black when nothing is said. One number is gray, three are red, green and blue, four are inks; a number may be written `#ff`. */
function colourOf(element: XmlElement | null): { value: string; alpha01: number } {
  if (!element) return { value: 'rgb(0,0,0)', alpha01: 1 };
  const values = (element.attributes.Value ?? '')
    .trim()
    .split(/\s+/)
    .filter((v) => v !== '')
    .map((v) => Math.min(255, Math.max(0, v.startsWith('#') ? Number.parseInt(v.slice(1), 16) : Number(v))))
    .map((v) => (Number.isFinite(v) ? Math.round(v) : 0));
  return { value: `rgb(${toRgb(values).join(',')})`, alpha01: alphaOf(element) };
}

function toRgb(values: readonly number[]): readonly number[] {
  if (values.length === 3) return values;
  if (values.length === 1) return [values[0]!, values[0]!, values[0]!];
  if (values.length !== 4) return [0, 0, 0];
  const [c, m, y, k] = values as [number, number, number, number];
  return [c, m, y].map((ink) => Math.round(((255 - ink) * (255 - k)) / 255));
}

/** Numbers each command takes, and its name in SVG. Source: GB/T 33190-2016, table 35. */
const COMMANDS = new Map<string, readonly [svg: string, numbers: number]>([
  ['S', ['M', 2]],
  ['M', ['M', 2]],
  ['L', ['L', 2]],
  ['Q', ['Q', 4]],
  ['B', ['C', 6]],
  ['A', ['A', 7]],
  ['C', ['Z', 0]],
]);

/** Path data of SVG from abbreviated data. Only commands and finite numbers come through; a broken tail is left out. */
export function toPathData(text: string): string {
  const parts = text.trim().split(/[\s,]+/);
  let out = '';
  for (let i = 0; i < parts.length; ) {
    const command = COMMANDS.get(parts[i] ?? '');
    if (!command) break;
    const numbers = parts.slice(i + 1, i + 1 + command[1]).map(Number);
    if (numbers.length < command[1] || !numbers.every(Number.isFinite)) break;
    out += `${command[0]}${numbers.join(' ')}`;
    i += 1 + command[1];
  }
  return out.startsWith('M') ? out : '';
}

/** The image that covers the page and is drawn after everything visible; null when there is none, or it is turned or transparent. */
export function findScan(canvas: PageCanvas, boxMm: { width: number; height: number }): { path: string } | null {
  const last = canvas.steps.at(-1);
  if (last?.kind !== 'image' || last.image.alpha01 < 1) return null;
  const [left, top, right, bottom] = boundsOf(last.image.matrix, 0, 0, 1, 1);
  const [a, b, c, d] = last.image.matrix;
  const upright = Math.abs(b) < 0.01 && Math.abs(c) < 0.01 && a > 0 && d > 0;
  const covers =
    Math.min(right, boxMm.width) - Math.max(left, 0) >= 0.95 * boxMm.width &&
    Math.min(bottom, boxMm.height) - Math.max(top, 0) >= 0.95 * boxMm.height;
  return upright && covers ? { path: last.image.path } : null;
}

/** Share of the page under images, at most 1. */
export function imageShare01(canvas: PageCanvas, boxMm: { width: number; height: number }): number {
  let sum = 0;
  for (const step of canvas.steps) {
    if (step.kind !== 'image') continue;
    const [x0, y0] = apply(step.image.matrix, 0, 0);
    const [x1, y1] = apply(step.image.matrix, 1, 1);
    sum += Math.abs((x1 - x0) * (y1 - y0));
  }
  return Math.min(1, sum / (boxMm.width * boxMm.height));
}
