import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { ask } from './enter.ts';
import { type Received, receiveDossier } from './receive.ts';
import { openSecond } from './second.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults } from './visitor.ts';

/** Makes a batch of one dossier from the list, by keyboard. */
async function makeBatch(page: Page, { code }: Received, batch: string): Promise<void> {
  await page.goto('/dossiers');
  await page.locator('.grid-row').filter({ hasText: code }).focus();
  await page.keyboard.press(' ');
  await page.getByText('已选 1 卷').waitFor();
  await page.getByRole('button', { name: '组批' }).focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: '组批（1 卷）' });
  await form.getByLabel('批次号').waitFor();
  expect(await graveFindings(page)).toEqual([]);
  await form.getByLabel('批次号').fill(batch);
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'detached' });
}

/** Finishes the stations before the first inspection, as whoever works there does. */
async function workUpToCheck(page: Page, dossierId: string, batch: string): Promise<void> {
  await ask(page, 'POST', `/api/v1/dossiers/${dossierId}/slips`, { sheets: 1, faces: 2 });
  const { items } = await ask<{ items: { id: string; code: string }[] }>(page, 'GET', '/api/v1/batches');
  const batchId = items.find((one) => one.code === batch)?.id;
  for (const station of ['take_out', 'prepare', 'describe', 'scan', 'process']) {
    const claim = await ask<{ id: string }>(page, 'POST', `/api/v1/batches/${batchId}/claims`, { station });
    await ask(page, 'POST', `/api/v1/claims/${claim.id}/finish`);
  }
}

/** Another person inspects again, links and accepts; and then the dossier is filed. */
async function inspectAgain(stage: Stage, { id, code }: Received, batch: string): Promise<void> {
  const second = await openSecond(stage);
  const { page } = second;
  const station = (name: string) => page.locator('.batch-card', { hasText: batch }).locator('.station-row > li', { hasText: name });
  await page.goto('/stations');
  await station('质检').getByRole('button', { name: '领取' }).click();
  const progress = page.locator('.inspection-progress');
  await progress.getByText('已判 0 / 2 页').waitFor();
  await page.locator('.inspection .overlay').waitFor();
  await page.keyboard.press('p');
  await progress.getByText('已判 1 / 2 页').waitFor();
  await page.keyboard.press('p');
  await progress.getByText('已判 2 / 2 页，不合格 0 页').waitFor();
  await page.getByRole('button', { name: '完成移交' }).click();
  await page.getByText('手上没有案卷').waitFor();
  for (const [name, act] of [
    ['挂接', '完成移交'],
    ['验收', '验收归档'],
  ] as const) {
    await station(name).getByRole('button', { name: '领取' }).click();
    const claim = page.locator('.claims li', { hasText: code });
    await claim.getByRole('button', { name: act }).click();
    await page.getByText('手上没有案卷').waitFor();
  }
  await eventually(async () => (await ask<{ state: string }>(page, 'GET', `/api/v1/dossiers/${id}`)).state).toBe('filed');
  expectNoFaults(second);
}

/** Stations of digitisation (数字化工序). */
export function stationTests(stage: Stage): void {
  it('makes a batch from the list, claims, inspects by hot keys, hands on, lets nobody inspect twice, and another inspects again, links and accepts', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔工序', 2);
    const batch = 'PC-2026-01';
    await makeBatch(page, dossier, batch);
    await workUpToCheck(page, dossier.id, batch);
    await page.goto('/stations');
    const station = page.locator('.batch-card', { hasText: batch }).locator('.station-row > li', { hasText: '质检' });
    await station.getByRole('button', { name: '领取' }).waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await station.getByRole('button', { name: '领取' }).focus();
    await page.keyboard.press('Enter');
    const progress = page.locator('.inspection-progress');
    await progress.getByText('已判 0 / 2 页').waitFor();
    await page.locator('.inspection .overlay').waitFor();
    await page.keyboard.press('f');
    await page.locator('.ant-message', { hasText: '先标明缺陷' }).waitFor();
    await page.keyboard.press('m');
    await page.getByRole('button', { name: '模糊', pressed: true }).waitFor();
    await page.keyboard.press('f');
    await progress.getByText('已判 1 / 2 页，不合格 1 页').waitFor();
    await progress.getByText('不合格', { exact: true }).waitFor();
    const finish = page.getByRole('button', { name: '完成移交' });
    expect(await finish.isDisabled()).toBe(true);
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    const inHand = (name: string) => page.getByRole('button', { name }).and(page.locator('[aria-current=true]')).waitFor();
    await inHand('2 未判定');
    await page.keyboard.press('k');
    await inHand('1 不合格');
    await page.keyboard.press('p');
    await progress.getByText('已判 1 / 2 页，不合格 0 页').waitFor();
    await inHand('2 未判定');
    await page.keyboard.press('p');
    await progress.getByText('已判 2 / 2 页，不合格 0 页').waitFor();
    await finish.focus();
    await page.keyboard.press('Enter');
    await page.getByText('手上没有案卷').waitFor();
    await station.getByRole('button', { name: '领取' }).click();
    await page.locator('.ant-message', { hasText: '复检须由初检人、扫描人以外的人办理' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/stations');
    await inspectAgain(stage, dossier, batch);
  });
}
