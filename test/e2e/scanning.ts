import { expect, it } from 'vitest';
import type { PaperScanner } from '../../apps/server/src/scanning/testing/paper-scanner.ts';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { openFromDesk, receiveDossier } from './receive.ts';
import type { Stage } from './stage.ts';
import { eventually } from './visitor.ts';

/** A stack scanned from the desk. */
export function scanTests(stage: Stage, scanner: PaperScanner): void {
  it('scans from the desk: tells of a jam in words, goes on when told to, and the pages are there', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔扫描', 1);
    await scanner.lay(3, 2);
    await openFromDesk(page, dossier, '扫描入卷');
    const dialog = page.getByRole('dialog', { name: '扫描入卷' });
    await dialog.getByText('Test Feeder').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await dialog.getByRole('button', { name: '开始扫描' }).click();
    await dialog.getByText('卡纸，扫描停止').waitFor();
    await eventually(() => dialog.getByRole('status').textContent()).toContain('已封存 1 面');
    expect(await graveFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: '已处理好，续扫' }).click();
    await dialog.getByText('扫描结束').waitFor();
    await eventually(() => dialog.getByRole('status').textContent()).toContain('已封存 3 面');
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('.strip [data-page]').count()).toBe(4);
    // Nothing lies in the feeder any more.
    await openFromDesk(page, dossier, '扫描入卷');
    await dialog.getByRole('button', { name: '开始扫描' }).click();
    await dialog.getByText('送纸器中没有纸').waitFor();
    await page.keyboard.press('Escape');
  });
}
