// Reads dist/test-report.json and says how the tests went: `N passed, N failed, N skipped`.
//   node tools/test-report.mjs [REPORT]
// A skipped test fails the run unless tools/allowed-skips.txt names it with its reason.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './tracked-files.mjs';

/**
 * The list of tests that may be skipped.
 * @param text lines `file :: name :: reason`; `*` at the end of a name stands for any rest; `#` begins a comment line
 * @throws when a line has no reason
 */
export function parseAllowedSkips(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [file, name, reason] = line.split(' :: ');
      if (!reason) throw new Error(`tools/allowed-skips.txt: a line is "file :: name :: reason", not: ${line}`);
      return { file, name };
    });
}

const isNamed = ({ file, name }, allowed) =>
  allowed.some(
    (entry) => entry.file === file && (entry.name.endsWith('*') ? name.startsWith(entry.name.slice(0, -1)) : name === entry.name),
  );

/** Counts a vitest JSON report. `unallowed` are skipped tests that nobody allowed, `broken` files that did not even load. */
export function summarise(report, allowed, root = ROOT) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ file: relative(root, file.name), name: test.fullName.trim(), status: test.status })),
  );
  const having = (...statuses) => tests.filter(({ status }) => statuses.includes(status));
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: having('passed').length,
    failed: having('failed').length + broken.length,
    skipped: skipped.length,
    unallowed: skipped.filter((test) => !isNamed(test, allowed)),
    broken: broken.map((file) => relative(root, file.name)),
  };
}

function main() {
  const file = process.argv[2] ?? join(ROOT, 'dist', 'test-report.json');
  if (!existsSync(file)) {
    console.error('no test report: the tests did not run to their end');
    console.log('0 passed, 1 failed, 0 skipped');
    process.exitCode = 1;
    return;
  }
  const allowed = parseAllowedSkips(readFileSync(join(ROOT, 'tools', 'allowed-skips.txt'), 'utf8'));
  const { passed, failed, skipped, unallowed, broken } = summarise(JSON.parse(readFileSync(file, 'utf8')), allowed);
  for (const name of broken) console.error(`did not run: ${name}`);
  for (const test of unallowed) console.error(`skipped without leave: ${test.file} :: ${test.name}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (failed || unallowed.length || passed === 0) process.exitCode = 1;
}

if (import.meta.filename === process.argv[1]) main();
