import type { Desk, Operation } from '@lantai/contract';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { ask } from './enter.ts';
import { type Received, receiveDossier } from './receive.ts';
import { openSecond, SECOND, showPasswordAgain } from './second.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults } from './visitor.ts';

/** A dossier whose only form says when its subject was born. */
async function makeForm(page: Page): Promise<Received> {
  const dossier = await receiveDossier(page, '孔认定', 1);
  const path = `/api/v1/dossiers/${dossier.id}`;
  const { version, pages } = await ask<Desk>(page, 'GET', `${path}/desk`);
  const fields = [{ code: 'birthDate', value: '1974-03' }];
  const edit = { classCode: '1', title: '职工登记表', date: '2003-09', fields };
  const operations: Operation[] = [{ type: 'assemble', pageIds: [pages[0]!.id], edit }];
  const desk = await ask<Desk>(page, 'POST', `${path}/operations`, { baseVersion: version, operations });
  const confirm: Operation[] = [{ type: 'confirm', materialId: desk.materials[0]!.id }];
  await ask<Desk>(page, 'POST', `${path}/operations`, { baseVersion: desk.version, operations: confirm });
  return dossier;
}

const WORDS = {
  认定为: '1974-05',
  '文号（没有可不填）': '组审〔2026〕3号',
  认定机关: '市委组织部',
  认定日期: '2026-11-20',
  认定理由: '以最早材料为准',
};

/** Determinations by two persons (认定初审、复审) and their document (认定材料). */
export function determinationTests(stage: Stage): void {
  it('is proposed by one, confirmed by another, filed as a material of its own, and leads there and back', async () => {
    const { page } = stage.visitor;
    const second = await openSecond(stage);
    const dossier = await makeForm(page);
    await page.goto(`/dossiers/${dossier.id}/key-facts`);
    await page.locator('.fact-head', { hasText: '出生日期' }).click();
    await page.getByRole('button', { name: '提出认定' }).click();
    const form = page.getByRole('dialog', { name: '提出认定：出生日期' });
    for (const [label, text] of Object.entries(WORDS)) await form.getByLabel(label).fill(text);
    await form.getByRole('button', { name: '提出认定' }).click();
    await form.waitFor({ state: 'detached' });
    // Who proposed may withdraw it, and has no button to decide.
    await page.locator('.determinations').getByText('初审 ').waitFor();
    expect(await page.locator('.determinations').getByRole('button', { name: '复审' }).count()).toBe(0);
    const other = second.page;
    await other.goto(`/dossiers/${dossier.id}/key-facts`);
    await other.locator('.fact-head', { hasText: '出生日期' }).click();
    await other.locator('.determinations').getByRole('button', { name: '复审' }).click();
    const review = other.getByRole('dialog', { name: '复审：1974-05' });
    await review.getByLabel('复审意见').fill('同意');
    expect(await graveFindings(other)).toEqual([]);
    await showPasswordAgain(stage, 'second');
    await review.getByRole('button', { name: '复审通过' }).click();
    await review.waitFor({ state: 'detached' });
    const line = other.locator('.determinations li.current');
    await line.getByText('现行认定').waitFor();
    await line.getByText('认定材料尚未归入案卷').waitFor();
    await line.getByRole('button', { name: '生成认定材料' }).click();
    await line.getByText(`据认定生成，${SECOND}`).waitFor();
    expect(await graveFindings(other)).toEqual([]);
    await expectFitsPhone(other);
    await line.getByRole('link', { name: '干部基本信息审核认定表' }).click();
    const back = other.locator('.side').getByRole('link', { name: '认定材料：出生日期' });
    await back.waitFor();
    await other.locator('.tree-row', { hasText: '干部基本信息审核认定表' }).waitFor();
    await other.locator('.overlay').waitFor();
    expect(await graveFindings(other)).toEqual([]);
    // What it says is corrected by another document alone.
    await other.locator('[data-row=title] input').first().fill('另一题名');
    await other.keyboard.press('Enter');
    await other.locator('.ant-message', { hasText: '这是一项认定的认定材料' }).waitFor();
    await other.goto(`/dossiers/${dossier.id}/key-facts`);
    await eventually(() => other.locator('.fact-head', { hasText: '出生日期' }).textContent()).toContain('已认定');
    expectNoFaults(second);
  });
}
