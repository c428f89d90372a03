import type { Desk, Operation } from '@lantai/contract';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { ask } from './enter.ts';
import { type Received, receiveDossier } from './receive.ts';
import { openSecond, SECOND, showPasswordAgain } from './second.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults } from './visitor.ts';

/** Two materials of a page each, confirmed by who is signed in on the page. */
async function confirmTwo(page: Page): Promise<Received> {
  const dossier = await receiveDossier(page, '孔双人', 2);
  const path = `/api/v1/dossiers/${dossier.id}`;
  let desk = await ask<Desk>(page, 'GET', `${path}/desk`);
  const operate = async (operations: Operation[]) => {
    desk = await ask<Desk>(page, 'POST', `${path}/operations`, { baseVersion: desk.version, operations });
  };
  const titles = ['职工登记表', '履历表'];
  await operate(desk.pages.map((one, i) => ({ type: 'assemble', pageIds: [one.id], edit: { classCode: '1', title: titles[i]! } })));
  await operate(desk.materials.map((m) => ({ type: 'confirm', materialId: m.id })));
  return dossier;
}

const band = (page: Page) => page.locator('.check-band');
const ruled = (page: Page, on: boolean) => page.getByRole('switch', { name: '干部人事档案', checked: on });

/** Turns two-person mode on or off on the screen of reviews. */
async function rule(page: Page, on: boolean): Promise<void> {
  await page.goto('/review');
  await page.getByRole('button', { name: '双人复核设置' }).click();
  const dialog = page.getByRole('dialog', { name: '双人复核设置' });
  await ruled(page, !on).click();
  await ruled(page, on).waitFor();
  expect(await graveFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** Two-person mode of cataloguing (双人复核). */
export function countercheckTests(stage: Stage): void {
  it('has what one confirmed returned, answered and passed by another by keyboard, and files nothing before', async () => {
    const { page } = stage.visitor;
    const second = await openSecond(stage);
    await showPasswordAgain(stage, 'first');
    await rule(page, true);
    const dossier = await confirmTwo(page);
    await page.goto(`/dossiers/${dossier.id}`);
    await band(page).getByText('由您本人确认，须由另一人复核').waitFor();
    expect(await band(page).getByRole('button', { name: '复核通过' }).count()).toBe(0);
    await page.keyboard.press('y');
    await page.keyboard.press('w');
    await page.locator('.ant-message', { hasText: '没有等您复核的材料' }).waitFor();
    // The second person: from the queue to the page beside the form.
    const other = second.page;
    await other.goto('/review?as=second');
    await other.locator('.check-line').filter({ hasText: dossier.code }).first().waitFor();
    expect(await graveFindings(other)).toEqual([]);
    await expectFitsPhone(other);
    await other.locator('.check-line').filter({ hasText: dossier.code }).filter({ hasText: '职工登记表' }).focus();
    await other.keyboard.press('Enter');
    await band(other).getByText('待复核').waitFor();
    await other.locator('.overlay').waitFor();
    expect(await graveFindings(other)).toEqual([]);
    await other.keyboard.press('v');
    await other.getByRole('dialog', { name: '退回给著录人' }).getByLabel('退回原因').waitFor();
    await other.locator('[role=dialog] input:focus').waitFor();
    await other.keyboard.type('题名与原件不符');
    await other.keyboard.press('Enter');
    await band(other).getByText('题名与原件不符').waitFor();
    await other.keyboard.press('w');
    await other.locator('.ant-message', { hasText: '已复核通过 1 份' }).waitFor();
    await eventually(() => ask(other, 'POST', `/api/v1/dossiers/${dossier.id}/filing`).catch(String)).toMatch(/not-counterchecked/);
    // The first: what came back, and why; corrected, it waits again.
    await page.goto('/review?as=first');
    await page
      .locator('.check-line')
      .filter({ hasText: `${SECOND} 退回` })
      .filter({ hasText: '题名与原件不符' })
      .click();
    await band(page).getByText('题名与原件不符').waitFor();
    await expectFitsPhone(page);
    await page.locator('[data-row=title] input').first().fill('干部履历表');
    await page.keyboard.press('Enter');
    await band(page).getByText('待复核').waitFor();
    await other.reload();
    await band(other).getByRole('button', { name: '复核通过' }).waitFor();
    await other.keyboard.press('y');
    await eventually(() => other.locator('.desk-chips').textContent()).not.toContain('待您复核');
    await ask(page, 'POST', `/api/v1/dossiers/${dossier.id}/filing`);
    await showPasswordAgain(stage, 'first');
    await rule(page, false);
    expectNoFaults(second);
  });
}
