import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeader } from '../index.ts';
import { listScanners, readAbilities, type ScanEnd, type ScannerProgram, type ScanOptions, scanPages } from './index.ts';

const found = spawnSync('scanimage', ['--version']).error === undefined;
if (!found) process.stderr.write('scanimage (Debian: sane-utils libsane-common) is not here: nothing is scanned from its test scanner\n');

const FEEDER = 'Automatic Document Feeder';
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('lantai-scan-'));

describe.skipIf(!found)('SANE’s test scanner', () => {
  let program: ScannerProgram;
  beforeAll(() => {
    const configFolder = mkdtempSync(join(tmpdir(), 'lantai-sane-'));
    writeFileSync(join(configFolder, 'dll.conf'), 'test\n');
    writeFileSync(join(configFolder, 'test.conf'), 'number_of_devices 1\n');
    program = { file: 'scanimage', configFolder };
  });
  afterAll(() => rmSync(program.configFolder!, { recursive: true, force: true }));

  async function scan(options: Partial<ScanOptions>, onPage: (count: number) => void = () => undefined) {
    const pages: Uint8Array[] = [];
    const scanning = scanPages(program, { device: 'test:0', source: FEEDER, mode: 'Color', resolutionDpi: 75, pagesMax: 100, ...options });
    for (;;) {
      const step = await scanning.next();
      if (step.done) return { pages, end: step.value satisfies ScanEnd };
      pages.push(step.value);
      onPage(pages.length);
    }
  }

  it('is listed with what it can be asked for', async () => {
    expect(await listScanners(program)).toEqual([{ device: 'test:0', vendor: 'Noname', model: 'frontend-tester' }]);
    expect(await readAbilities(program, 'test:0')).toEqual({
      sources: ['Flatbed', FEEDER],
      modes: ['Gray', 'Color'],
      resolutions: { from: 1, to: 1200 },
    });
  });
  it('gives every sheet of its feeder as a whole picture of the resolution asked for, then says that it is empty; nothing stays behind', async () => {
    const before = leftovers();
    const { pages, end } = await scan({ resolutionDpi: 150 });
    expect(pages).toHaveLength(10);
    expect(end).toEqual({ kind: 'empty' });
    expect(await readHeader(pages[0]!)).toMatchObject({ widthPx: 472, heightPx: 590 });
    expect(leftovers()).toEqual(before);
  });
  it('gives no more than asked for, and one sheet of its glass', async () => {
    expect(await scan({ pagesMax: 3 })).toMatchObject({ pages: { length: 3 }, end: { kind: 'enough' } });
    expect(await scan({ source: 'Flatbed', pagesMax: 1 })).toMatchObject({ pages: { length: 1 }, end: { kind: 'enough' } });
  });
  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { pages, end } = await scan({ signal: stop.signal, resolutionDpi: 300 }, (count) => count === 2 && stop.abort());
    expect(end.kind).toBe('stopped');
    expect(pages.length).toBeLessThan(10);
  });
  it('that is not there, or whose program is not there, is told so', async () => {
    expect((await scan({ device: 'test:9' })).end).toEqual({ kind: 'failed', code: 'scanner/not-found' });
    await expect(listScanners({ file: 'no-such-program', configFolder: null })).rejects.toMatchObject({ code: 'scanner/no-program' });
  });
  it('that jams gives no half page', async () => {
    const file = join(program.configFolder!, 'jams');
    writeFileSync(file, '#!/bin/sh\nexec scanimage "$@" --read-return-value SANE_STATUS_JAMMED\n', { mode: 0o700 });
    const scanning = scanPages({ ...program, file }, { device: 'test:0', source: FEEDER, resolutionDpi: 75, pagesMax: 10 });
    expect(await scanning.next()).toEqual({ done: true, value: { kind: 'failed', code: 'scanner/jammed' } });
  });
});
