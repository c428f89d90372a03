import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanFinding } from './findings.ts';
import { runTool } from './run-tool.ts';

const SCAN_SECONDS = 420;
/** What testssl says beside its judgements. */
const NO_FINDING = new Set(['OK', 'INFO', 'DEBUG']);

/** Speaks TLS to the server in every way that testssl knows. */
export async function runTestssl(port: number, folder: string): Promise<ScanFinding[]> {
  const own = join(folder, 'testssl');
  mkdirSync(own, { recursive: true });
  const report = join(own, 'report.json');
  const args = ['--quiet', '--color', '0', '--warnings', 'batch', '--nodns', 'min', '--ip', '127.0.0.1', '--jsonfile', report];
  const { output, isOverdue } = await runTool('testssl', [...args, `localhost:${port}`], SCAN_SECONDS * 1000, own);
  if (isOverdue || !existsSync(report))
    return [
      { tool: 'testssl', code: 'not-tried', place: 'localhost', detail: output.trim().split('\n').slice(-3).join(' ').slice(0, 300) },
    ];
  return readTestssl(JSON.parse(readFileSync(report, 'utf8')) as TestsslLine[]);
}

/** A line of its flat report. */
export interface TestsslLine {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

export function readTestssl(lines: readonly TestsslLine[]): ScanFinding[] {
  const found = lines
    .filter((line) => !NO_FINDING.has(line.severity))
    .map(({ id, severity, finding }) => ({ tool: 'testssl', code: id, place: 'localhost', detail: `${severity}: ${finding}` }));
  // A report of few lines is one of a server that was not reached.
  if (lines.length < 50) found.push({ tool: 'testssl', code: 'not-tried', place: 'localhost', detail: `${lines.length} lines` });
  return found;
}
