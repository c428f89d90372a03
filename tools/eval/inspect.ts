// npm run eval:inspect -- --data DIR [--truth FILE] [--read] [--list] [--each]
// Scores the page checks: measures and judges every scan of a folder of dossier folders and compares with its truth.json, by default DIR/truth.json.
// Without --read no network runs: turns and lines are taken from the truth, and sheets scanned twice are not looked for. With it pages are read as the product reads them.
// --list names the pages that are judged wrongly; --each prints every page's findings (for folders without a truth, such as photographs).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOcrEngine, decodePage } from '@lantai/ocr-onnx';
import { estimateSkewDegrees, isSameSheet, type Reading, viewScan } from '@lantai/reading';
import { countWriting, DEFAULT_LIMITS, judgePage, measurePage } from '@lantai/reading/inspection';
import { type Finding, isArchiveError } from '@lantai/values';

/** Names of the faults in truth.json, and of the findings that speak of them. */
const FAULTS = { blank: 'blank', blur: 'blur', lowDpi: 'low_resolution', blackBorder: 'black_border', duplicateOf: 'duplicate' } as const;

interface TruePage {
  readonly file: string;
  readonly defects: Readonly<Record<string, unknown>> & { readonly skew?: number; readonly rotated?: 0 | 90 | 180 | 270 };
  readonly nodes: readonly unknown[];
}
interface Score {
  found: number;
  missed: number;
  wrong: number;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    truth: { type: 'string' },
    read: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    each: { type: 'boolean', default: false },
    models: { type: 'string', default: join(root, 'dist/models') },
  },
});
if (!values.data) {
  console.error('usage: npm run eval:inspect -- --data DIR [--truth FILE] [--read] [--list] [--each]');
  process.exit(2);
}
const data = resolve(values.data);
const engine = values.read ? await createOcrEngine({ modelFolder: values.models }) : null;
let inspectMs = 0;
let readMs = 0;
let pageCount = 0;
const truthFile = values.truth ? resolve(values.truth) : join(data, 'truth.json');
if (existsSync(truthFile)) await scoreTruth();
else for (const file of listImages(data)) await showOne(file);
await engine?.close();
const perPage = (ms: number) => Math.round(ms / Math.max(1, pageCount));
console.log(
  `${pageCount} pages, inspection ${perPage(inspectMs)} ms of CPU a page${engine ? `, reading ${perPage(readMs)} ms with decoding` : ''}`,
);

async function scoreTruth(): Promise<void> {
  const scores = new Map<string, Score>(Object.values(FAULTS).map((code) => [code, { found: 0, missed: 0, wrong: 0 }]));
  const others = new Map<string, number>();
  const skewErrors: number[] = [];
  const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as { dossiers: readonly { readonly pages: readonly TruePage[] }[] };
  for (const dossier of truth.dossiers) {
    const before: Reading[] = [];
    for (const page of dossier.pages) {
      if (!existsSync(join(data, page.file))) continue;
      const { findings, skewDegrees, reading } = await inspect(page.file, page);
      const codes = new Set(findings.map((f) => f.code));
      if (reading && before.some((r) => isSameSheet(r, reading))) codes.add('duplicate');
      if (reading) before.push(reading);
      if (!page.defects.blank) skewErrors.push(Math.abs(skewDegrees - (page.defects.skew ?? 0)));
      if (values.each) show(page.file, findings);
      for (const [fault, code] of Object.entries(FAULTS))
        count(scores.get(code)!, page, code, Boolean(page.defects[fault]), codes.has(code));
      for (const code of codes) if (!scores.has(code)) others.set(code, (others.get(code) ?? 0) + 1);
    }
  }
  for (const [code, s] of scores) {
    if (code === 'duplicate' && !engine) continue;
    const f1 = s.found ? (2 * s.found) / (2 * s.found + s.missed + s.wrong) : s.missed + s.wrong ? 0 : 1;
    console.log(`${code.padEnd(15)} F1 ${(f1 * 100).toFixed(1)} %   found ${s.found} of ${s.found + s.missed}, false ${s.wrong}`);
  }
  console.log(`skew error ${(skewErrors.reduce((a, b) => a + b, 0) / Math.max(1, skewErrors.length)).toFixed(3)}° on average`);
  console.log(`said besides: ${[...others].map(([code, n]) => `${code} ${n}`).join(', ') || 'nothing'}`);
}

function count(score: Score, page: TruePage, code: string, is: boolean, said: boolean): void {
  if (is && said) score.found++;
  else if (is) score.missed++;
  else if (said) score.wrong++;
  if (values.list && is !== said && (code !== 'duplicate' || engine))
    console.log(`${is ? 'missed' : 'wrong '} ${code} ${page.file} ${JSON.stringify(page.defects)}`);
}

async function inspect(
  file: string,
  page: TruePage | null,
): Promise<{ findings: Finding[]; skewDegrees: number; reading: Reading | null }> {
  const bytes = readFileSync(join(data, file));
  const decoded = await decodePage(bytes);
  const start = process.cpuUsage();
  const view = viewScan(decoded.image);
  const measures = measurePage(view, decoded);
  inspectMs += spent(start);
  pageCount++;
  if (values.each) console.log(file, JSON.stringify(measures));
  if (engine) {
    const from = process.cpuUsage();
    const reading = await engine.read({ bytes });
    readMs += spent(from);
    const seen = { orientation: reading.orientation, skewDegrees: reading.skewDegrees, lineCount: countWriting(reading.lines) };
    return { findings: judgePage(measures, seen, DEFAULT_LIMITS), skewDegrees: reading.skewDegrees, reading };
  }
  const skewDegrees = estimateSkewDegrees(view.ink);
  const seen = { orientation: page?.defects.rotated ?? 0, skewDegrees, lineCount: page?.nodes.length ?? 0 } as const;
  return { findings: judgePage(measures, seen, DEFAULT_LIMITS), skewDegrees, reading: null };
}

function spent(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

function show(file: string, findings: readonly Finding[]): void {
  console.log(`${file}: ${findings.map((f) => `${f.code} ${JSON.stringify(f.params)}`).join('; ') || '–'}`);
}

/** A picture without a truth; one that the reader's decoder does not take is said to be such. */
async function showOne(file: string): Promise<void> {
  try {
    show(file, (await inspect(file, null)).findings);
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    console.log(`${file}: ${error.code}`);
  }
}

function listImages(folder: string, under = ''): string[] {
  return readdirSync(join(folder, under))
    .sort()
    .flatMap((name) => {
      const file = join(under, name);
      if (statSync(join(folder, file)).isDirectory()) return listImages(folder, file);
      return /\.(jpe?g|png|tiff?|webp)$/i.test(name) ? [file] : [];
    });
}
