import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { type ServedArchive, serveArchive } from './archive-server.ts';
import { graveFindings } from './axe.ts';
import { expectNoFaults, openVisitor, signIn, type Visitor } from './visitor.ts';

const PASSWORD = '一句只有自己记得住的话 2026';
/** Pictures for a person to look at: `LANTAI_SHOTS=<folder>`. */
const SHOTS = process.env.LANTAI_SHOTS;

/** Nothing grave by axe, nothing wider than the window, and a picture when one is asked for. */
async function look(page: Page, name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
  expect({ name, grave: await graveFindings(page), overflow }).toEqual({ name, grave: [], overflow: false });
}

/** Calls the server as the page would. */
async function call(page: Page, method: string, path: string, body?: unknown): Promise<Record<string, string>> {
  const answer = await page.evaluate(
    async ([m, p, b]) => {
      const response = await fetch(p!, {
        method: m!,
        ...(b === undefined ? {} : { body: b, headers: { 'content-type': 'application/json' } }),
      });
      return { status: response.status, text: await response.text() };
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)],
  );
  expect({ path, status: answer.status < 300 ? 'done' : answer }).toEqual({ path, status: 'done' });
  return answer.text ? JSON.parse(answer.text) : {};
}

describe('personal information, as people do it', { timeout: 180_000 }, () => {
  let archive: ServedArchive;
  let browser: Browser;
  let owner: Visitor;
  const person = { name: 'person1', password: '' };
  const code = 'Z999-RS-901';

  beforeAll(async () => {
    archive = await serveArchive('trial', 0);
    browser = await launchBrowser();
    owner = await openVisitor(browser, archive.url);
    const { page } = owner;
    await signIn(page, archive, 'trial_owner');
    const fonds = (await call(page, 'GET', '/api/v1/fonds')) as unknown as { fonds: { units: { id: string }[] }[] };
    const unitId = fonds.fonds[0]!.units[0]!.id;
    const subject = { kind: 'person', name: '褚试用' };
    const dossier = await call(page, 'POST', '/api/v1/dossiers', { code, unitId, schemeId: 'employee-lifecycle', subject });
    const made = (await call(page, 'POST', '/api/v1/accounts', {
      name: person.name,
      role: 'person',
      fondsId: null,
      unitId: null,
      levelMax: 1,
    })) as unknown as { account: { id: string }; password: string };
    person.password = made.password;
    await call(page, 'PUT', `/api/v1/accounts/${made.account.id}/subjects/${dossier.id}`);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await archive?.close();
  });

  it('lets a person on a phone see what is kept and ask for a restriction', async () => {
    const visitor = await openVisitor(browser, archive.url, { width: 390, height: 844 });
    const { page } = visitor;
    await page.goto('/');
    await page.locator('input[autocomplete=username]').fill(person.name);
    await page.locator('.door input[autocomplete=current-password]').fill(person.password);
    await page.keyboard.press('Enter');
    const fields = page.locator('.password-form input');
    await fields.nth(0).fill(person.password);
    for (const i of [1, 2]) await fields.nth(i).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.rail').waitFor();
    await page.locator('.rail a', { hasText: '我的请求' }).click();
    await page.locator('.own-dossier', { hasText: code }).waitFor();
    await page.getByText('您还没有提出过请求').waitFor();
    await look(page, 'own-390');
    await page.getByRole('button', { name: '提出请求' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: '事项' }).click();
    await page.locator('.ant-select-item', { hasText: '限制处理' }).click();
    await dialog.getByRole('textbox', { name: '请求内容' }).fill('核实出生日期期间请勿使用');
    await look(page, 'ask-390');
    await dialog.getByRole('button', { name: '提出请求' }).click();
    await page.locator('.line-button', { hasText: '待决定' }).waitFor();
    await look(page, 'asked-390');
    expectNoFaults(visitor);
    await visitor.close();
  });

  it('lets the archivist decide by keyboard, shows the mark in the list, and lifts the restriction again', async () => {
    const { page } = owner;
    await page.goto('/personal');
    const line = page.locator('.line-button', { hasText: code });
    await line.waitFor();
    await look(page, 'requests-1440');
    await line.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('核实出生日期期间请勿使用').waitFor();
    await dialog.getByRole('textbox', { name: /理由/ }).fill('核实期间限制处理');
    await look(page, 'decide-1440');
    await dialog.getByRole('button', { name: '同意' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.line-button', { hasText: '已办结' }).waitFor();
    await page.goto('/dossiers');
    await page.locator('.grid-row', { hasText: '限制处理' }).waitFor();
    await look(page, 'dossiers-restricted-1440');
    await page.goto('/personal');
    await page.getByRole('tab', { name: '限制处理' }).click();
    await page.getByRole('button', { name: '解除' }).click();
    await page.locator('.ant-popconfirm').getByRole('button', { name: '解除' }).click();
    await page.locator('.own-dossier', { hasText: '解除' }).waitFor();
    await page.locator('.ant-popconfirm').waitFor({ state: 'hidden' });
    expectNoFaults(owner);
  });

  it('keeps purposes, registers, assessments and drills', async () => {
    const { page } = owner;
    await page.goto('/personal');
    await page.getByRole('tab', { name: '处理目的与文本' }).click();
    await page.locator('.own-dossier', { hasText: '员工档案与劳动合同管理' }).getByRole('button', { name: '采用' }).click();
    await look(page, 'adopt-1440');
    await page.getByRole('dialog').getByRole('button', { name: '采用' }).click();
    await page.locator('.own-dossier', { hasText: '第 1 版' }).waitFor();
    await look(page, 'purposes-1440');
    await page.getByLabel('答复期限（工作日）').fill('10');
    await page.getByRole('button', { name: '保存变更' }).click();
    await page.getByRole('button', { name: '保存变更' }).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: '告知与同意' }).click();
    await page.locator('[data-state=empty]').waitFor();
    await look(page, 'consents-1440');
    await page.getByRole('tab', { name: '登记簿' }).click();
    await page.locator('.register td', { hasText: '员工档案与劳动合同管理' }).waitFor();
    await look(page, 'registers-1440');
    await page.getByRole('tab', { name: '影响评估' }).click();
    await page.locator('[data-state=empty]').waitFor();
    await page.getByRole('tab', { name: '事件与演练' }).click();
    await page.locator('[data-state=empty]').getByRole('button').click();
    const dialog = page.getByRole('dialog');
    for (const [label, text] of [
      ['标题', '借阅终端遗失'],
      ['涉及人数', '3'],
      ['涉及的信息种类', '姓名、身份证号'],
      ['原因', '终端未锁屏'],
      ['可能造成的危害', '冒用身份'],
      ['已采取的补救措施和个人可采取的措施', '已注销会话'],
      ['联系方式', '档案室'],
    ] as const)
      await dialog.getByLabel(label, { exact: true }).fill(text);
    await dialog.getByRole('button', { name: '登记' }).click();
    await page.locator('.own-dossier', { hasText: '演练' }).waitFor();
    await page.getByRole('button', { name: '登记已报告' }).click();
    await page.locator('.chip.jade', { hasText: '已报告' }).waitFor();
    await look(page, 'breaches-1440');
    expectNoFaults(owner);
  });

  it('fits a phone in English, and says that something failed', async () => {
    const visitor = await openVisitor(browser, archive.url, { width: 390, height: 844, language: 'en' });
    const { page } = visitor;
    await signIn(page, archive, 'trial_owner');
    await page.goto('/personal');
    await page.locator('.line-button').first().waitFor();
    await look(page, 'requests-390-en');
    for (const [tab, ready] of [
      ['Purposes and texts', '.own-dossier'],
      ['Registers', '.register'],
      ['Breaches and drills', '.own-dossier'],
    ] as const) {
      await page.goto('/personal');
      await page.getByRole('combobox', { name: 'Privacy' }).click();
      await page.locator('.ant-select-item', { hasText: tab }).click();
      await page.locator(ready).first().waitFor();
      await look(page, `${tab.split(' ')[0]!.toLowerCase()}-390-en`);
    }
    await page.route('**/api/v1/subject-requests', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto('/personal');
    await page.locator('[data-state=error]').waitFor();
    await look(page, 'failed-390-en');
    visitor.takeFaults();
    await visitor.close();
  });
});
