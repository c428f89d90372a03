/**
 * Scanners of others against the running server:
 *   npm run test:security [-- sqlmap wapiti testssl]
 *
 * Makes a trial archive in a temporary folder, serves it over TLS with a certificate it makes, signs in and takes the routes from the served
 * openapi.json. A scanner that is not installed is skipped by name. What it finds is laid beside docs/guide/security-scan.md.
 * Ends with 1 when a finding has no answer there, when an answer there answers nothing any more, or when a scanner could not try.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serveControl } from './control.ts';
import { judge, readAnswers, type ScanFinding } from './findings.ts';
import { isInstalled } from './run-tool.ts';
import { type ScannedArchive, serveScanned } from './scanned-archive.ts';
import { runSqlmap, SQLMAP_MARK } from './sqlmap.ts';
import { findValues, getTargets, type KnownValues, type OpenApi, postTargets } from './targets.ts';
import { runTestssl } from './testssl.ts';
import { runWapiti } from './wapiti.ts';

const PAGE = resolve(import.meta.dirname, '..', '..', 'docs', 'guide', 'security-scan.md');

/** What every scanner is handed. */
interface Scan {
  readonly archive: ScannedArchive;
  readonly document: OpenApi;
  readonly known: KnownValues;
  /** Address of the server that is wrong on purpose. */
  readonly control: string;
  readonly folder: string;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a control that found nothing means: silence of this scanner proves nothing. */
const deaf = (tool: string, found: readonly ScanFinding[], code: string): ScanFinding[] =>
  found.some((f) => f.code === code) ? [] : [{ tool, code: 'control-missed', place: code, detail: 'the server that is wrong on purpose' }];

async function scanBySqlmap({ archive, document, known, control, folder }: Scan): Promise<ScanFinding[]> {
  const target = { operation: 'control', method: 'GET', address: `/?code=P1101${SQLMAP_MARK}`, body: null } as const;
  const found = deaf('sqlmap', await runSqlmap(control, '', target, folder), 'injectable');
  for (const each of [...getTargets(document, known, SQLMAP_MARK), ...postTargets(document, known, SQLMAP_MARK)]) {
    const here = await runSqlmap(archive.url, archive.cookie, each, folder);
    say(`  sqlmap ${each.operation}: ${here.length || 'nothing'}`);
    found.push(...here);
  }
  return found;
}

async function scanByWapiti({ archive, document, known, control, folder }: Scan): Promise<ScanFinding[]> {
  const wrong = await runWapiti(control, null, [], join(folder, 'control'));
  const controls = ['Cross Site Scripting', 'SQL Injection'].flatMap((code) => deaf('wapiti', wrong, code));
  return [...controls, ...(await runWapiti(archive.url, archive.cookie, getTargets(document, known, ''), folder))];
}

const SCANNERS: Readonly<Record<string, (scan: Scan) => Promise<ScanFinding[]>>> = {
  sqlmap: scanBySqlmap,
  wapiti: scanByWapiti,
  testssl: ({ archive, folder }) => runTestssl(archive.port, folder),
};

async function run(wanted: readonly string[]): Promise<boolean> {
  const unknown = wanted.filter((tool) => !(tool in SCANNERS));
  if (unknown.length) throw new Error(`no such scanner: ${unknown.join(' ')}; there are ${Object.keys(SCANNERS).join(' ')}`);
  const asked = Object.keys(SCANNERS).filter((tool) => !wanted.length || wanted.includes(tool));
  const tools = asked.filter(isInstalled);
  for (const tool of asked)
    if (!tools.includes(tool)) say(`SKIPPED ${tool}: it is not installed (Debian: ${tool === 'testssl' ? 'testssl.sh' : tool})`);
  if (!tools.length) return true;
  const folder = mkdtempSync(join(tmpdir(), 'lantai-scan-'));
  const archive = await serveScanned(folder);
  const control = await serveControl(archive.query);
  const found: ScanFinding[] = [];
  try {
    const known = await findValues(archive);
    const document = JSON.parse((await archive.ask('GET', '/openapi.json')).text) as OpenApi;
    for (const tool of tools) {
      const startMs = performance.now();
      const here = await SCANNERS[tool]!({ archive, document, known, control: control.url, folder });
      found.push(...here);
      say(`${tool}: ${here.length} findings in ${Math.round((performance.now() - startMs) / 1000)} s`);
    }
  } finally {
    await control.close();
    await archive.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return tell(found, tools);
}

function tell(found: readonly ScanFinding[], tools: readonly string[]): boolean {
  const { open, answered, stale } = judge(found, readAnswers(readFileSync(PAGE, 'utf8')), tools);
  for (const f of answered) say(`answered  ${f.tool} | ${f.code} | ${f.place}`);
  for (const f of open) say(`OPEN      ${f.tool} | ${f.code} | ${f.place} | ${f.detail}`);
  for (const a of stale) say(`STALE     ${a.tool} | ${a.code} | ${a.place}: the page answers what is not found any more`);
  return open.length === 0 && stale.length === 0;
}

process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
