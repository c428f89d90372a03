import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cutTile, drawMarkSheet, encodeTile, type Pixels, type TilePlan } from '@lantai/images';
import { CELLS_A_PAGE, LETTERS_A_PAGE, layMarks, MARK_STRENGTH01, planeOf, signsOf } from '@lantai/marks';
import { createOcrEngine } from '@lantai/ocr-onnx';
import type { OcrEngine } from '@lantai/reading';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

// Reading takes seconds of CPU, and a busy machine has few to spare.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const ROOT = resolve(import.meta.dirname, '..');
const modelFolder = join(ROOT, 'dist/models');
const PAGE = join(ROOT, 'samples/P1101/001.jpg');
const NUMBER = 0x123_4567_89ab_cdefn;

let engine: OcrEngine;
beforeAll(async () => {
  execFileSync(process.execPath, [join(ROOT, 'tools/fold-models.mjs'), modelFolder], { stdio: 'pipe' });
  engine = await createOcrEngine({ modelFolder });
});
afterAll(() => engine?.close());

const linesOf = async (bytes: Uint8Array) => (await engine.read({ bytes })).lines.map((line) => line.text);

/** How many letters and figures of either text the other has not. */
function charactersApart(one: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, number>();
  const add = (lines: readonly string[], by: 1 | -1) => {
    for (const c of lines.join('').normalize('NFKC')) if (/[\p{L}\p{N}]/u.test(c)) counts.set(c, (counts.get(c) ?? 0) + by);
  };
  add(one, 1);
  add(other, -1);
  return [...counts.values()].reduce((sum, n) => sum + Math.abs(n), 0);
}

/** The page with both marks as a copy carries them, the visible one so strong. */
async function markedCopy(strength01: number): Promise<Uint8Array> {
  const { data, info } = await sharp(PAGE).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const page: Pixels = { widthPx: info.width, heightPx: info.height, channels: info.channels === 1 ? 1 : 3, data };
  const { widthPx, heightPx } = page;
  const crop = { x: 0, y: 0, width: widthPx, height: heightPx };
  const plan: TilePlan = { crop, widthPx, heightPx, mirror: false, degrees: 0, quality: 'default', format: 'jpg' };
  const hmac = (...parts: readonly Uint8Array[]) => parts.reduce((h, part) => h.update(part), createHmac('sha256', 'a test')).digest();
  const longPx = Math.max(widthPx, heightPx);
  const visible = { sheet: await drawMarkSheet('clerk-7 2026-11-22 13:40 03G9-2301'), emPagePx: longPx / LETTERS_A_PAGE, strength01 };
  const marks = { signs: signsOf(hmac, NUMBER), cellPagePx: longPx / CELLS_A_PAGE };
  return (await encodeTile(layMarks(await cutTile(page, plan), planeOf(plan), visible, marks), 'jpg')).bytes;
}

describe('a marked copy', () => {
  it('is read as the page itself, and its mark is not', async () => {
    const plain = await linesOf(new Uint8Array(readFileSync(PAGE)));
    const marked = await linesOf(await markedCopy(MARK_STRENGTH01));
    // Where a line is parted and how a stop is read may change with any pixel; characters may not.
    expect(charactersApart(plain, marked)).toBeLessThanOrEqual(3);
    expect(plain.length).toBeGreaterThan(40);
  });

  it('shows letters: much stronger ones would be read', async () => {
    expect((await linesOf(await markedCopy(0.3))).join('')).toMatch(/clerk|03G9/);
  });
});
