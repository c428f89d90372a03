import { foldWithPlaces } from './fold.ts';
import { type Area, type Block, blockOf, findBlocks, heightOf, midX, midY, type PageLayout, type PlacedLine, sameRow } from './layout.ts';
import type { PageWords } from './page-words.ts';

/** A label found on a page. */
export interface LabelHit extends Area {
  /** Folded. */
  readonly label: string;
  readonly block: Block;
  /** The value that follows the label in its own line: offsets in the line's text; null when the line is the label alone. */
  readonly inline: { readonly line: PlacedLine; readonly start: number; readonly end: number } | null;
  /** Whether it heads a column of a list of relatives or posts. */
  readonly inList: boolean;
  /** Whether its words are not quite those of the label: one may be misread, or it is another label. */
  readonly isNear: boolean;
}

/** Every wording of a label, for look-up. */
export interface LabelBook {
  readonly all: ReadonlySet<string>;
  readonly longest: number;
  readonly listHeads: ReadonlySet<string>;
  /** Whether a text can only be a label, not a value; what a form keeps as values (群众) never is one. */
  readonly isLabel: (folded: string) => boolean;
  /** The label a whole cell means, also with one character misread or lost; null when it means none, or two. */
  readonly nameOf: (folded: string) => string | null;
}

/** Labels shorter than this are never guessed: two characters of three would do. */
const SHORTEST_GUESS = 4;
const HOLE = '\u0000';

/** Every label with each of its characters taken out or left open, for finding it with one misread. */
function nearLabels(all: ReadonlySet<string>): Map<string, string | null> {
  const near = new Map<string, string | null>();
  const put = (key: string, label: string) => near.set(key, near.has(key) && near.get(key) !== label ? null : label);
  for (const label of all) {
    if (label.length < SHORTEST_GUESS) continue;
    for (let i = 0; i < label.length; i++) {
      put(`${label.slice(0, i)}${HOLE}${label.slice(i + 1)}`, label);
      if (label.length > SHORTEST_GUESS) put(label.slice(0, i) + label.slice(i + 1), label);
    }
  }
  return near;
}

function nameIn(all: ReadonlySet<string>, near: ReadonlyMap<string, string | null>, folded: string): string | null {
  if (all.has(folded)) return folded;
  if (folded.length < SHORTEST_GUESS || folded.length > 12 || /\d/.test(folded)) return null;
  const lost = near.get(folded);
  if (lost) return lost;
  const found = new Set<string>();
  for (let i = 0; i < folded.length; i++) {
    const label = near.get(`${folded.slice(0, i)}${HOLE}${folded.slice(i + 1)}`);
    if (label) found.add(label);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

/** Prepares the labels of all fields and forms. */
export function labelBook(words: PageWords): LabelBook {
  const all = new Set<string>([...words.otherLabels, ...words.listHeads, ...words.filledLabels]);
  for (const field of words.fields.values()) for (const label of field.labels) all.add(label);
  for (const form of [...words.forms, words.defaultForm])
    for (const field of form.fields) for (const label of field.labels ?? []) all.add(label);
  all.delete('');
  const near = nearLabels(all);
  return {
    all,
    longest: Math.max(...[...all].map((l) => l.length)),
    listHeads: new Set(words.listHeads),
    isLabel: (folded) => nameIn(all, near, folded) !== null,
    nameOf: (folded) => nameIn(all, near, folded),
  };
}

/** A heading of a column that is broken over two cells' width: 姓 名 read as two lines. */
function joinSplit(lines: readonly PlacedLine[], book: LabelBook): { joined: Block[]; used: Set<PlacedLine> } {
  const joined: Block[] = [];
  const used = new Set<PlacedLine>();
  const short = lines.filter((l) => l.folded.length >= 1 && l.folded.length <= 2).sort((a, b) => midX(a) - midX(b));
  for (const first of short) {
    if (used.has(first) || (first.folded.length > 1 && book.isLabel(first.folded))) continue;
    const run = [first];
    for (const l of short) {
      const last = run[run.length - 1]!;
      if (run.length < 4 && midX(l) > midX(last) && l.x1 > last.x1 && sameRow(last, l) && l.x0 - last.x1 < 4 * heightOf(l) && !used.has(l))
        run.push(l);
    }
    for (let n = run.length; n >= 2; n--) {
      const part = run.slice(0, n);
      if (!book.isLabel(part.map((l) => l.folded).join(''))) continue;
      joined.push(blockOf(part));
      for (const l of part) used.add(l);
      break;
    }
  }
  return { joined, used };
}

/** Lines of one label stand at most this share of their height apart, middle to middle: cells of forms are set loosely. */
const LABEL_PITCH = 2.1;
const LABEL_LINES_MAX = 3;

/** Labels broken over the lines of a cell, further apart than {@link findBlocks} joins lines: 参加革命 over 工作时间. Two whole labels are two cells. */
function joinWrapped(lines: readonly PlacedLine[], book: LabelBook): Block[] {
  const out: Block[] = [];
  const used = new Set<PlacedLine>();
  const under = (a: PlacedLine) =>
    lines.find((b) => {
      const [pitch, h] = [midY(b) - midY(a), Math.max(heightOf(a), heightOf(b))];
      return (
        !used.has(b) &&
        pitch > 0.6 * h &&
        pitch < LABEL_PITCH * h &&
        (Math.abs(midX(a) - midX(b)) < 0.5 * h || Math.abs(a.x0 - b.x0) < 0.5 * h)
      );
    });
  for (const first of lines) {
    if (used.has(first) || !first.folded || first.folded.length > 8) continue;
    const run = [first];
    for (let next = under(first); next && run.length < LABEL_LINES_MAX; next = under(next)) run.push(next);
    for (let n = run.length; n >= 2; n--) {
      const part = run.slice(0, n);
      const whole = part.filter((l) => l.folded.length > 1 && book.all.has(l.folded));
      if (whole.length === n || !book.all.has(part.map((l) => l.folded).join(''))) continue;
      out.push(blockOf(part));
      for (const l of part) used.add(l);
      break;
    }
  }
  return out;
}

/** Blocks of a page and the labels among them. */
export interface LabelledPage {
  readonly page: PageLayout;
  readonly labels: readonly LabelHit[];
  /** Blocks that are no labels: values, sentences, headings. */
  readonly values: readonly Block[];
}

/** Finds the labels of a page: whole cells, cells broken over lines, and labels with a colon inside a line. */
export function findLabels(page: PageLayout, book: LabelBook): LabelledPage {
  const { joined: split, used } = joinSplit(page.lines, book);
  const wrapped = joinWrapped(
    page.lines.filter((l) => !used.has(l)),
    book,
  );
  for (const block of wrapped) for (const line of block.lines) used.add(line);
  const joined = [...split, ...wrapped];
  const free = { ...page, lines: page.lines.filter((l) => !used.has(l)).flatMap((l) => splitAtLabel(l, book)) };
  const isNumbered = isQuestionnaire(page.lines, book);
  const labels: LabelHit[] = joined.map((block) => whole(block, book));
  const values: Block[] = [];
  for (const block of findBlocks(free, (folded) => book.all.has(folded))) {
    if (book.isLabel(block.folded)) labels.push(whole(block, book));
    else if (block.lines.length > 1 && block.lines.some((l) => book.isLabel(l.folded)))
      for (const line of block.lines) book.isLabel(line.folded) ? labels.push(whole(blockOf([line]), book)) : values.push(blockOf([line]));
    else {
      const inline = block.lines.flatMap((line) => inlineLabels(line, book, isNumbered));
      labels.push(...inline);
      if (!inline.length) values.push(block);
    }
  }
  return { page, labels: markLists(labels, book), values };
}

const whole = (block: Block, book: LabelBook): LabelHit => ({
  ...areaOf(block),
  label: book.nameOf(block.folded) ?? block.folded,
  block,
  inline: null,
  inList: false,
  isNear: !book.all.has(block.folded),
});
/** A label of this length that ends a short line after a figure or a sex is the next cell's, read into one line with the value before it. */
const LEAST_JOINED = 4;
const MOST_JOINED = 16;

function splitAtLabel(line: PlacedLine, book: LabelBook): PlacedLine[] {
  if (line.folded.length > MOST_JOINED || book.all.has(line.folded)) return [line];
  for (let n = Math.min(book.longest, line.folded.length - 1); n >= LEAST_JOINED; n--) {
    const at = line.at[line.folded.length - n];
    if (at === undefined || !book.all.has(line.folded.slice(-n)) || !/[\d年月日岁男女]\s*$/u.test(line.text.slice(0, at))) continue;
    return [partOf(line, 0, at), partOf(line, at, line.text.length)];
  }
  return [line];
}

/** A part of a line as a line of its own; the box by the share of characters. */
function partOf(line: PlacedLine, start: number, end: number): PlacedLine {
  const text = line.text.slice(start, end);
  const { text: folded, at } = foldWithPlaces(text);
  const x = (offset: number) => line.x0 + ((line.x1 - line.x0) * offset) / Math.max(1, line.text.length);
  const [left, top, width, height] = line.line.box;
  const scale = width / Math.max(1, line.text.length);
  const candidates = (line.line.candidates ?? []).filter((c) => c.at >= start && c.at < end).map((c) => ({ ...c, at: c.at - start }));
  const box = [left + scale * start, top, scale * (end - start), height] as const;
  return { ...line, text, folded, at, x0: x(start), x1: x(end), line: { ...line.line, text, box, candidates } };
}

const areaOf = ({ x0, x1, y0, y1 }: Area): Area => ({ x0, x1, y0, y1 });

/** Labels that a colon parts from their value in one line; a label that ends the line has its value elsewhere. */
function inlineLabels(line: PlacedLine, book: LabelBook, isNumbered: boolean): LabelHit[] {
  const starts: { label: string; from: number; valueAt: number }[] = [];
  const numbered = isNumbered ? numberedLabel(line, book) : null;
  if (numbered) starts.push(numbered);
  for (let i = numbered ? numbered.after : 0; i < line.folded.length; i++) {
    const found = labelAt(line, i, book);
    if (!found) continue;
    starts.push(found);
    i += found.label.length - 1;
  }
  return starts.map((s, n) => {
    const end = starts[n + 1]?.from ?? line.text.length;
    const x = (offset: number) => line.x0 + ((line.x1 - line.x0) * offset) / Math.max(1, line.text.length);
    const rest = line.text.slice(s.valueAt, end);
    const inline = /[\p{L}\p{N}]/u.test(rest) ? { line, start: s.valueAt, end } : null;
    const area = { x0: x(s.from), x1: inline ? x(s.valueAt) : x(end), y0: line.y0, y1: line.y1 };
    return { ...area, label: s.label, block: blockOf([line]), inline, inList: false, isNear: false };
  });
}

/** Items that begin with a label and stand close below one another are the questions of a form; clauses of a contract (三、岗位纪律) have their words between. */
const LEAST_CLOSE = 2;
const CLOSE_PITCH = 3.5;

function isQuestionnaire(lines: readonly PlacedLine[], book: LabelBook): boolean {
  const items = lines.filter((l) => numberedLabel(l, book)).sort((a, b) => midY(a) - midY(b));
  const close = items.filter((l, i) => i > 0 && midY(l) - midY(items[i - 1]!) < CLOSE_PITCH * heightOf(l));
  return close.length >= LEAST_CLOSE;
}

/** The number of an item before its label: 1．姓名, 三、籍贯. */
const ITEM = /^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[．.、,，)）]\s*(?=\p{Script=Han})/u;

/** The label of a numbered item; what follows it in the line is its value, colon or not. */
function numberedLabel(line: PlacedLine, book: LabelBook): { label: string; from: number; valueAt: number; after: number } | null {
  const item = ITEM.exec(line.text);
  if (!item) return null;
  const first = line.at.findIndex((at) => at >= item[0].length);
  if (first < 0) return null;
  for (let n = Math.min(book.longest, line.folded.length - first); n >= 2; n--) {
    const label = line.folded.slice(first, first + n);
    if (!book.all.has(label)) continue;
    const last = line.at[first + n - 1]! + 1;
    const colon = /^\s*[:：]/.exec(line.text.slice(last))?.[0].length ?? 0;
    return { label, from: line.at[first]!, valueAt: last + colon, after: first + n };
  }
  return null;
}

function labelAt(line: PlacedLine, i: number, book: LabelBook): { label: string; from: number; valueAt: number } | null {
  const from = line.at[i]!;
  for (let n = Math.min(book.longest, line.folded.length - i); n >= 2; n--) {
    const label = line.folded.slice(i, i + n);
    if (!book.all.has(label)) continue;
    const after = line.at[i + n] ?? line.text.length;
    const between = line.text.slice(line.at[i + n - 1]! + 1, after);
    if (/[:：]/.test(between)) return { label, from, valueAt: line.at[i + n - 1]! + 1 + between.search(/[:：]/) + 1 };
    if (i === 0 && n >= 3 && i + n < line.folded.length && startsValue(line.text.slice(after))) return { label, from, valueAt: after };
  }
  return null;
}

/** What may follow a label without a colon: digits, since a word could be the label's own end. */
const startsValue = (rest: string): boolean => /^\d{2}/.test(rest);

/** Marks the heads of lists: every label in a row that holds a word which only such lists have, when nothing but labels stands there. */
function markLists(labels: readonly LabelHit[], book: LabelBook): LabelHit[] {
  const heads = labels.filter((l) => !l.inline && book.listHeads.has(l.label));
  return labels.map((l) => {
    const inList = !l.inline && heads.some((h) => Math.abs(midY(h) - midY(l)) < 0.5 * Math.max(heightOf(h), heightOf(l)));
    return inList ? { ...l, inList } : l;
  });
}
