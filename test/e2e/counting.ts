import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { openFromDesk, receiveDossier } from './receive.ts';
import type { Stage } from './stage.ts';

/** Counting (清点) and filing (验收归档). */
export function countingTests(stage: Stage): void {
  it('declares a slip by keyboard, tells the gap, files nothing before it is settled with words, and then does', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔清点', 2);
    await openFromDesk(page, dossier, '清点与归档');
    const dialog = page.getByRole('dialog', { name: '清点与归档' });
    await dialog.getByText('尚未填写流程单').waitFor();
    const declare = dialog.getByRole('button', { name: '填写流程单' });
    await declare.focus();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('张数').waitFor();
    await page.keyboard.type('1');
    await page.keyboard.press('Tab');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await dialog.locator('.refusal', { hasText: '每张一至两面' }).waitFor();
    await dialog.getByLabel('张数').fill('2');
    await page.keyboard.press('Enter');
    await dialog.getByRole('status').getByText('缺 1 面').waitFor();
    const file = dialog.getByRole('button', { name: '验收归档' });
    await file.click();
    await page.locator('.ant-message', { hasText: '清点有异常未处理，不能归档' }).waitFor();
    const report = dialog.locator('.count-reports li');
    await report.getByText('未处理').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await dialog.getByRole('button', { name: '改填流程单' }).click();
    await dialog.getByLabel('登记空白面').fill('1');
    await declare.click();
    await dialog.getByRole('status').getByText('张数、面数与图像相符').waitFor();
    await file.click();
    // Numbers that agree again close no report.
    await report.getByText('未处理').waitFor();
    const settle = report.getByRole('button', { name: '处理完毕' });
    expect(await settle.isDisabled()).toBe(true);
    await report.getByLabel('处理情况').fill('末页背面空白，已改填。');
    await settle.click();
    await report.getByText('已处理').waitFor();
    await file.click();
    await file.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.desk-chips').getByText('在库').waitFor();
  });
}
