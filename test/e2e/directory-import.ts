import { writeTableXlsx } from '@lantai/documents/sheets';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { graveFindings } from './axe.ts';

/** A sheet of units and people, as an office would send it: one of its rows asks for what no list gives. */
async function makeList(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const column = (heading: string) => ({ heading, width: 12 });
  const bytes = await writeTableXlsx([
    {
      name: '机构 Units',
      columns: ['机构代码', '机构名称', '上级机构代码'].map(column),
      rows: [
        ['GB1', '干部一科', 'GB'],
        ['GB', '干部处', ''],
      ],
    },
    {
      name: '人员 People',
      columns: ['工号', '登录名', '姓名', '机构代码', '角色', '密级', '停用'].map(column),
      rows: [
        ['20260001', 'qidiao.kai', '漆雕开', 'GB1', '单位经办人', '内部', ''],
        ['20260002', 'zuoqiu.ming', '左丘明', '', '查阅人', '', ''],
        ['20260003', 'shentu.di', '申屠狄', '', '安全审计员', '', ''],
      ],
    },
  ]);
  return { name: 'list.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: Buffer.from(bytes) };
}

/** The system administrator imports the units of a list, by keyboard, and is refused its people. */
export async function importUnits(page: Page): Promise<void> {
  await page.goto('/organisations');
  await page.getByRole('button', { name: '名单导入' }).click();
  await page.getByRole('dialog').locator('[data-state=empty]').waitFor();
  await page
    .getByLabel('选择名单（.xlsx）')
    .setInputFiles({ name: 'not.xlsx', mimeType: 'text/plain', buffer: Buffer.from('工号,登录名') });
  const preview = page.getByRole('button', { name: '预演' });
  await preview.focus();
  await page.keyboard.press('Enter');
  await page.getByText('这不是 Excel 工作簿').waitFor();
  await page.getByLabel('选择名单（.xlsx）').setInputFiles(await makeList());
  await preview.focus();
  await page.keyboard.press('Enter');
  await page.locator('.directory-counts', { hasText: '新建 2' }).waitFor();
  expect(await page.locator('.directory-lines li', { hasText: '此项由另一位管理员办理' }).count()).toBe(2);
  expect(await graveFindings(page)).toEqual([]);
  await page.getByRole('button', { name: '导入', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('导入完成').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('treeitem', { name: /干部一科/ }).waitFor();
}

/** The security administrator imports its people, with first passwords; who asks for an administrator's role is refused by row and column. */
export async function importPeople(page: Page): Promise<void> {
  await page.goto('/accounts');
  await page.getByRole('tab', { name: '名单导入' }).click();
  await page.getByLabel('选择名单（.xlsx）').setInputFiles(await makeList());
  await page.getByRole('checkbox', { name: /为新账户生成初始密码/ }).check();
  await page.getByRole('button', { name: '预演' }).click();
  const refused = page.locator('.directory-lines li', { hasText: '20260003' });
  await refused.getByText('E 列第 4 行').waitFor();
  await refused.getByText('名录不能授予管理员角色').waitFor();
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载错误清单' }).click()]);
  expect(sheet.suggestedFilename()).toBe('lantai-directory-errors.xlsx');
  expect(await graveFindings(page)).toEqual([]);
  await page.getByRole('button', { name: '导入', exact: true }).click();
  await page.locator('.once code', { hasText: /^20260001 {2}qidiao\.kai {2}\w{4}(-\w{4}){3}$/ }).waitFor();
  await page.getByRole('tab', { name: '账户', exact: true }).click();
  await page.locator('.account-line', { hasText: 'zuoqiu.ming' }).waitFor();
  expect(await page.locator('.account-line', { hasText: 'shentu.di' }).count()).toBe(0);
}
