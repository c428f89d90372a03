import { expect, it } from 'vitest';
import type { Stage } from './stage.ts';
import { expectNoFaults, openVisitor, signIn } from './visitor.ts';

/** What the page shows when something is not as it should be. */
export function stateTests(stage: Stage): void {
  it('says that the server cannot be reached, and goes on by itself when it can', async () => {
    const { page, context } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().waitFor();
    await page.keyboard.press('Alt+1');
    await page.locator('.tasks, .all-done').first().waitFor();
    await context.setOffline(true);
    await page.keyboard.press('Alt+2');
    await page.locator('.banner.offline').waitFor();
    await page.locator('[data-state=offline], .grid-row').first().waitFor();
    await context.setOffline(false);
    await page.locator('.banner.offline').waitFor({ state: 'detached' });
    await page.locator('.grid-row').first().waitFor();
    stage.visitor.takeFaults();
  });

  it('shows an empty list with a way on, and an address nobody has with a way back', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers?state=closed');
    await page.locator('[data-state=empty]').getByRole('button', { name: '清除筛选' }).click();
    await page.locator('.grid-row').first().waitFor();
    await page.goto('/dossiers/0190a000-0000-7000-8000-000000000000');
    await page.locator('[data-state=error]').waitFor();
    await page.goto('/no/such/page');
    await page.getByRole('link', { name: '回到待办' }).click();
    await page.locator('.overview').waitFor();
    expectNoFaults(stage.visitor);
  });

  it('alarms on every screen when the log is not what this browser saw before', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url);
    const { page } = visitor;
    await signIn(page, stage.archive, 'trial_owner');
    await page.locator('.chip.jade').first().waitFor();
    expect(await page.locator('.banner.alarm').count()).toBe(0);
    // As if the browser had met another key: what a replaced log would look like to it.
    await page.evaluate(() => {
      const key = Object.keys(localStorage).find((k) => k.startsWith('lantai.log.'))!;
      const memory = JSON.parse(localStorage.getItem(key)!) as { verifierKeys: string[] };
      const [name, , material] = memory.verifierKeys[0]!.split('+');
      localStorage.setItem(key, JSON.stringify({ ...memory, verifierKeys: [`${name}+00000000+${material}`] }));
    });
    await page.goto('/account');
    await page.locator('.banner.alarm').waitFor();
    await page.goto('/log');
    await page.locator('.watch.broken').waitFor();
    expectNoFaults(visitor);
    await visitor.close();
  });

  it('keeps language and looks, and draws the desk on a phone in parts', async () => {
    const visitor = await openVisitor(stage.browser, stage.archive.url, { width: 390, height: 844, language: 'en' });
    const { page } = visitor;
    await signIn(page, stage.archive, 'trial_owner');
    await page.goto('/dossiers');
    await page.locator('.grid-row').filter({ hasText: 'P1101' }).click();
    await page.locator('.overlay').waitFor();
    await page.getByText('Contents', { exact: true }).click();
    await page.locator('[role=tree]').waitFor();
    await page.getByText('Checks', { exact: true }).click();
    await page.locator('.checks-panel').waitFor();
    await page.getByText('Page', { exact: true }).click();
    await page.locator('.overlay').waitFor();
    expectNoFaults(visitor);
    await visitor.close();
  });
}
