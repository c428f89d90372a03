import { LineBuilder } from '../text-lines.ts';
import { apply, boundsOf, type Matrix } from './geometry.ts';

/** An image placed on the page: the unit square goes through `matrix` to millimetres of the page. */
export interface PlacedImage {
  readonly path: string;
  readonly matrix: Matrix;
  readonly alpha01: number;
}

/** Paint of a path or a letter; null paints nothing. */
export interface Paint {
  readonly fill: string | null;
  readonly fillAlpha01: number;
  readonly stroke: string | null;
  readonly strokeAlpha01: number;
  readonly lineWidthMm: number;
  readonly evenOdd: boolean;
  readonly cap: string;
  readonly join: string;
  readonly dash: readonly number[];
}

type Step = { readonly kind: 'image'; readonly image: PlacedImage } | { readonly kind: 'path'; readonly svg: string };

const number = (value: number) => String(Math.round(value * 10_000) / 10_000);
const matrixText = (m: Matrix) => `matrix(${m.map((v) => String(Math.round(v * 1e7) / 1e7)).join(' ')})`;

/** Collects what a page draws, in millimetres, and the letters it draws. */
export class PageCanvas {
  readonly steps: Step[] = [];
  readonly #visible = new LineBuilder();
  readonly #hidden = new LineBuilder();
  /** Something drawn otherwise than the file says, or not at all. */
  readonly lacks = { resources: 0, features: 0, fonts: 0 };
  objectCount = 0;

  /** @param toPixels from millimetres of the page to pixels of its image */
  constructor(private readonly toPixels: Matrix) {}

  image(image: PlacedImage): void {
    if (image.alpha01 > 0) this.steps.push({ kind: 'image', image });
  }

  /** @param data path data already known to be commands and numbers only */
  path(data: string, matrix: Matrix, paint: Paint): void {
    if (data === '' || (paint.fill === null && paint.stroke === null)) return;
    const stroke =
      paint.stroke === null
        ? ''
        : ` stroke="${paint.stroke}" stroke-opacity="${number(paint.strokeAlpha01)}" stroke-width="${number(paint.lineWidthMm)}" stroke-linecap="${paint.cap}" stroke-linejoin="${paint.join}"${paint.dash.length > 0 ? ` stroke-dasharray="${paint.dash.map(number).join(' ')}"` : ''}`;
    const rule = paint.evenOdd ? ' fill-rule="evenodd"' : '';
    const fill = paint.fill === null ? ' fill="none"' : ` fill="${paint.fill}" fill-opacity="${number(paint.fillAlpha01)}"`;
    this.steps.push({ kind: 'path', svg: `<path transform="${matrixText(matrix)}" d="${data}"${fill}${rule}${stroke}/>` });
  }

  /** Another drawing, its body already SVG, laid on with `matrix`. */
  group(body: string, matrix: Matrix): void {
    this.steps.push({ kind: 'path', svg: `<g transform="${matrixText(matrix)}">${body}</g>` });
  }

  /** A letter whose em box, in the space of `matrix`, has its baseline at x, y. */
  letter(text: string, matrix: Matrix, x: number, y: number, width: number, size: number, hidden: boolean): void {
    const [left, top, right, bottom] = boundsOf(matrix, x, y - 0.88 * size, width, size);
    const a = apply(this.toPixels, left, top);
    const b = apply(this.toPixels, right, bottom);
    (hidden ? this.#hidden : this.#visible).add({ text, box: [a[0], a[1], b[0], b[1]] });
  }

  /** The lines of text so far: seen, and drawn with nothing. */
  finishText(page: { readonly widthPx: number; readonly heightPx: number }) {
    return { visible: this.#visible.finish(page), hidden: this.#hidden.finish(page) };
  }
}

/** Drawn steps as elements of SVG; `hrefOf` gives the data address of an image, null when it cannot be shown. */
export function toSvgBody(canvas: PageCanvas, hrefOf: (path: string) => string | null): string {
  const parts = canvas.steps.map((step) => {
    if (step.kind === 'path') return step.svg;
    const href = hrefOf(step.image.path);
    if (href === null) return '';
    const { matrix, alpha01 } = step.image;
    return `<image transform="${matrixText(matrix)}" x="0" y="0" width="1" height="1" preserveAspectRatio="none" opacity="${number(alpha01)}" href="${href}"/>`;
  });
  return parts.join('');
}

/** A whole document of SVG around a body in millimetres. */
export function toSvg(body: string, boxMm: { width: number; height: number }, size: { widthPx: number; heightPx: number }): string {
  const view = `0 0 ${number(boxMm.width)} ${number(boxMm.height)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.widthPx}" height="${size.heightPx}" viewBox="${view}">${body}</svg>`;
}
