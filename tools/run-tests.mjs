// `npm test [-- FILTER…]`: builds, runs all tests, and says how they went. The report for machines is dist/test-report.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tracked-files.mjs';

const REPORT = join(ROOT, 'dist', 'test-report.json');

function run(...args) {
  const { status, signal } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  return signal ? 1 : (status ?? 1);
}

mkdirSync(join(ROOT, 'dist'), { recursive: true });
// So that an old report cannot speak for a run that never came to its end.
rmSync(REPORT, { force: true });
const built = run(join(ROOT, 'tools', 'build.mjs'));
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const tested =
  built || run(vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`, ...process.argv.slice(2));
const told = run(join(ROOT, 'tools', 'test-report.mjs'), REPORT);
process.exitCode = built || tested || told;
