import { LETTERS_A_PAGE, layInk, MARK_STRENGTH01, planeOf } from '@lantai/marks';
import { describe, expect, it } from 'vitest';
import { findImageRequest, planTile } from './iiif.ts';
import { drawMarkSheet } from './mark-sheet.ts';
import { cutTile } from './tile.ts';
import type { Pixels } from './types.ts';

const PAGE: Pixels = { widthPx: 1240, heightPx: 1754, channels: 3, data: new Uint8Array(1240 * 1754 * 3).fill(240) };

const markedTile = async (text: string, region: string, size: string, rotation = '0', page = PAGE) => {
  const plan = planTile(findImageRequest(region, size, rotation, 'default.jpg')!, page)!;
  const mark = { sheet: await drawMarkSheet(text), emPagePx: PAGE.heightPx / LETTERS_A_PAGE, strength01: MARK_STRENGTH01 };
  return layInk(await cutTile(page, plan), planeOf(plan), mark);
};

const inked = ({ data }: { data: Uint8Array }) => data.reduce((n, v) => n + (v < 235 ? 1 : 0), 0);

describe('the visible mark', () => {
  it('lies on every tile, differently for different text', async () => {
    const one = await markedTile('clerk-7 2026-11-22 13:40', '0,0,512,512', '512,512');
    const other = await markedTile('clerk-8 2026-11-22 13:40', '0,0,512,512', '512,512');
    expect(inked(one)).toBeGreaterThan(1000);
    expect(Buffer.from(one.data).equals(Buffer.from(other.data))).toBe(false);
  });

  it('takes no more light than it may, and none where there is no ink', async () => {
    const { data } = await markedTile('clerk-7', '0,0,512,512', '512,512');
    const sorted = data.toSorted();
    expect(sorted[0]).toBeGreaterThanOrEqual(Math.floor(240 * (1 - MARK_STRENGTH01)));
    expect(sorted.at(-1)).toBe(240);
  });

  it('is lighter than a black ground, which it leaves black between its letters', async () => {
    const black = { ...PAGE, data: new Uint8Array(PAGE.data.length).fill(16) };
    const { data } = await markedTile('clerk-7', '0,0,512,512', '512,512', '0', black);
    const sorted = data.toSorted();
    expect(sorted[0]).toBe(16);
    expect(sorted.at(-1)).toBeGreaterThanOrEqual(16 + 8);
  });

  it('fits together without a seam, at full size and reduced', async () => {
    for (const [factor, size] of [
      [1, 512],
      [2, 256],
    ] as const) {
      const both = await markedTile('王某 2026-11-22', `0,0,1024,512`, `${1024 / factor},${512 / factor}`);
      const right = await markedTile('王某 2026-11-22', `512,0,512,512`, `${size},${size}`);
      const rowBytes = size * right.channels;
      for (let y = 0; y < size; y++) {
        const seenRight = right.data.subarray(y * rowBytes, (y + 1) * rowBytes);
        const seenInBoth = both.data.subarray((2 * y + 1) * rowBytes, (2 * y + 2) * rowBytes);
        expect(Buffer.from(seenRight).equals(Buffer.from(seenInBoth))).toBe(true);
      }
    }
  });

  it('turns and mirrors with the page', async () => {
    const whole = await markedTile('clerk-7', 'full', '310,439');
    for (const rotation of ['90', '180', '270', '!0', '!90']) {
      const turned = await markedTile('clerk-7', 'full', '310,439', rotation);
      const cut = await cutTile(whole, planTile(findImageRequest('full', 'max', rotation, 'default.jpg')!, whole)!);
      expect(Buffer.from(cut.data).equals(Buffer.from(turned.data))).toBe(true);
    }
  });

  it('draws the colon of a time, which the font reader loses', async () => {
    const ink = async (text: string) => (await drawMarkSheet(text)).levels[0]!.ink.reduce((n, v) => n + v, 0);
    expect(await ink('1:1')).toBeGreaterThan((await ink('11')) + 1000);
  });
});
