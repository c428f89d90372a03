import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ServedArchive } from './archive-server.ts';

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
  readonly language?: 'zh' | 'en';
  readonly ground?: 'light' | 'dark';
  readonly typeSize?: 'normal' | 'large';
}

/** Somebody in front of a browser. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console, exceptions and breaches of the content security policy since the last asking. */
  takeFaults(): string[];
  close(): Promise<void>;
}

/** What a browser writes of its own accord about an answer that the page expects: nobody signed in, refused, cannot be done. */
const EXPECTED = /Failed to load resource.*\b(401|404|409|422)\b|ERR_INTERNET_DISCONNECTED/;

/** Opens a browser window of this size, with language and looks as if chosen before. */
export async function openVisitor(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
  const { width = 1440, height = 900, language = 'zh', ground = 'light', typeSize = 'normal' } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  const faults: string[] = [];
  await context.addInitScript(
    ([lang, looks]) => {
      localStorage.setItem('lantai.language', lang!);
      localStorage.setItem('lantai.appearance', looks!);
      document.addEventListener('securitypolicyviolation', (e) => console.error(`policy ${e.violatedDirective} ${e.blockedURI}`));
    },
    [language, `${ground} ${typeSize}`],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return { page, context, takeFaults: () => faults.splice(0), close: () => context.close() };
}

/** Signs in through the form. */
export async function signIn(page: Page, archive: ServedArchive, role: string): Promise<void> {
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill(archive.nameOf(role));
  await page.locator('input[autocomplete=current-password]').fill(archive.passwordOf(role));
  await page.keyboard.press('Enter');
  await page.locator('.rail').waitFor();
}

/** Waits until what is seen is as expected, however slow the machine: the runner's own patience is one second. */
export const eventually = <T>(see: () => T | Promise<T>) => expect.poll(see, { timeout: 60_000 });

/** Nothing went wrong that nobody saw. */
export function expectNoFaults(visitor: Visitor): void {
  expect(visitor.takeFaults()).toEqual([]);
}

/** The number in a text: `日志 31 条` gives 31. */
export const numberIn = (text: string | null): number => Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);
