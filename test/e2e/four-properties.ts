import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { receiveDossier } from './receive.ts';
import type { Stage } from './stage.ts';
import { eventually, numberIn } from './visitor.ts';

/** The four-property checks (四性检测) of a dossier. */
export function fourPropertyTests(stage: Stage): void {
  it('checks by a key, tells what came of it, and takes from a person what no machine can tell, not without words', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔四性', 1);
    await page.goto(`/dossiers/${dossier.id}/properties`);
    await page.getByText('还没有检测过').waitFor();
    await page.keyboard.press('s');
    const check = page.getByRole('region', { name: '四性检测' });
    await check.waitFor();
    const waiting = async () => numberIn(await check.locator('.four-counts .chip', { hasText: '待人工' }).textContent());
    const before = await waiting();
    expect(before).toBeGreaterThan(0);
    const asked = check.locator('.four-item', { has: page.locator('.chip', { hasText: '待人工' }) });
    const code = await asked.first().locator('.code').textContent();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await asked.first().getByRole('button', { name: '填写结果' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: `填写 ${code} 的检测结果` });
    const send = dialog.getByRole('button', { name: '填写结果' });
    expect(await send.isDisabled()).toBe(true);
    expect(await graveFindings(page)).toEqual([]);
    await dialog.getByLabel('检测方法与所见').fill('逐页翻看，未见异常。');
    await send.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await eventually(waiting).toBe(before - 1);
    await page.reload();
    await check.getByText('全部', { exact: true }).click();
    const answered = check.locator('.four-item', { hasText: '逐页翻看，未见异常。' });
    expect(await answered.locator('.code').textContent()).toBe(code);
    expect(await answered.locator('.chip').textContent()).toBe('通过');
  });
}
