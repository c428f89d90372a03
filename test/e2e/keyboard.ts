import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, openVisitor } from './visitor.ts';

/** Archival code of the sample; other dossiers of the list have no pages. */
const SAMPLE_ROW = 'P1101';
const focusIs = (page: Page, selector: string) => page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    if (await focusIs(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${selector}`);
}

/** Walks down a list until the focus is on a row with this text. */
async function arrowTo(page: Page, text: string): Promise<void> {
  for (let i = 0; i < 20; i++) {
    if (await page.evaluate((t) => document.activeElement?.textContent?.includes(t) ?? false, text)) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the arrows never reached ${text}`);
}

/** Everything without a mouse, and nothing by accident while an input method composes. */
export function keyboardTests(stage: Stage): void {
  it('walks from the door to a page by keyboard alone', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url);
    const { page } = visitor;
    await page.goto('/');
    await page.locator('input[autocomplete=username]').waitFor();
    await page.keyboard.type(stage.archive.nameOf('trial_owner'));
    await tabTo(page, 'input[autocomplete=current-password]');
    await page.keyboard.type(stage.archive.passwordOf('trial_owner'));
    await page.keyboard.press('Enter');
    await page.locator('.rail').waitFor();
    await page.keyboard.press('Alt+2');
    await page.locator('.grid-row').first().waitFor();
    await tabTo(page, '.grid-row');
    await arrowTo(page, SAMPLE_ROW);
    await page.keyboard.press('Enter');
    await page.locator('.overlay').waitFor();
    await tabTo(page, '[role=treeitem]');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '[data-page]');
    const before = page.url();
    await page.keyboard.press('ArrowRight');
    await eventually(() => page.url()).not.toBe(before);
    expect(await focusIs(page, '[data-page]')).toBe(true);
    await page.keyboard.press('/');
    expect(await focusIs(page, 'input[type=search]')).toBe(true);
    await page.keyboard.type('登记表');
    await page.keyboard.press('Enter');
    await page.locator('[data-hit]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focusIs(page, '[data-hit]')).toBe(true);
    await page.keyboard.press('Enter');
    await page.locator('.desk-head').waitFor();
    expectNoFaults(visitor);
    await visitor.close();
  });

  it('shows the sheet of keys that work here, and closes it', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: '这里可用的快捷键' });
    await sheet.getByText('选中或取消').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
  });

  it('takes no key of an input method for a shortcut, and the same key without one for what it is', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().waitFor();
    const press = (how: { isComposing: boolean }) =>
      page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, ...init })), how);
    const sheet = page.getByRole('dialog', { name: '这里可用的快捷键' });
    await press({ isComposing: true });
    expect(await sheet.count()).toBe(0);
    await press({ isComposing: false });
    await sheet.waitFor();
    await page.keyboard.press('Escape');
  });

  it('types letters into fields, not into shortcuts', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().waitFor();
    await page.locator('.who-filter input').focus();
    await page.keyboard.type('cs?u');
    expect(await page.locator('.who-filter input').inputValue()).toBe('cs?u');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.locator('.who-filter input').fill('');
  });

  it('skips to the content', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().waitFor();
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    expect(await focusIs(page, '#main')).toBe(true);
  });

  it('prints a page by keyboard: not without a reason, and then as a download that the log names', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').filter({ hasText: SAMPLE_ROW }).click();
    await page.locator('.overlay').waitFor();
    await page.keyboard.press('p');
    const dialog = page.getByRole('dialog', { name: '打印页面' });
    await dialog.getByLabel('用途说明').waitFor();
    await eventually(() => focusIs(page, '[role=dialog] input[maxlength="200"]')).toBe(true);
    const refusal = dialog.getByText('请填写用途说明').first();
    await page.keyboard.press('Enter');
    await refusal.waitFor();
    await page.keyboard.type('政审附件');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toBe(`${SAMPLE_ROW}-print.pdf`);
    await dialog.waitFor({ state: 'detached' });
    expectNoFaults(stage.visitor);
  });
}
