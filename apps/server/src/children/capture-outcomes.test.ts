import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasWords } from '@lantai/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { createChildPool } from './index.ts';
import { outcomeOf } from './testing/outcome-of.ts';

// The committed table of what every bad file of others must get, and why: docs/spec/capture-outcomes.md.
const SAMPLES = join(import.meta.dirname, '../../../../../shared/samples/real');
const TABLE = join(import.meta.dirname, '../../../../test/capture-outcomes.tsv');
const present = existsSync(SAMPLES);
const MEMORY_LIMIT_MB = 1500;

const rows = readFileSync(TABLE, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file, outcome, pages, code, findings] = line.split('\t') as [string, string, string, string, string];
    return { file, expected: { outcome, pages: Number(pages), code, findings } };
  });
const folders = [...new Set(rows.map((row) => row.file.split('/')[0]!))];

describe('the table of capture outcomes', () => {
  it('uses the four outcomes, gives pages or a code, and has words for every code in both languages', () => {
    for (const { file, expected } of rows) {
      expect([file, ['pages', 'refused', 'kept', 'needs_person'].includes(expected.outcome)]).toEqual([file, true]);
      expect([file, expected.outcome === 'pages' ? expected.pages > 0 && expected.code === '' : expected.code !== '']).toEqual([
        file,
        true,
      ]);
      for (const code of `${expected.code} ${expected.findings}`.split(' ').filter((c) => c !== ''))
        expect([code, hasWords(code)]).toEqual([code, true]);
    }
  });
});

describe.skipIf(!present)('every real bad file (SKIPPED when ../shared/samples/real is absent)', () => {
  const pool = createChildPool({ entry: 'decoder', count: 2, memoryLimitMb: MEMORY_LIMIT_MB, timeoutMs: 60_000 });
  afterAll(() => pool.close());

  it('is in the table, and the table names no other', () => {
    const files = folders.flatMap((folder) => readdirSync(join(SAMPLES, folder)).map((name) => `${folder}/${name}`));
    expect(rows.map((row) => row.file).sort()).toEqual(files.sort());
  });
  it.each(folders)('of %s gets what the table says, and no child is lost', { timeout: 600_000 }, async (folder) => {
    const inFolder = rows.filter((row) => row.file.startsWith(`${folder}/`));
    const results = await Promise.all(
      inFolder.map(async ({ file }) => ({ file, expected: await outcomeOf(pool, readFileSync(join(SAMPLES, file))) })),
    );
    expect(results).toEqual(inFolder);
    expect(pool.state).toMatchObject({ lost: inFolder.filter((row) => row.expected.outcome === 'needs_person').length, queued: 0 });
    expect(pool.state.peakRssMb).toBeLessThan(MEMORY_LIMIT_MB);
  });
});
