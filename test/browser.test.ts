import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('the browser of the tests', () => {
  it('shows Chinese: each character is another picture', async () => {
    const page = await browser.newPage();
    await page.setContent('<html lang="zh-CN"><body style="font-family: sans-serif">兰台 Lantai</body></html>');
    // Run in the page as text: the types of the DOM are the web application's, not this file's.
    const pictures = (await page.evaluate(`['兰', '台', '档', '案', 'A', ' '].map((text) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 40;
      const pen = canvas.getContext('2d');
      pen.font = '32px sans-serif';
      pen.fillText(text, 2, 34);
      return [...pen.getImageData(0, 0, 40, 40).data].filter((_, i) => i % 4 === 3).join(',');
    })`)) as string[];
    expect(new Set(pictures).size).toBe(6);
    expect(pictures.map((picture) => /[1-9]/.test(picture))).toEqual([true, true, true, true, true, false]);
    await page.close();
  });

  it('clicks, and keeps pages from one another', async () => {
    const first = await (await browser.newContext()).newPage();
    await first.setContent('<button onclick="document.title = 1">按</button>');
    await first.getByRole('button', { name: '按' }).click();
    expect(await first.title()).toBe('1');
    const second = await (await browser.newContext()).newPage();
    expect(await second.title()).toBe('');
  });
});
