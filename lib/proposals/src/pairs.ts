import type { LabelHit, LabelledPage } from './labels.ts';
import { type Block, blockOf, heightOf, midX, midY, type PlacedLine, sameRow, type TextPiece } from './layout.ts';

/** A label with the text that fills it. */
export interface Pair {
  readonly label: string;
  readonly hit: LabelHit;
  readonly text: string;
  readonly pieces: readonly TextPiece[];
  /** `inline`: after the label's colon; `right`: the cell beside it; `stacked`: under it, in a row of values under a row of labels; `below`: under it. */
  readonly by: 'inline' | 'right' | 'stacked' | 'below';
}

const isLatin = (text: string): boolean => !/[\p{Script=Han}\d]/u.test(text);
const wholePieces = (block: Block): TextPiece[] => block.lines.map((line) => ({ line, start: 0, end: line.text.length }));

/** Pairs each label with its value. Labels that head lists have none. */
export function findPairs({ labels, values }: LabelledPage): Pair[] {
  const pairs: Pair[] = [];
  for (const hit of labels) {
    if (hit.inList) continue;
    if (hit.inline) {
      const { line, start, end } = hit.inline;
      const rest = end === line.text.length ? afterLine(line, labels, values) : null;
      const text = line.text.slice(start, end) + (rest?.text ?? '');
      pairs.push({ label: hit.label, hit, text, pieces: [{ line, start, end }, ...(rest ? wholePieces(rest) : [])], by: 'inline' });
      continue;
    }
    const under = stackedValue(hit, labels, values);
    if (under) {
      pairs.push(pairOf(hit, [under], 'stacked'));
      continue;
    }
    const right = valuesRight(hit, labels, values);
    if (right.length) pairs.push(pairOf(hit, right, 'right'));
    else {
      const below = valueBelow(hit, labels, values);
      if (below) pairs.push(pairOf(hit, [below], 'below'));
    }
  }
  return pairs;
}

/** What goes on right behind a line in its row: a number written in boxes is read in parts. */
function afterLine(line: PlacedLine, labels: readonly LabelHit[], values: readonly Block[]): Block | null {
  const next = values.find(
    (v) => v.lines.length === 1 && sameRow(v, line) && v.x0 > line.x1 - heightOf(line) && v.x0 - line.x1 < 1.2 * heightOf(line),
  );
  return next && !labels.some((l) => sameRow(l, line) && l.x0 > line.x0 && l.x0 < next.x0 && l.block.lines[0] !== line) ? next : null;
}

const pairOf = (hit: LabelHit, blocks: readonly Block[], by: Pair['by']): Pair => ({
  label: hit.label,
  hit,
  text: blocks.map((b) => b.text).join(' '),
  pieces: blocks.flatMap(wholePieces),
  by,
});

/** A line in the row of the label's middle. */
const inRow = (line: PlacedLine, hit: LabelHit): boolean =>
  Math.abs(midY(line) - midY(hit)) < 0.62 * Math.max(heightOf(line), Math.min(heightOf(hit), 1.6 * heightOf(line)));

/** The value in the cell to the right: the line in the label's row with the lines wrapped around it, or two lines astride of it. */
function valuesRight(hit: LabelHit, labels: readonly LabelHit[], values: readonly Block[]): Block[] {
  const h = heightOf(hit);
  const start = hit.x1 - 0.8 * h;
  const inMyRow = (l: LabelHit) => l !== hit && l.x0 > start && Math.abs(midY(l) - midY(hit)) < 0.6 * Math.max(heightOf(l), h);
  const nextLabel = Math.min(...labels.filter(inMyRow).map((l) => l.x0), Number.POSITIVE_INFINITY);
  const column = values
    .flatMap((v) => v.lines)
    .filter((l) => l.x0 >= start && midX(l) > hit.x1 && l.x0 < nextLabel && Math.abs(midY(l) - midY(hit)) < 6 * h)
    .sort((a, b) => a.x0 - b.x0);
  const row = column.filter((l) => inRow(l, hit));
  const first = row[0];
  const pair = astride(column, hit);
  // One of two wrapped lines may itself reach into the row: it then stands off the label's middle.
  const isOff = first !== undefined && pair.includes(first) && Math.abs(midY(first) - midY(hit)) > 0.3 * heightOf(first);
  const core: readonly PlacedLine[] = first && !isOff ? [first] : pair;
  if (!core.length) return [];
  const cell = widen(core, column, hit, labels);
  const out = [blockOf(cell)];
  for (const line of row.slice(1)) {
    const last = out[out.length - 1]!;
    if (cell.includes(line)) continue;
    if (cell.length > 1 || line.x0 - last.x1 > 2.5 * heightOf(line)) break;
    out.push(blockOf([line]));
  }
  return out;
}

/** Two lines of which one stands as much above the label's middle as the other below. */
function astride(column: readonly PlacedLine[], hit: LabelHit): PlacedLine[] {
  const far = (l: PlacedLine) => midY(l) - midY(hit);
  const near = column.filter((l) => Math.abs(far(l)) < 1.35 * heightOf(l));
  for (const upper of near.filter((l) => far(l) < 0)) {
    const lower = near.find((l) => far(l) > 0 && isAligned(upper, l) && Math.abs(far(upper) + far(l)) < 0.5 * heightOf(upper));
    if (lower) return [upper, lower];
  }
  return [];
}

const isAligned = (a: PlacedLine, b: PlacedLine): boolean =>
  Math.abs(midX(a) - midX(b)) < 0.8 * Math.max(heightOf(a), heightOf(b)) || Math.abs(a.x0 - b.x0) < 0.6 * heightOf(a);

/** Lines of one cell stand at most this share of their height apart, middle to middle. */
const MOST_PITCH = 1.85;

/** Adds a line above and one below as long as the cell stays about the label's middle and takes no other label's line. */
function widen(core: readonly PlacedLine[], column: readonly PlacedLine[], hit: LabelHit, labels: readonly LabelHit[]): PlacedLine[] {
  const cell = [...core];
  for (;;) {
    const [top, bottom] = [cell[0]!, cell[cell.length - 1]!];
    const free = (l: PlacedLine) =>
      !cell.includes(l) &&
      !labels.some((k) => k !== hit && k.x1 <= l.x0 + 0.5 * heightOf(l) && sameRow(k, l, 0.4) && k.x0 >= hit.x0 - heightOf(hit));
    const near = (a: PlacedLine, b: PlacedLine) =>
      midY(b) > midY(a) + 0.5 * heightOf(a) && midY(b) - midY(a) < MOST_PITCH * Math.max(heightOf(a), heightOf(b)) && isAligned(a, b);
    const above = column.find((l) => free(l) && near(l, top));
    const below = column.find((l) => free(l) && near(bottom, l));
    if (!above || !below) return cell;
    if (Math.abs((midY(above) + midY(below)) / 2 - midY(hit)) > 0.5 * heightOf(top)) return cell;
    cell.unshift(above);
    cell.push(below);
  }
}

/** At least so many of a row's labels must have their value under them, and this share of them. */
const LEAST_STACKED = 2;
const STACKED_SHARE = 0.6;

/** The value under a label of a row that holds nothing but labels, when most of the row's labels have one: a row of heads over a row of values. */
function stackedValue(hit: LabelHit, labels: readonly LabelHit[], values: readonly Block[]): Block | null {
  const row = labels.filter((l) => !l.inline && !l.inList && sameRow(l, hit, 0.6));
  if (row.length < LEAST_STACKED || values.some((v) => v.lines.some((l) => sameRow(l, hit, 0.6)))) return null;
  const own = row.map((l) => centredUnder(l, labels, values));
  if (own.filter((v) => v !== null).length < Math.max(LEAST_STACKED, STACKED_SHARE * row.length)) return null;
  return own[row.indexOf(hit)] ?? null;
}

/** The block that stands under a label, about its middle or at its left edge, before the next label. */
function centredUnder(hit: LabelHit, labels: readonly LabelHit[], values: readonly Block[]): Block | null {
  const below = valueBelow(hit, labels, values);
  if (!below) return null;
  const near = Math.abs(midX(below) - midX(hit)) < 1.1 * heightOf(hit) || Math.abs(below.x0 - hit.x0) < 0.6 * heightOf(hit);
  return near ? below : null;
}

/** Whether a value is set about the middle of a label. */
const isAbout = (value: Block, hit: LabelHit): boolean => Math.abs(midX(value) - midX(hit)) < heightOf(hit);

function valueBelow(hit: LabelHit, labels: readonly LabelHit[], values: readonly Block[]): Block | null {
  const h = heightOf(hit);
  const ceiling = Math.min(
    ...labels.filter((l) => l !== hit && l.y0 > hit.y0 + 0.6 * h && l.x0 < hit.x1 && l.x1 > hit.x0).map((l) => l.y0),
    hit.y1 + 3.2 * h,
  );
  const rightLabel = Math.min(
    ...labels.filter((l) => l.x0 > hit.x1 && Math.abs(midY(l) - midY(hit)) < h).map((l) => l.x0),
    hit.x1 + 12 * h,
  );
  const under = values.filter(
    (v) =>
      v.y0 > hit.y1 - 0.4 * h &&
      v.y0 < ceiling &&
      v.x1 > hit.x0 - h &&
      v.x0 < rightLabel &&
      (v.x0 > hit.x0 - 2 * h || isAbout(v, hit)) &&
      !isLatin(v.text),
  );
  const own = under.filter((v) => v.x0 < hit.x1 && v.x1 > hit.x0);
  return (own.length ? own : under).sort((a, b) => a.y0 - b.y0)[0] ?? null;
}
