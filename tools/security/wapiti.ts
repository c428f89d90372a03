import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf, type ScanFinding } from './findings.ts';
import { runTool } from './run-tool.ts';
import type { ScanTarget } from './targets.ts';

const MODULES =
  'backup,blindsql,brute_login_form,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,xss';
const SCAN_SECONDS = 900;

/**
 * Crawls the web page and alters the parameters of the API's addresses with wapiti.
 * @param base `https://host:port`
 * @param cookie `name=value` of a session of somebody who may; null: nobody is signed in
 */
export async function runWapiti(
  base: string,
  cookie: string | null,
  targets: readonly ScanTarget[],
  folder: string,
): Promise<ScanFinding[]> {
  const own = join(folder, 'wapiti');
  mkdirSync(own, { recursive: true });
  const report = join(own, 'report.json');
  const cookies = join(own, 'cookies.json');
  if (cookie) writeFileSync(cookies, JSON.stringify(cookieJar(cookie)));
  const starts = targets.filter((t) => t.method === 'GET').flatMap((t) => ['-s', base + t.address]);
  const limits = ['--max-scan-time', '60', '--max-attack-time', '30', '-t', '10', '-d', '3'];
  const store = ['--store-session', own, '--store-config', own, '--flush-session', '--no-bugreport', '-f', 'json', '-o', report];
  const args = ['-u', `${base}/`, ...starts, ...(cookie ? ['-c', cookies] : []), '-m', MODULES, '--verify-ssl', '0', '-v', '1'];
  const { output, isOverdue } = await runTool('wapiti', [...args, ...limits, ...store], SCAN_SECONDS * 1000, own);
  if (isOverdue || !existsSync(report))
    return [{ tool: 'wapiti', code: 'not-tried', place: '/', detail: output.trim().split('\n').slice(-3).join(' ').slice(0, 300) }];
  return [...missedOf(output, starts.length / 2), ...readWapiti(JSON.parse(readFileSync(report, 'utf8')) as WapitiReport)];
}

/** Some addresses answer that there is nothing, and are passed over; of most it must have had an answer. */
const REACHED_LEAST01 = 2 / 3;

/** A finding when the crawl came to too few of the addresses it was given. @param asked how many these were */
export function missedOf(output: string, asked: number): ScanFinding[] {
  const found = Number(/Wapiti found (\d+) URLs/.exec(output)?.[1] ?? 0);
  return found > asked * REACHED_LEAST01
    ? []
    : [{ tool: 'wapiti', code: 'not-tried', place: '/', detail: `${found} of ${asked} addresses` }];
}

/** Its own form of a cookie file. */
function cookieJar(cookie: string): unknown {
  const at = cookie.indexOf('=');
  const session = { value: cookie.slice(at + 1), expires: null, secure: true, port: null, version: 0 };
  return {
    '.localhost.local': { '/': { [cookie.slice(0, at)]: session } },
    'localhost.local': { '/': { [cookie.slice(0, at)]: session } },
  };
}

interface Reported {
  readonly method: string;
  readonly path: string;
  readonly info: string;
  readonly parameter: string;
}

/** What is read of its report. */
export interface WapitiReport {
  readonly vulnerabilities: Readonly<Record<string, readonly Reported[]>>;
  readonly anomalies: Readonly<Record<string, readonly Reported[]>>;
}

export function readWapiti(report: WapitiReport): ScanFinding[] {
  const kinds = { ...report.vulnerabilities, ...report.anomalies };
  return Object.entries(kinds).flatMap(([code, items]) =>
    items.map(({ method, path, info, parameter }) => ({
      tool: 'wapiti',
      code,
      place: `${method} ${placeOf(path)}${parameter ? ` ${parameter}` : ''}`,
      detail: info,
    })),
  );
}
