import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findRefused, isAllowed } from './check-licences.mjs';
import { findForbidden } from './check-secrets.mjs';
import { countLines, findLongFunctions } from './check-sizes.mjs';
import { parseAllowedSkips, summarise } from './test-report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lantai-checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the check of sizes', () => {
  it('counts lines as an editor shows them', () => {
    expect([countLines(''), countLines('a'), countLines('a\n'), countLines('a\nb')]).toEqual([0, 1, 1, 2]);
  });
  it('finds the function that is too long and not its short neighbour', () => {
    const text = `function brief() {\n}\nconst lengthy = () => {\n${'  brief();\n'.repeat(8)}};\n`;
    expect(findLongFunctions('x.ts', text, 9)).toEqual([{ name: 'lengthy', line: 3, lines: 10 }]);
    expect(findLongFunctions('x.ts', text, 10)).toEqual([]);
  });
});

describe('the check of licences', () => {
  it('takes a choice when one side is free, and a bundle only when all are', () => {
    expect(['MIT', 'MPL-2.0', '(MIT OR GPL-3.0-or-later)', 'MIT AND Apache-2.0'].map(isAllowed)).toEqual([true, true, true, true]);
    expect(['GPL-3.0', 'AGPL-3.0-only', 'MIT AND GPL-2.0', 'none', 'SSPL-1.0'].map(isAllowed)).toEqual([false, false, false, false, false]);
  });
  it('names a refused package of a lock file, wherever it is nested', () => {
    const lock = {
      packages: {
        '': { license: 'Apache-2.0' },
        'lib/own': { license: 'none' },
        'node_modules/good': { license: 'ISC' },
        'node_modules/good/node_modules/bad': { license: 'AGPL-3.0' },
        'node_modules/@img/sharp-libvips-linux-x64': { license: 'LGPL-3.0-or-later' },
      },
    };
    expect(findRefused(lock)).toEqual(['bad AGPL-3.0']);
  });
});

describe('the check of secrets', () => {
  const home = ['', 'home', 'zhang', 'x'].join('/');
  it('finds a key, a password in an address and a path of one machine', () => {
    const texts = [
      `a\n${'-'.repeat(5)}BEGIN EC PRIVATE ${'KEY'}-----`,
      `postgres://me:${'hunter2hunter2'}@db.example.org/x`,
      `see ${home}`,
    ];
    expect(texts.map(findForbidden)).toEqual([
      ['2: a private key'],
      ['1: an address that holds a password'],
      ["1: a path of somebody's machine"],
    ]);
  });
  it('lets examples and public keys pass', () => {
    expect(findForbidden('-----BEGIN PUBLIC KEY-----\npostgres://user:password@host/database\n~/archive/x')).toEqual([]);
  });
});

describe('the report of the tests', () => {
  const file = (name: string, status: string, tests: [string, string][]) => ({
    name: join(folder, name),
    status,
    assertionResults: tests.map(([fullName, s]) => ({ fullName, status: s })),
  });
  const report = {
    testResults: [
      file('a.test.ts', 'failed', [
        ['a adds', 'passed'],
        ['a fails', 'failed'],
        ['a sleeps here', 'skipped'],
        ['a waits', 'todo'],
      ]),
      file('b.test.ts', 'failed', []),
    ],
  };
  it('counts a file that did not load as a failure, and names each skip that nobody allowed', () => {
    const allowed = parseAllowedSkips('# why\na.test.ts :: a sleeps* :: only on mountains\n');
    expect(summarise(report, allowed, folder)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      unallowed: [{ file: 'a.test.ts', name: 'a waits', status: 'todo' }],
      broken: ['b.test.ts'],
    });
  });
  it('refuses a leave without a reason', () => {
    expect(() => parseAllowedSkips('a.test.ts :: a sleeps')).toThrow('file :: name :: reason');
  });
});

describe('the dependency rules', () => {
  /** Runs the house's rules over a small house and gives each break as `rule at file`. */
  const judge = (files: Record<string, string>): string[] => {
    const house = mkdtempSync(join(folder, 'house-'));
    const all = { 'package.json': '{"name":"house","type":"module"}', 'tsconfig.json': '{"compilerOptions":{"types":[]}}', ...files };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(house, name)), { recursive: true });
      writeFileSync(join(house, name), text);
    }
    const root = join(import.meta.dirname, '..');
    const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const args = [program, '--config', join(root, '.dependency-cruiser.cjs'), '-T', 'json', '.'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8', maxBuffer: 64 << 20 });
    expect(stderr).toBe('');
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
    return [...new Set(summary.violations.map(({ rule, from }) => `${rule.name} at ${from}`))].sort();
  };
  const leaf = 'export const x = 1;\n';
  const need = (path: string) => `import { x } from '${path}';\nexport const y = x;\n`;
  /** Where each rule is broken, in a file that breaks it alone or first of all: rule, from, to, by which path. */
  const breaks: [string, string, string, string][] = [
    ['features-meet-at-the-door', 'apps/server/src/b/b.ts', 'apps/server/src/a/a.ts', '../a/a.ts'],
    ['the-server-is-entered-by-its-doors', 'apps/server/src/app.ts', 'apps/server/src/a/a.ts', './a/a.ts'],
    ['lib-knows-no-outside', 'lib/log/src/outward.ts', 'adapters/disk/src/b.ts', '../../../adapters/disk/src/b.ts'],
    ['values-know-nobody', 'lib/values/src/a.ts', 'lib/log/src/b.ts', '../../log/src/b.ts'],
    ['adapters-know-no-apps', 'adapters/disk/src/a.ts', 'apps/server/src/b.ts', '../../../apps/server/src/b.ts'],
    ['web-never-imports-server', 'apps/web/src/a.ts', 'apps/server/src/b.ts', '../../server/src/b.ts'],
    ['server-knows-no-front', 'apps/server/src/fronted.ts', 'apps/web/src/b.ts', '../../web/src/b.ts'],
    ['contract-knows-no-app', 'contract/src/a.ts', 'apps/server/src/b.ts', '../../apps/server/src/b.ts'],
    ['packages-are-entered-by-name', 'apps/cli/src/a.ts', 'apps/server/src/b.ts', '../../server/src/b.ts'],
    ['product-knows-no-tests', 'apps/server/src/a.ts', 'apps/server/src/a.test.ts', './a.test.ts'],
  ];
  /** Faults of one file, without another that it needs. */
  const alone: [string, string, string][] = [
    ['lib-is-pure', 'lib/log/src/reading.ts', `import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n`],
    ['nothing-unresolvable', 'apps/cli/src/lost.ts', need('./gone.ts')],
    ['no-cycles', 'lib/log/src/about.ts', `export { y as x } from './round.ts';\n`],
  ];

  it('are content with a feature that enters another by its door', () => {
    expect(judge({ 'apps/server/src/a/index.ts': leaf, 'apps/server/src/b/b.ts': need('../a/index.ts') })).toEqual([]);
  });
  it('break where they must, each at the file that breaks it', () => {
    const leaves = Object.fromEntries(breaks.map(([, , to]) => [to, leaf]));
    const faulty = Object.fromEntries(breaks.map(([, from, , path]) => [from, need(path)]));
    const others = Object.fromEntries(alone.map(([, from, text]) => [from, text]));
    const broken = judge({ ...leaves, ...faulty, ...others, 'lib/log/src/round.ts': need('./about.ts') });
    for (const [rule, from] of [...breaks, ...alone]) expect(broken).toContain(`${rule} at ${from}`);
    // And nowhere else: what is only needed breaks nothing.
    for (const [, , to] of breaks) expect(broken.filter((b) => b.endsWith(` at ${to}`))).toEqual([]);
  });
});
