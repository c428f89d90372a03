// The real viewer in the real browser: who sits before which screen, and what a screenshot of it shows of the page.
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** How somebody looks at pages. */
export interface Seat {
  readonly fit: 'width' | 'page';
  /** Device pixels to one of CSS. */
  readonly ratio: 1 | 2;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly language: 'zh' | 'en';
  readonly ground: 'light' | 'dark';
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A screenshot: PNG, where the page is seen on it (device pixels), and the entry of the look. */
export interface Screenshot {
  readonly png: Buffer;
  readonly pageBox: Box;
  readonly entryId: string;
}

/** Every combination, in an order that changes the most telling first. */
export const SEATS: readonly Seat[] = (['light', 'dark'] as const).flatMap((ground) =>
  (['zh', 'en'] as const).flatMap((language) =>
    ([1440, 1280] as const).flatMap((widthPx) =>
      (['width', 'page'] as const).flatMap((fit) =>
        ([1, 2] as const).map((ratio) => ({ fit, ratio, widthPx, heightPx: widthPx === 1440 ? 900 : 720, language, ground })),
      ),
    ),
  ),
);

export const nameOfSeat = ({ fit, ratio, widthPx, language, ground }: Seat) => `fit-${fit} ratio ${ratio} ${widthPx} ${language} ${ground}`;

/** Signs somebody in at a seat. Close the context afterwards. */
export async function sitDown(
  browser: Browser,
  url: string,
  seat: Seat,
  account: { readonly name: string; readonly password: string },
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: seat.widthPx, height: seat.heightPx },
    deviceScaleFactor: seat.ratio,
    locale: seat.language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    ([language, looks]) => {
      localStorage.setItem('lantai.language', language!);
      localStorage.setItem('lantai.appearance', looks!);
    },
    [seat.language, `${seat.ground} normal`],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill(account.name);
  await page.locator('input[autocomplete=current-password]').fill(account.password);
  await page.keyboard.press('Enter');
  await page.locator('.rail').waitFor();
  return { context, page };
}

/** Opens a page of a dossier, waits until all its tiles are drawn, and takes the screen. */
export async function takeScreen(page: Page, seat: Seat, at: { readonly dossierId: string; readonly pageId: string }): Promise<Screenshot> {
  const looked = page.waitForResponse((r) => r.url().endsWith(`/pages/${at.pageId}/view`) && r.request().method() === 'POST');
  await page.goto(`/dossiers/${at.dossierId}?page=${at.pageId}`);
  const { entryId, widthPx, heightPx } = (await (await looked).json()) as { entryId: string; widthPx: number; heightPx: number };
  await page.locator('.overlay').waitFor();
  if (seat.fit === 'width') await page.keyboard.press('9');
  await settle(page);
  const seen = await page.evaluate(
    ([width, height]) => {
      const stage = document.querySelector('.osd')!.getBoundingClientRect();
      const matrix = document.querySelector('.overlay g')!.getAttribute('transform')!.slice(7, -1).split(/[ ,]+/).map(Number);
      const left = Math.max(stage.left, stage.left + matrix[4]!);
      const top = Math.max(stage.top, stage.top + matrix[5]!);
      const right = Math.min(stage.right, stage.left + matrix[4]! + matrix[0]! * width!);
      const bottom = Math.min(stage.bottom, stage.top + matrix[5]! + matrix[3]! * height!);
      return { left, top, width: right - left, height: bottom - top };
    },
    [widthPx, heightPx],
  );
  const png = await page.screenshot({ scale: 'device', caret: 'initial' });
  const pageBox = {
    left: Math.round(seen.left * seat.ratio),
    top: Math.round(seen.top * seat.ratio),
    width: Math.floor(seen.width * seat.ratio),
    height: Math.floor(seen.height * seat.ratio),
  };
  return { png, pageBox, entryId };
}

/** Until no tile has come for half a second: playwright's `networkidle`, and the quarter of a second in which tiles fade in. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  let quietMs = 0;
  let inFlight = 0;
  const began = () => {
    inFlight++;
    quietMs = 0;
  };
  const ended = () => {
    inFlight--;
    quietMs = 0;
  };
  page.on('request', began).on('requestfinished', ended).on('requestfailed', ended);
  while (quietMs < 700) {
    await page.waitForTimeout(100);
    quietMs = inFlight > 0 ? 0 : quietMs + 100;
  }
  page.off('request', began).off('requestfinished', ended).off('requestfailed', ended);
}
