import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { openFromDesk, receiveDossier } from './receive.ts';
import type { Stage } from './stage.ts';
import { eventually } from './visitor.ts';

/** What the desk opens over itself: the score of a dossier and its copy. */
export function deskDialogTests(stage: Stage): void {
  it('says the score of a dossier and why, and takes off what a person judges', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔评分', 1);
    await openFromDesk(page, dossier, '完整性与质量评分');
    const dialog = page.getByRole('dialog', { name: '完整性与质量评分' });
    const score = async () => Number.parseFloat((await dialog.getByRole('status').first().textContent()) ?? '');
    await dialog.getByText('有 1 页散页没有归入材料').waitFor();
    const before = await score();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    const judged = dialog.locator('input[aria-label^=人工扣分]').last();
    await judged.focus();
    // Digit after digit, as a person types.
    await page.keyboard.type('0.5');
    await page.keyboard.press('Enter');
    await eventually(score).toBe(before - 0.5);
    await judged.fill('');
    await judged.press('Enter');
    await eventually(score).toBe(before);
  });

  it('makes a dual-layer copy by keyboard: not without a reason, and then as a download', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔复制', 1);
    await openFromDesk(page, dossier, '复制整卷或材料（双层 PDF、OFD）');
    const dialog = page.getByRole('dialog', { name: '复制整卷或材料（双层 PDF、OFD）' });
    const reason = dialog.getByLabel('用途说明');
    await eventually(() => reason.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByText('请填写用途说明').first().waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await reason.focus();
    await page.keyboard.insertText('政审附件');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const copy = await download;
    expect(copy.suggestedFilename()).toBe(`${dossier.code}-copy.pdf`);
    expect(
      readFileSync(await copy.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    await dialog.waitFor({ state: 'detached' });
  });
}
