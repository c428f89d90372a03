import { isArchiveError } from '@lantai/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OcrEngine, Reading } from './reading.ts';

/** What the suite needs of the outside: a page and a way to turn it. */
export interface EngineSample {
  /** An upright page image with a few lines of text. */
  readonly page: Uint8Array;
  /** Text that any engine must find on it, white space left out. */
  readonly phrases: readonly string[];
  /** The page turned clockwise. */
  turn(degrees: 90 | 180 | 270): Promise<Uint8Array>;
}

const textOf = (r: Reading) =>
  r.lines
    .map((l) => l.text)
    .join('\n')
    .replace(/[^\S\n]/g, '');

/** The contract of every {@link OcrEngine}. */
export function testOcrEngine(name: string, open: () => Promise<OcrEngine>, sample: () => Promise<EngineSample>): void {
  describe(`${name} is an OcrEngine`, () => {
    let engine: OcrEngine;
    let page: EngineSample;
    let upright: Reading;
    beforeAll(async () => {
      engine = await open();
      page = await sample();
      upright = await engine.read({ bytes: page.page });
    });
    afterAll(() => engine.close());

    it('finds the text of an upright page and names itself in the reading', () => {
      expect(upright.orientation).toBe(0);
      expect([upright.engine, upright.version]).toEqual([engine.name, engine.version]);
      for (const phrase of page.phrases) expect(textOf(upright)).toContain(phrase);
    });

    it('gives boxes on the page and confidences between 0 and 1', () => {
      for (const line of upright.lines) {
        const [x, y, w, h] = line.box;
        expect(line.text).not.toBe('');
        expect(w > 0 && h > 0 && x + w / 2 > 0 && y + h / 2 > 0 && x + w / 2 < upright.widthPx && y + h / 2 < upright.heightPx).toBe(true);
        expect(line.confidence01 > 0 && line.confidence01 <= 1).toBe(true);
      }
    });

    it('puts the character of the text first among the candidates of its place', () => {
      for (const line of upright.lines) {
        for (const c of line.candidates ?? []) {
          expect(line.text.slice(c.at, c.at + c.options[0]!.char.length)).toBe(c.options[0]!.char);
          expect(c.options.length).toBeGreaterThan(1);
        }
      }
    });

    it('reads the same page the same way again', async () => {
      expect(await engine.read({ bytes: page.page })).toEqual(upright);
    });

    it.each([90, 180, 270] as const)('tells that a page was turned by %i degrees and reads it upright', async (degrees) => {
      const turned = await engine.read({ bytes: await page.turn(degrees) });
      expect(turned.orientation).toBe(degrees);
      expect([turned.widthPx, turned.heightPx]).toEqual([upright.widthPx, upright.heightPx]);
      for (const phrase of page.phrases) expect(textOf(turned)).toContain(phrase);
    });

    it('refuses bytes that are no image, and goes on reading', async () => {
      const error = await engine.read({ bytes: new TextEncoder().encode('no image') }).catch((e: unknown) => e);
      expect(isArchiveError(error, 'reading/undecodable')).toBe(true);
      expect((await engine.read({ bytes: page.page })).lines.length).toBe(upright.lines.length);
    });
  });
}
