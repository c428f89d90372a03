import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const found = spawnSync('scanimage', ['--version']).error === undefined;
if (!found) process.stderr.write('scanimage (Debian: sane-utils libsane-common) is not here: `lantai scan` is not tried\n');
const CLI = join(import.meta.dirname, '../../../../dist/cli.mjs');
const run = promisify(execFile);

describe.skipIf(!found)('lantai scan, from SANE’s test scanner', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lantai-scan-test-'));
    writeFileSync(join(folder, 'dll.conf'), 'test\n');
    writeFileSync(join(folder, 'test.conf'), 'number_of_devices 1\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the program. @returns its lines of JSON and its exit code */
  async function lantai(...args: string[]) {
    const env = { ...process.env, LANTAI_DATA: join(folder, 'data'), LANTAI_READERS: '0', LANTAI_LANG: 'en', SANE_CONFIG_DIR: folder };
    const done = await run(process.execPath, [CLI, ...args, '--json'], { env }).then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    const lines = done.stdout.split('\n').filter(Boolean);
    return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), code: done.code };
  }

  it('lists it, scans its feeder into a dossier, and refuses what it cannot do', async () => {
    expect((await lantai('scan', '--list')).lines).toEqual([expect.objectContaining({ device: 'test:0', modes: ['Gray', 'Color'] })]);
    expect((await lantai('init', '--trial')).code).toBe(0);
    writeFileSync(
      join(folder, 'one.png'),
      Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64'),
    );
    await lantai('import', join(folder, 'one.png'), '--dossier', 'P5301', '--name', '郑试一', '--no-read');
    const { lines, code } = await lantai('scan', '--dossier', 'P5301', '--dpi', '75');
    // The test scanner's ten sheets are one picture: one page, and nine of its duplicates.
    expect(lines.filter((line) => 'face' in line)).toHaveLength(10);
    expect(lines.at(-1)).toMatchObject({ faces: 10, end: 'empty', code: null });
    expect(code).toBe(0);
    expect((await lantai('scan', '--dossier', 'P5301', '--source', 'duplex')).lines).toEqual([
      expect.objectContaining({ error: 'scan/source' }),
    ]);
    expect((await lantai('scan', '--dossier', 'P5301', '--dpi', '75', '--device', 'test:7')).code).toBe(3);
  });
});
