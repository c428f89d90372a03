import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScannerProgram } from '@lantai/images/scanner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaceSink, ScanRun } from './scan-run.ts';

const found = spawnSync('scanimage', ['--version']).error === undefined;
if (!found) process.stderr.write('scanimage (Debian: sane-utils libsane-common) is not here: no stack is scanned from its test scanner\n');

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('lantai-scan-'));

const FEEDER = 'Automatic Document Feeder';

/** Faces in memory, as the sealed store would take them. */
function makeSink(onFace: (count: number) => void = () => undefined) {
  const sink = {
    faces: [] as Uint8Array[],
    ends: [] as string[],
    get count() {
      return sink.faces.length;
    },
    add: async (bytes: Uint8Array) => {
      sink.faces.push(bytes);
      onFace(sink.faces.length);
    },
    finish: async () => {
      sink.ends.push('finished');
      return 'import';
    },
    discard: async () => void sink.ends.push('discarded'),
  };
  return sink satisfies FaceSink;
}

describe.skipIf(!found)('a stack on SANE’s test scanner', () => {
  let program: ScannerProgram;
  beforeAll(() => {
    const configFolder = mkdtempSync(join(tmpdir(), 'lantai-sane-'));
    writeFileSync(join(configFolder, 'dll.conf'), 'test\n');
    writeFileSync(join(configFolder, 'test.conf'), 'number_of_devices 1\n');
    program = { file: 'scanimage', configFolder };
  });
  afterAll(() => rmSync(program.configFolder!, { recursive: true, force: true }));

  const run = (sink: FaceSink, over: { program?: ScannerProgram; pagesMax?: number } = {}) => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const options = { device: 'test:0', source: FEEDER, mode: 'Gray', resolutionDpi: 75, pagesMax: over.pagesMax ?? 100 };
    const stack = new ScanRun(over.program ?? program, options, sink, async () => end());
    return { stack, ended };
  };

  it('comes whole, and then goes into the dossier', async () => {
    const before = leftovers();
    const sink = makeSink();
    const { stack, ended } = run(sink);
    await ended;
    expect([stack.state, stack.faces, stack.importId, sink.ends]).toEqual(['done', 10, 'import', ['finished']]);
    expect(leftovers()).toEqual(before);
  });
  it('is stopped and kept, or stopped and thrown away', async () => {
    for (const keeps of [true, false]) {
      let stop: () => void = () => undefined;
      const sink = makeSink((count) => count === 2 && stop());
      const { stack, ended } = run(sink);
      stop = () => void stack.end(keeps);
      await ended;
      expect(stack.state).toBe('done');
      expect(stack.faces).toBeLessThan(10);
      expect(sink.ends).toEqual([keeps ? 'finished' : 'discarded']);
    }
  });
  it('that jams waits for a person', async () => {
    const file = join(program.configFolder!, 'jams');
    writeFileSync(file, '#!/bin/sh\nexec scanimage "$@" --read-return-value SANE_STATUS_JAMMED\n', { mode: 0o700 });
    const sink = makeSink();
    const { stack, ended } = run(sink, { program: { ...program, file } });
    while (stack.state === 'scanning') await new Promise((resolve) => setTimeout(resolve, 20));
    expect([stack.state, stack.code, stack.faces]).toEqual(['waiting', 'scanner/jammed', 0]);
    await Promise.all([stack.end(true), ended]);
    expect([stack.state, sink.ends]).toEqual(['done', ['discarded']]);
  });
});
