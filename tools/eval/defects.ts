// npm run eval:defects -- --data DIR [--data DIR] [--seed 1] [--each 60] [--kinds a,b] [--no-pairs] [--list] [--keep FOLDER]
// Plants defects of scanners and phones on clean pages, judges the pages with the product's own checks and prints precision, recall and F1 of each code.
// DIR is a folder of ../shared/tools/dossiergen with its truth.json; its clean pages are used. The same seed plants the same defects.
// Stopped (SIGTERM), it prints what it has. Blank pages, pages with few words and pairs are read by the networks; elsewhere the truth says how the page is turned. --list names what is judged wrongly.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOcrEngine, decodePage } from '@lantai/ocr-onnx';
import { findSameness, type Reading, viewScan } from '@lantai/reading';
import { countWriting, DEFAULT_LIMITS, isBackOf, judgePage, measurePage } from '@lantai/reading/inspection';
import { Chance } from './defects/chance.ts';
import { CLEAN, KINDS, PAIRS, type Planted, plant, plantSecond } from './defects/kinds.ts';
import { Scores } from './defects/scores.ts';
import { listSources, type SourcePage } from './defects/source.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '60' },
    clean: { type: 'string', default: '20' },
    kinds: { type: 'string' },
    'no-pairs': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    keep: { type: 'string' },
    models: { type: 'string', default: join(root, 'dist/models') },
  },
});
if (!values.data?.length) {
  console.error(
    'usage: npm run eval:defects -- --data DIR [--data DIR] [--seed 1] [--each 60] [--clean 20] [--kinds a,b] [--no-pairs] [--list]',
  );
  process.exit(2);
}
const sources = values.data.flatMap((d) => listSources(resolve(d)));
if (!sources.length) throw new Error('no clean page');
const engine = await createOcrEngine({ modelFolder: values.models });
const readings = new Map<string, Reading>();
const scores = new Scores(values.list);
process.once('SIGTERM', () => {
  scores.print();
  process.exit(1);
});
const wanted = values.kinds?.split(',').map((k) => k.trim());
const isWanted = (name: string) => !wanted || wanted.some((w) => name.startsWith(w));
for (const [name, kind] of Object.entries(KINDS)) if (isWanted(name)) await run(name, kind, Number(values.each));
for (const [name, kind] of Object.entries(CLEAN)) if (isWanted(name)) await run(name, kind, Number(values.clean));
if (!values['no-pairs']) {
  for (const [name, { expects }] of Object.entries(PAIRS))
    if (isWanted(name)) await runPairs(name, Number(expects ? values.each : values.clean));
  if (isWanted('look alike')) await runLookAlikes();
}
await engine.close();
scores.print();
process.exit(0);

async function run(name: string, kind: Parameters<typeof plant>[1], count: number): Promise<void> {
  // One seed for each kind: a kind more or less changes no other.
  const own = new Chance(Number(values.seed) * 7919 + name.length * 31 + [...name].reduce((sum, c) => sum * 33 + c.charCodeAt(0), 7));
  for (let made = 0, tries = 0; made < count && tries < count * 12; tries++) {
    const planted = await plant(name, kind, own.pick(sources), own);
    if (!planted) continue;
    keep(`${name}-${made}`, planted.bytes);
    scores.page(`${name} ${made} ${planted.source.path}`, planted, ...(await judge(planted)));
    made++;
  }
}

async function judge(planted: Planted): Promise<[Set<string>, object]> {
  const decoded = await decodePage(planted.bytes);
  const measures = measurePage(viewScan(decoded.image), decoded);
  const reading = planted.isRead ? await engine.read({ bytes: planted.bytes }) : null;
  const seen = reading
    ? { orientation: reading.orientation, skewDegrees: reading.skewDegrees, lineCount: countWriting(reading.lines) }
    : { orientation: planted.source.orientation, skewDegrees: 0, lineCount: planted.source.writing.length };
  const found = judgePage(reading?.measures ?? measures, seen, DEFAULT_LIMITS);
  return [new Set(found.map((f) => f.code)), { ...measures, faintDigest: '', lines: seen.lineCount }];
}

async function runPairs(name: string, count: number): Promise<void> {
  const own = new Chance(Number(values.seed) * 104729 + name.length);
  const upright = sources.filter((s) => s.orientation === 0 && s.writing.length >= 8);
  const expects = PAIRS[name]?.expects ?? null;
  for (let i = 0; i < count; i++) {
    const source = own.pick(upright);
    const other = own.pick(upright.filter((s) => s.path !== source.path));
    const bytes = await plantSecond(name, source, other, own);
    keep(`${name}-${i}`, bytes);
    scores.pair(name, `${name} ${i} ${source.path}`, expects, said(await readSource(source), await engine.read({ bytes })));
  }
}

/** A page as it was scanned is read once. */
async function readSource(source: SourcePage): Promise<Reading> {
  const known = readings.get(source.path) ?? (await engine.read({ bytes: readFileSync(source.path) }));
  readings.set(source.path, known);
  return known;
}

/** What the archive would say of the second of two neighbours. */
function said(first: Reading, second: Reading): string | null {
  const sameness = findSameness(first, second);
  if (sameness) return sameness === 'same' ? 'duplicate' : 'near_duplicate';
  return isBackOf(second, first) || isBackOf(first, second) ? 'back_face' : null;
}

/** Every page against every other of the data: the same form of another year or of another person must not be taken for the same sheet. */
async function runLookAlikes(): Promise<void> {
  const read: Reading[] = [];
  for (const source of sources) read.push(await readSource(source));
  for (let i = 0; i < read.length; i++)
    for (let k = i + 1; k < read.length; k++)
      scores.pair('look alike', `look alike ${sources[i]!.path} ${sources[k]!.path}`, null, sameOf(read[i]!, read[k]!));
}

const sameOf = (a: Reading, b: Reading) => {
  const sameness = findSameness(a, b);
  return sameness && (sameness === 'same' ? 'duplicate' : 'near_duplicate');
};

function keep(name: string, bytes: Uint8Array): void {
  if (!values.keep) return;
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${name.replaceAll(/[ ,]+/g, '-')}.jpg`), bytes);
}
