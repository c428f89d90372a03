import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanFinding } from './findings.ts';
import { runTool } from './run-tool.ts';
import type { ScanTarget } from './targets.ts';

/** Stated in docs/guide/security-scan.md: what is tried and how hard. */
const LEVEL = ['--level=1', '--risk=1'];
const TARGET_MS = 900_000;

/** Where sqlmap puts its payloads. */
export const SQLMAP_MARK = '*';

/**
 * Tries one operation with sqlmap.
 * @param base `https://host:port`
 * @param cookie session of somebody who may
 */
export async function runSqlmap(base: string, cookie: string, target: ScanTarget, folder: string): Promise<ScanFinding[]> {
  const own = join(folder, `sqlmap-${target.operation}`);
  mkdirSync(own, { recursive: true });
  const args = [
    ...['-u', base + target.address, `--method=${target.method}`, `--output-dir=${own}`],
    ...['--batch', '--flush-session', '--disable-coloring', '--dbms=PostgreSQL', '--keep-alive', '--time-sec=3', ...LEVEL],
    // Refusals are answers here: what a strict schema does not take is refused before any statement.
    ...['--ignore-code=*', '--drop-set-cookie', '-H', 'Accept: application/json', '-H', `Cookie: ${cookie}`],
    ...(target.body === null ? [] : [`--data=${target.body}`, '-H', 'Content-Type: application/json']),
  ];
  const { output, exitCode, isOverdue } = await runTool('sqlmap', args, TARGET_MS, own);
  return readSqlmap(target.operation, output, exitCode === 0 && !isOverdue);
}

/**
 * What sqlmap's words say: parameters that take statements, and whatever kept it from trying.
 * @param isEnded it came to its end by itself
 */
export function readSqlmap(operation: string, output: string, isEnded: boolean): ScanFinding[] {
  const finding = (code: string, place: string, detail: string): ScanFinding => ({ tool: 'sqlmap', code, place, detail });
  const found: ScanFinding[] = [];
  for (const [, parameter = '', way = ''] of output.matchAll(/^Parameter: (.+?)$[\s\S]*?^ {4}Type: (.+)$/gm))
    found.push(finding('injectable', `${operation} ${parameter}`, way));
  // A 500 that only a payload brings may be a statement that broke.
  const broken = /\b50[0-9] \([^)]*\) - (\d+) times/.exec(output);
  if (broken) found.push(finding('server-error', operation, broken[0]));
  const throttled = /\b429 \([^)]*\) - (\d+) times/.exec(output);
  if (throttled) found.push(finding('not-tried', operation, throttled[0]));
  if (!isEnded || !/all tested parameters do not appear to be injectable|identified the following injection point/.test(output))
    found.push(finding('not-tried', operation, output.trim().split('\n').slice(-3).join(' ').slice(0, 300)));
  return found;
}
