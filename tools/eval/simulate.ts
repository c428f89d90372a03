// npm run eval:simulate -- --truth FILE --out FOLDER [--seed 1] [--errors 1] [--synonyms]
// Makes readings out of a truth.json of ../shared/tools/dossiergen, as recognition would give them: pieces of one row joined, pages skewed,
// characters misread (--errors times the rates measured on the samples). Costs no recognition, so other people and layouts can be tried at will.
// --synonyms gives the forms other titles that mean the same by schemes/*.yaml, on the page and in the truth.
// Writes FOLDER/readings.json for `npm run eval:propose` and FOLDER/truth.json for score.mjs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Box } from '@lantai/values';
import type { PredictedDossier, PredictedPage } from './prediction.ts';
import { chooseSynonyms, mulberry, rewordTitle } from './synonyms.ts';

interface Node {
  text: string;
  readonly hand: boolean;
  box: Box;
}
interface TruePage {
  readonly file: string;
  readonly size?: readonly [number, number];
  readonly defects: {
    readonly skew?: number;
    readonly lowDpi?: boolean;
    readonly rotated?: 0 | 90 | 180 | 270;
    readonly blank?: boolean;
    readonly duplicateOf?: string;
    readonly blur?: number;
  };
  readonly nodes: Node[];
}
interface TrueDossier {
  readonly id: string;
  readonly scheme: string;
  readonly materials: { title: string; readonly pages: readonly string[] }[];
  readonly pages: readonly TruePage[];
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    truth: { type: 'string' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    errors: { type: 'string', default: '1' },
    synonyms: { type: 'boolean', default: false },
  },
});
if (!values.truth || !values.out) {
  console.error('usage: npm run eval:simulate -- --truth FILE --out FOLDER [--seed 1] [--errors 1] [--synonyms]');
  process.exit(2);
}
/** Share of characters misread: printed and handwritten, as measured on ../shared/samples. */
const MISREAD = { print: 0.002, hand: 0.007 };
const LOOK_ALIKES = ['日曰', '己已', '末未', '土士', '人入', '大太', '厂丁', '干千', '午牛', '1I', '0O', '2Z', '8B', '5S', '63', '97'];
const errors = Number(values.errors);
const random = mulberry(Number(values.seed));
const truth = JSON.parse(readFileSync(values.truth, 'utf8')) as { dossiers: TrueDossier[] };
if (values.synonyms) for (const dossier of truth.dossiers) renameTitles(dossier);
const dossiers = truth.dossiers.map((d): PredictedDossier => ({ id: d.id, pages: d.pages.map(readPage) }));
mkdirSync(resolve(values.out), { recursive: true });
writeFileSync(join(values.out, 'readings.json'), JSON.stringify({ dossiers }));
writeFileSync(join(values.out, 'truth.json'), JSON.stringify(truth));

function readPage(page: TruePage): PredictedPage {
  const { defects } = page;
  const [width, height] = page.size ?? [2480, 3508];
  const scale = defects.lowDpi ? 0.5 : 1;
  const findings = [
    ...(defects.blank ? ['blank'] : []),
    ...(defects.duplicateOf ? ['duplicate'] : []),
    ...(defects.lowDpi ? ['low_resolution'] : []),
    ...(defects.blur ? ['blur'] : []),
  ];
  const lines = joinRows(page.nodes).map((row) => ({
    text: misread(row),
    box: onScan(row.box, defects.skew ?? 0, width, height, scale),
    confidence01: row.hand ? 0.97 : 0.995,
  }));
  return {
    file: page.file,
    orientation: defects.rotated ?? 0,
    skewDegrees: defects.skew ?? 0,
    findings,
    widthPx: width * scale,
    heightPx: height * scale,
    lines,
  };
}

/** Recognition finds lines, not the browser's text nodes: pieces of one row that nearly touch are one. */
function joinRows(nodes: readonly Node[]): Node[] {
  const rows: Node[] = [];
  for (const node of nodes) {
    const [x, y, w, h] = node.box;
    const last = rows.find(
      ({ box: b }) =>
        Math.abs(b[1] + b[3] / 2 - y - h / 2) < 0.4 * Math.min(b[3], h) && x - b[0] - b[2] < 0.75 * h && x - b[0] - b[2] > -0.3 * h,
    );
    if (!last) rows.push({ ...node, box: [x, y, w, h] });
    else {
      const [bx, by, , bh] = last.box;
      last.text += node.text;
      last.box = [bx, Math.min(by, y), x + w - bx, Math.max(by + bh, y + h) - Math.min(by, y)];
    }
  }
  return rows;
}

function misread({ text, hand }: Node): string {
  const rate = errors * (hand ? MISREAD.hand : MISREAD.print);
  return [...text]
    .map((char) => {
      if (random() >= rate) return char;
      const like = LOOK_ALIKES.find((pair) => pair.includes(char));
      if (like) return [...like].find((c) => c !== char) ?? char;
      return random() < 0.5 ? '' : '口';
    })
    .join('');
}

function onScan([x, y, w, h]: Box, skewDegrees: number, width: number, height: number, scale: number): Box {
  const angle = (skewDegrees * Math.PI) / 180;
  const [dx, dy] = [x + w / 2 - width / 2, y + h / 2 - height / 2];
  const cx = dx * Math.cos(angle) - dy * Math.sin(angle) + width / 2;
  const cy = dx * Math.sin(angle) + dy * Math.cos(angle) + height / 2;
  return [(cx - w / 2) * scale, (cy - h / 2) * scale, w * scale, h * scale];
}

/** Gives each material whose title stands on one piece of its first or last page another wording of the same title. */
function renameTitles(dossier: TrueDossier): void {
  for (const [material, other] of chooseSynonyms(join(root, 'schemes'), dossier, random)) {
    const page = dossier.pages.find((p) => p.file === material.pages.at(-1) || p.file === material.pages[0]);
    if (page && rewordTitle(page.nodes, material.title, other)) material.title = other;
  }
}
