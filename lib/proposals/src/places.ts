import type { Box } from '@lantai/values';
import type { TextPiece } from './layout.ts';

/** A character's width against a Chinese one. */
const widthOf = (char: string): number => (/[\u0020-\u007e]/.test(char) ? 0.55 : 1);
const widthOfText = (text: string): number => [...text].reduce((sum, c) => sum + widthOf(c), 0);

/** The box of a part of a line on the page turned upright: by the share of its characters' widths. */
export function boxOfPiece({ line, start, end }: TextPiece): Box {
  const [x, y, w, h] = line.line.box;
  const total = widthOfText(line.text) || 1;
  if (h > 1.6 * w) return line.line.box;
  const from = widthOfText(line.text.slice(0, start)) / total;
  const to = widthOfText(line.text.slice(0, end)) / total;
  return [x + w * from, y, Math.max(1, w * (to - from)), h].map((v) => Math.round(v * 10) / 10) as unknown as Box;
}

/** The box around all pieces. */
export function boxOfPieces(pieces: readonly TextPiece[]): Box {
  const boxes = pieces.map(boxOfPiece);
  if (boxes.length === 1) return boxes[0]!;
  const x0 = Math.min(...boxes.map((b) => b[0]));
  const y0 = Math.min(...boxes.map((b) => b[1]));
  const x1 = Math.max(...boxes.map((b) => b[0] + b[2]));
  const y1 = Math.max(...boxes.map((b) => b[1] + b[3]));
  return [x0, y0, x1 - x0, y1 - y0];
}

/** Confidence of the worst line that holds a value. */
export const readingConfidence01 = (pieces: readonly TextPiece[]): number => Math.min(1, ...pieces.map((p) => p.line.line.confidence01));

/** Pieces narrowed to [start, end) of their joined text. */
export function narrowPieces(pieces: readonly TextPiece[], text: string, start: number, end: number): TextPiece[] {
  const whole = pieces.map((p) => p.line.text.slice(p.start, p.end)).join('');
  if (whole !== text) return [...pieces];
  let at = 0;
  return pieces.flatMap((p) => {
    const length = p.end - p.start;
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, length)];
    at += length;
    return from < to ? [{ line: p.line, start: p.start + from, end: p.start + to }] : [];
  });
}
