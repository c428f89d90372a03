import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import vectors from '../vectors/timestamp/tokens.json' with { type: 'json' };
import { graveFindings } from './axe.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, openVisitor, signIn } from './visitor.ts';

/** A service of time-stamps that nobody runs: what the screen says of it is what is tested. */
const NOBODY = 'http://127.0.0.1:1/';

/** Where a stage's pictures go when somebody wants to look at them. */
const PICTURES = process.env.LANTAI_PICTURES;

/** Anchors and witnesses: set, failing with what to do, tried again, printed, ended. */
export function anchorTests(stage: Stage): void {
  it('lets who may set an anchor by keyboard, says why it fails and what to do, tries again, prints the checkpoint and ends it', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url);
    const { page } = visitor;
    const picture = async (name: string) => {
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
    };
    await signIn(page, stage.archive, 'trial_owner');
    await page.goto('/anchors');
    await page.locator('.anchors .state', { hasText: '尚未设置锚定服务' }).waitFor();
    await picture('anchors-empty-1440-zh');
    await page.getByRole('button', { name: '添加服务' }).focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog');
    await form.getByLabel('名称').focus();
    await page.keyboard.type('tsa-one');
    await page.keyboard.press('Tab');
    await page.keyboard.type(NOBODY);
    await page.keyboard.press('Tab');
    await page.keyboard.insertText('no certificate');
    const send = form.getByRole('button', { name: '添加服务' });
    await send.focus();
    await page.keyboard.press('Enter');
    await form.locator('.refusal', { hasText: '根证书' }).waitFor();
    await form.getByLabel('信任的根证书').fill(vectors.roots.own);
    await picture('anchors-form-1440-zh');
    await send.focus();
    await page.keyboard.press('Enter');
    await form.waitFor({ state: 'detached' });
    await page.locator('.anchor-provider', { hasText: 'tsa-one' }).waitFor();
    await page.getByRole('button', { name: '立即重试并核验' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.ant-message', { hasText: '立即重试' }).waitFor();
    const fault = page.locator('.anchor-provider .anchor-fault', { hasText: '请检查网络与服务地址' });
    await eventually(async () => {
      await page.reload();
      await page.locator('.anchor-provider').waitFor();
      return fault.count();
    }).toBe(1);
    await page.locator('.stamped .chip.cinnabar', { hasText: '未成功' }).waitFor();
    await picture('anchors-failing-1440-zh');
    expect(await graveFindings(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '打印每日检查点' }).click();
    const sheet = readFileSync(await (await download).path());
    expect(sheet.subarray(0, 5).toString()).toBe('%PDF-');
    await page.setViewportSize({ width: 390, height: 844 });
    // The page draws itself anew for the narrow window a moment later.
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1)).toBe(true);
    expect(await graveFindings(page)).toEqual([]);
    await picture('anchors-failing-390-zh');
    await page.getByRole('button', { name: '停用' }).click();
    await page.locator('.ant-popover button.ant-btn-primary').click();
    await page.locator('.anchors .state', { hasText: '尚未设置锚定服务' }).waitFor();
    await page.getByText('已停用的服务（1）').click();
    await page.locator('.anchor-provider.off', { hasText: 'tsa-one' }).waitFor();
    await picture('anchors-ended-390-zh');
    expectNoFaults(visitor);
    await visitor.close();
  });

  it('says in English that the anchors cannot be had when the server fails, and shows them when it is asked again', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url, { language: 'en' });
    const { page } = visitor;
    await signIn(page, stage.archive, 'trial_owner');
    await page.route('**/api/v1/anchors/**', (route) => route.fulfill({ status: 503, body: '' }));
    await page.goto('/anchors');
    await page.locator('.anchors [data-state=loading]').first().waitFor();
    await eventually(() => page.locator('.anchors [data-state=error]').count()).toBe(2);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/anchors-error-1440-en.png`, fullPage: true });
    await page.unroute('**/api/v1/anchors/**');
    await page.getByRole('button', { name: 'Try again', exact: true }).first().click();
    await page.locator('.anchors .state', { hasText: 'No service is set' }).waitFor();
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/anchors-empty-1440-en.png`, fullPage: true });
    await visitor.close();
  });
}
