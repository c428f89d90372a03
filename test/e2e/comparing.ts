import type { Desk, Operation } from '@lantai/contract';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { ask } from './enter.ts';
import { type Received, receiveDossier } from './receive.ts';
import type { Stage } from './stage.ts';
import { eventually } from './visitor.ts';

/** A form of one material that says when its subject was born. */
const form = (pageIds: readonly string[], title: string, date: string, birthDate: string): Operation => ({
  type: 'assemble',
  pageIds: [...pageIds],
  edit: {
    classCode: '1',
    title,
    date,
    fields: [{ code: 'birthDate', value: birthDate, pageId: pageIds[0] ?? null, box: [120, 120, 300, 80] }],
  },
});

/** Two forms that disagree about a year of birth; the second face of the first gave way to a better scan. */
async function makeConflict(page: Page): Promise<Received & { readonly rescannedId: string }> {
  const dossier = await receiveDossier(page, '孔比对', 4);
  const path = `/api/v1/dossiers/${dossier.id}`;
  let desk = await ask<Desk>(page, 'GET', `${path}/desk`);
  const [p1, p2, p3, p4] = desk.pages.map((one) => one.id) as [string, string, string, string];
  const operate = async (...operations: Operation[]) => {
    desk = await ask<Desk>(page, 'POST', `${path}/operations`, { baseVersion: desk.version, operations });
  };
  await operate(form([p1, p2], '职工登记表', '2003-09', '1974-03'), form([p3], '履历表', '2003-07', '1975-03'));
  await operate(...desk.materials.map((m): Operation => ({ type: 'confirm', materialId: m.id })));
  await operate({ type: 'replacePage', pageId: p2, byPageId: p4, reason: '原扫描模糊' });
  return { ...dossier, rescannedId: desk.materials.find((m) => m.pageIds.includes(p1))?.id ?? '' };
}

/** Key facts, the comparison desk and versions of a material. */
export function comparingTests(stage: Stage): void {
  it('leads from a conflict of key facts to both places side by side, magnifies them by keys, and keeps what gave way', async () => {
    const { page } = stage.visitor;
    const dossier = await makeConflict(page);
    await page.goto(`/dossiers/${dossier.id}/key-facts`);
    await page.getByRole('link', { name: '并排比对' }).waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await page.getByRole('link', { name: '并排比对' }).focus();
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.compare-pane .overlay').count()).toBe(2);
    const ratios = () => page.locator('.compare-choice .num').allTextContents();
    await page.keyboard.press('8');
    await eventually(ratios).toEqual(['800 %', '800 %']);
    await page.keyboard.press('1');
    await eventually(ratios).toEqual(['100 %', '100 %']);
    expect(new URL(page.url()).search).not.toMatch(/19\d\d/);
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);
    await page.goto(`/dossiers/${dossier.id}?material=${dossier.rescannedId}`);
    await page.getByText('版本', { exact: true }).click();
    await page.getByText('原扫描模糊').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '新旧并排查看' }).click();
    await eventually(() => page.locator('.scan-pair .overlay').count()).toBe(2);
  });
}
