import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

describe('npm run demo', () => {
  it('fails when the reader is switched off: what it prints comes from the product', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lantai-demo-test-'));
    const env = { ...process.env, LANTAI_DATA: join(folder, 'data'), LANTAI_READERS: '0', LANTAI_LANG: 'en' };
    const done = spawnSync(process.execPath, [join(ROOT, 'dist', 'cli.mjs'), 'demo'], {
      env,
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
    });
    rmSync(folder, { recursive: true, force: true });
    expect(done.status).not.toBe(0);
    expect(done.stdout).not.toContain('Receipt');
    expect(done.stderr).toContain('reader/off');
  }, 120_000);
});
