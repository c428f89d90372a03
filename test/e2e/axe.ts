import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, openVisitor, signIn, type VisitorOptions } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Findings of axe that are serious or critical, with the first place of each. */
export async function graveFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const violations = (await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: unknown[] }> } };
    return (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations;
  })) as Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} × ${nodes.length}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary?.slice(0, 200)}`);
}

/** On a phone nothing scrolls sideways and axe finds nothing grave; the window is then as wide as before. */
export async function expectFitsPhone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  // The page draws itself anew for the narrow window a moment later.
  await eventually(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1)).toBe(true);
  expect(await graveFindings(page)).toEqual([]);
  if (before) await page.setViewportSize(before);
}

/** Screens by address, and what is there when they are ready. */
const SCREENS: readonly { name: string; path: (dossierId: string) => string; ready: string }[] = [
  { name: 'to do', path: () => '/', ready: '.overview h1' },
  { name: 'dossiers', path: () => '/dossiers', ready: '.grid-row' },
  { name: 'desk', path: (id) => `/dossiers/${id}`, ready: '.overlay' },
  { name: 'capture', path: (id) => `/capture?dossierId=${id}`, ready: '.drop' },
  { name: 'search', path: () => '/search', ready: '.state' },
  { name: 'jobs', path: () => '/jobs', ready: '.queue' },
  { name: 'log', path: () => '/log', ready: '.entry' },
  { name: 'anchors', path: () => '/anchors', ready: '.anchors .state, .anchor-list' },
  { name: 'account', path: () => '/account', ready: '.account-grid' },
  { name: 'nowhere', path: () => '/nowhere', ready: '.state' },
];

async function checkAll(stage: Stage, options: VisitorOptions): Promise<void> {
  const visitor = await openVisitor(stage.browser, stage.archive.url, options);
  const { page } = visitor;
  const found: Record<string, string[]> = {};
  const check = async (name: string) => {
    const grave = await graveFindings(page);
    if (grave.length) found[name] = grave;
    expect({ name, overflow: await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1) }).toEqual({
      name,
      overflow: false,
    });
  };
  await page.goto('/');
  await page.locator('input[autocomplete=username]').waitFor();
  await check('door');
  await signIn(page, stage.archive, 'trial_owner');
  await page.goto('/dossiers');
  await page.locator('.grid-row').filter({ hasText: 'P1101' }).click();
  await page.locator('.desk-head').waitFor();
  const dossierId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  for (const { name, path, ready } of SCREENS) {
    await page.goto(path(dossierId));
    await page.locator(ready).first().waitFor();
    await check(name);
    if (name === 'log') {
      await page.locator('.entry a').first().click();
      await page.locator('.entry-screen').waitFor();
      await check('entry');
    }
  }
  await page.goto('/search');
  await page.locator('input[type=search]').fill('登记表');
  await page.keyboard.press('Enter');
  await page.locator('[data-hit]').first().waitFor();
  await check('hits');
  expectNoFaults(visitor);
  await visitor.close();
  expect(found).toEqual({});
}

/** No serious finding of axe, no sideways scrolling, on any screen, in both languages, on a desk and on a phone. */
export function axeTests(stage: Stage): void {
  const wide = { width: 1440, height: 900 };
  const phone = { width: 390, height: 844 };
  it('has no serious accessibility finding in Chinese at 1440', () => checkAll(stage, { ...wide, language: 'zh' }), 300_000);
  it('has no serious accessibility finding in English at 1440', () => checkAll(stage, { ...wide, language: 'en' }), 300_000);
  it('has no serious accessibility finding in Chinese at 390', () => checkAll(stage, { ...phone, language: 'zh' }), 300_000);
  it('has no serious accessibility finding in English at 390', () => checkAll(stage, { ...phone, language: 'en' }), 300_000);
  it('has no serious accessibility finding in the dark', () => checkAll(stage, { ...wide, ground: 'dark' }), 300_000);
  it('has no serious accessibility finding in large type', () => checkAll(stage, { ...wide, typeSize: 'large', language: 'en' }), 300_000);
}
