import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { graveFindings } from './axe.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, openVisitor, signIn } from './visitor.ts';

const STANDARD = '/standards?standard=quality.cadre-100';

/** Schemes and quality standards: changed item by item and as a text, adopted from a day on, withdrawn. */
export function standardTests(stage: Stage): void {
  it('lets the archive change points by keyboard, tells what differs, adopts from a day on and takes it back before that day', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url);
    const { page } = visitor;
    await signIn(page, stage.archive, 'trial_owner');
    await page.goto(STANDARD);
    await page.locator('.standard-items tbody tr').first().waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: '修改' }).click();
    const points = page.getByRole('spinbutton', { name: '分值 2', exact: true });
    await points.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('4');
    await page.getByRole('button', { name: '写成新版本' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.differences li', { hasText: '第 2 条由 3 分改为 4 分' }).waitFor();
    const adopt = page.getByRole('button', { name: '启用此版' });
    expect(await adopt.isDisabled()).toBe(true);
    await page.getByLabel('生效日期').fill('2999-01-01');
    expect(await graveFindings(page)).toEqual([]);
    await adopt.focus();
    await page.keyboard.press('Enter');
    const line = page.locator('.standard-versions li', { hasText: '待生效' });
    await line.waitFor();
    expect(await page.locator('.standard-versions li', { hasText: '现行' }).textContent()).toContain('第 1 版');
    await line.getByRole('button', { name: '撤回' }).click();
    await page.locator('.standard-versions li', { hasText: '已撤回' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1)).toBe(true);
    expectNoFaults(visitor);
    await visitor.close();
  });

  it('leads from a problem of the text to its line, and adopts nothing while there is one', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url, { language: 'en' });
    const { page } = visitor;
    await signIn(page, stage.archive, 'trial_owner');
    await page.goto('/standards?standard=scheme.labour-contract&tab=edit');
    const text = page.getByRole('textbox', { name: 'Text' });
    await text.waitFor();
    const own = await text.inputValue();
    // The next after the program's own.
    const shipped = /^version: (\d+)$/m.exec(readFileSync(join(import.meta.dirname, '../../schemes/labour-contract.yaml'), 'utf8'))?.[1];
    expect(own).toContain(`version: ${Number(shipped) + 1}\n`);
    await text.fill(`${own}\nnobody-knows: 1\n`);
    const problem = page.locator('.problems button').first();
    await problem.waitFor();
    await problem.click();
    expect(await text.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd))).toBe(
      'nobody-knows: 1',
    );
    await page.getByLabel('In force from').fill('2999-01-01');
    expect(await page.getByRole('button', { name: 'Adopt', exact: true }).isDisabled()).toBe(true);
    expectNoFaults(visitor);
    await visitor.close();
  });
}
