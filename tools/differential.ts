import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alterBytes, alterText, makeDice } from './second-verifier/altered.ts';
import { bundleByLantai, bundlesByPython, receiptByLantai, receiptsByPython, WRONG_IN_LANTAI } from './second-verifier/ask.ts';
import { bundleCases } from './second-verifier/bundle-cases.ts';
import { receiptCases } from './second-verifier/receipt-cases.ts';

/**
 * Holds the two verifiers together on what the real product makes: `npm run differential [-- --cases N --seed S]`. For each suite a trial archive
 * is made by the built CLI, files are imported, a receipt and two packs made; each is checked by `lantai verify` and by tools/check as commands, then
 * altered N times and judged by both. Exit code 1 when any two verdicts differ. Takes minutes; needs a build and python3.
 */

const CLI = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url));
const CHECK = fileURLToPath(new URL('check/check.py', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../samples/P1101', import.meta.url));

const numberAfter = (name: string, otherwise: number) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const caseCount = numberAfter('--cases', 300);
const roll = makeDice(numberAfter('--seed', Date.now() % 100_000));

let differCount = 0;
let caseTotal = 0;

/** Counts one case and shows it when the verdicts differ. */
function compare(name: string, first: unknown, second: unknown): void {
  caseTotal += 1;
  if (JSON.stringify(first) === JSON.stringify(second)) return;
  differCount += 1;
  console.log(`differ: ${name}\n  lantai ${JSON.stringify(first).slice(0, 600)}\n  python ${JSON.stringify(second).slice(0, 600)}`);
}

/** The exit codes of both commands. */
function exitCodes(thing: readonly string[], keys: readonly string[]): [number | null, number | null] {
  const kind = thing[0]!.endsWith('.zip') ? 'bundle' : 'receipt';
  const first = spawnSync('node', [CLI, 'verify', ...thing, ...keys]);
  const second = spawnSync('python3', [CHECK, kind, ...thing, ...keys]);
  return [first.status, second.status];
}

/** Makes an archive of a suite in a folder: a receipt with its page, an audit pack, an evidence pack. */
function makeArchive(folder: string, suite: string): void {
  const env = { ...process.env, LANTAI_DATA: join(folder, 'data'), LANTAI_READERS: '0', LANTAI_LANG: 'en' };
  const run = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('node', [CLI, ...args], { cwd: folder, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`lantai ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  run('init', '--trial', '--suite', suite, '--fonds', 'Z109', '--fonds-name', '甲');
  run('import', SAMPLE, '--dossier', 'P1101', '--no-read', '--name', '甲');
  const { pages } = JSON.parse(run('show', 'P1101', '--json').split('\n')[0]!) as { pages: { pageId: string }[] };
  // No page was read: nobody knows what is sensitive in them, and a pack asks why they leave.
  run('audit-pack', join(folder, 'pack.zip'), '--dossier', 'P1101', '--allow-sensitive', '--reason', 'compared by two verifiers');
  run('audit-pack', join(folder, 'evidence.zip'), '--dossier', 'P1101', '--no-contents');
  run('receipt', pages[0]!.pageId, '--out', join(folder, 'page.tlog-proof'), '--file', join(folder, 'page.jpg'));
}

/** Both verifiers on everything of one archive. */
async function compareArchive(folder: string, suite: string): Promise<void> {
  const path = (name: string) => join(folder, name);
  const keyFile = join(folder, 'data', 'log.vkey');
  const keys = readFileSync(keyFile, 'utf8').trim().split('\n');
  writeFileSync(path('other.jpg'), 'another');
  writeFileSync(path('cut.zip'), readFileSync(path('pack.zip')).subarray(0, -1));
  const things = [
    ['page.tlog-proof'],
    ['page.tlog-proof', 'page.jpg'],
    ['page.tlog-proof', 'other.jpg'],
    ['pack.zip'],
    ['evidence.zip'],
    ['cut.zip'],
  ];
  for (const thing of things) {
    for (const given of [[], ['--key', keyFile]]) {
      const [first, second] = exitCodes(thing.map(path), given);
      compare(`${suite}: exit code of ${thing.join(' ')} ${given.length > 0 ? 'with' : 'without'} keys`, first, second);
    }
  }
  const receipt = readFileSync(path('page.tlog-proof'), 'utf8');
  const file = readFileSync(path('page.jpg')).toString('hex');
  const receipts = Array.from({ length: caseCount }, (_, n) => ({
    receipt: alterText(receipt, roll),
    keys,
    ...(n % 10 === 0 ? { file } : {}),
  }));
  const judged = receiptsByPython(receipts);
  for (const [i, question] of receipts.entries())
    compare(`${suite}: a receipt altered\n${question.receipt}`, receiptByLantai(question), judged[i]);
  const evidence = readFileSync(path('evidence.zip'));
  const zips = Array.from({ length: caseCount }, () => ({ zip: alterBytes(evidence, roll).toString('base64'), keys }));
  const verdicts = bundlesByPython(zips);
  for (const [i, question] of zips.entries())
    compare(`${suite}: an evidence pack altered, case ${i}`, await bundleByLantai(question), verdicts[i]);
}

/** Both verifiers on what is wrong in one field and signed rightly in every other. */
async function compareCrafted(): Promise<void> {
  const receipts = receiptCases();
  const byPython = receiptsByPython(receipts);
  for (const [i, one] of receipts.entries()) compare(one.name, receiptByLantai(one), byPython[i]);
  const bundles = bundleCases().filter((one) => !(one.name in WRONG_IN_LANTAI));
  const judged = bundlesByPython(bundles);
  for (const [i, one] of bundles.entries()) compare(one.name, await bundleByLantai(one), judged[i]);
}

await compareCrafted();
for (const suite of ['intl', 'gm']) {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-differential-'));
  try {
    makeArchive(folder, suite);
    await compareArchive(folder, suite);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${caseTotal} cases, ${differCount} differ`);
process.exitCode = differCount > 0 ? 1 : 0;
