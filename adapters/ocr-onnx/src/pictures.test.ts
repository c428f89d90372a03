import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OcrEngine } from '@lantai/reading';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOcrEngine } from './engine.ts';

// Reading takes seconds of CPU, and a busy machine has few to spare.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const modelFolder = join(root, 'dist/models');
const page = join(root, 'samples/P1101/001.jpg');
const real = resolve(root, '../shared/samples/real/zh-images');

let engine: OcrEngine;
beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'tools/fold-models.mjs'), modelFolder], { stdio: 'pipe' });
  engine = await createOcrEngine({ modelFolder });
});
afterAll(() => engine?.close());

const textOf = async (bytes: Uint8Array) => (await engine.read({ bytes })).lines.map((line) => line.text).join('');

describe('a picture that is no page', () => {
  /** The head of a form, cut out of the page and made smaller. */
  const headOf = async (share01: number) => {
    const { width, height } = await sharp(page).metadata();
    const [wide, high] = [Math.round(width * 0.9), Math.round(height * 0.18)];
    const head = sharp(page).extract({ left: Math.round(width * 0.05), top: Math.round(height * 0.05), width: wide, height: high });
    const pixels = await head
      .resize(Math.round(wide * share01))
      .jpeg({ quality: 92 })
      .toBuffer();
    return { bytes: new Uint8Array(pixels), widthPx: Math.round(wide * share01) };
  };

  it('is measured by its text: a part cut out of a form reads as the form does', async () => {
    const { bytes } = await headOf(1);
    expect(await textOf(bytes)).toContain('职工登记表');
  });

  it('of small text is enlarged, and its boxes lie on the picture as it is', async () => {
    const { bytes, widthPx } = await headOf(0.45);
    const reading = await engine.read({ bytes });
    expect(reading.widthPx).toBe(widthPx);
    const title = reading.lines.find((line) => line.text.includes('职工登记表'));
    const [x, y, w, h] = title?.box ?? [];
    expect(x! + w! / 2).toBeGreaterThan(0.35 * widthPx);
    expect(x! + w! / 2).toBeLessThan(0.65 * widthPx);
    expect(y! + h!).toBeLessThan(reading.heightPx);
  });
});

describe.skipIf(!existsSync(real))('real pictures of Chinese text (SKIPPED when ../shared/samples/real is absent)', () => {
  const expected = existsSync(real)
    ? readFileSync(join(real, 'EXPECT.tsv'), 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'))
        .map((line) => line.split('\t') as [file: string, kind: string, phrases: string])
    : [];
  it.each(expected)('%s, %s, holds the phrases read by eye', async (file, _kind, phrases) => {
    const text = await textOf(readFileSync(join(real, file)));
    expect(phrases.split('|').filter((phrase) => !text.includes(phrase))).toEqual([]);
  });
});
