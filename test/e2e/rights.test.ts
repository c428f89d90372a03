import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { type ServedArchive, serveArchive } from './archive-server.ts';
import { graveFindings } from './axe.ts';
import { importPeople, importUnits } from './directory-import.ts';
import { ask, enterFirst, fillDoor, PASSWORD } from './enter.ts';
import { eventually, expectNoFaults, openVisitor, type Visitor, type VisitorOptions } from './visitor.ts';

interface Given {
  readonly account: { readonly id: string };
  readonly password: string;
}

describe('who may see what, as people keep it', { timeout: 600_000 }, () => {
  let archive: ServedArchive;
  let browser: Browser;
  const given = new Map<string, Given>();
  const dossier = { id: '', code: '' };
  let unitId = '';

  /** Somebody at a browser: for the first time with the password given out, later with the own. */
  async function enter(name: string, first: string | null, options: VisitorOptions = {}): Promise<Visitor> {
    const visitor = await openVisitor(browser, archive.url, options);
    if (first !== null) await enterFirst(visitor.page, name, first);
    else {
      await visitor.page.goto('/');
      await fillDoor(visitor.page, name, PASSWORD);
      await visitor.page.locator('.rail').waitFor();
    }
    return visitor;
  }
  const enterAs = (role: string, isFirst: boolean, options?: VisitorOptions) =>
    enter(archive.nameOf(role), isFirst ? archive.passwordOf(role) : null, options);
  async function leave(visitor: Visitor): Promise<void> {
    expectNoFaults(visitor);
    await visitor.close();
  }
  const pick = async (page: Page, label: string, text: string) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.keyboard.type(text);
    await page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
      .filter({ hasText: text })
      .first()
      .click();
  };

  beforeAll(async () => {
    archive = await serveArchive('production', 0);
    browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await archive?.close();
  });

  it('adds units and moves one by keyboard, and says beforehand what that changes', async () => {
    const visitor = await enterAs('system_admin', true);
    const { page } = visitor;
    await page.locator('.rail a[href="/organisations"]').click();
    await page.locator('.unit-row').first().click();
    for (const [name, code] of [
      ['组织科', 'ZZK'],
      ['档案科', 'DAK'],
    ] as const) {
      await page.getByRole('treeitem').first().click();
      await page.getByRole('button', { name: '增设下级机构' }).click();
      const form = page.getByRole('dialog');
      await form.getByLabel('名称').fill(name);
      await form.getByLabel('代码').fill(code);
      await page.keyboard.press('Enter');
      await page.locator('.unit-panel h2', { hasText: name }).waitFor();
    }
    unitId = new URL(page.url()).searchParams.get('unitId') ?? '';
    await page.locator('[role=treeitem][tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('treeitem').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.locator('.unit-panel h2', { hasText: 'ZZK' }).waitFor();
    await page.getByRole('button', { name: '划转到' }).click();
    await pick(page, '划转到哪个机构之下', '档案科');
    await page.locator('.plan-preview').getByText('1 个机构、0 卷随之调整').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '划转', exact: true }).click();
    await page.locator('.reorganisations li', { hasText: '组织科' }).getByText('已完成').waitFor();
    expect(await page.getByRole('treeitem', { name: /组织科/ }).getAttribute('aria-level')).toBe('3');
    await leave(visitor);
  });

  it('shows who holds which post, gives one and ends it, and keeps the ended one on record', async () => {
    const visitor = await enterAs('security_admin', true);
    const { page } = visitor;
    for (const [name, role] of [
      ['何敬之', 'reader'],
      ['苏念', 'reader'],
      ['韩晓', 'unit_clerk'],
      ['江离', 'archivist'],
    ] as const) {
      const body = { name, role, fondsId: null, unitId: role === 'unit_clerk' ? unitId : null, levelMax: 1 };
      given.set(name, await ask<Given>(page, 'POST', '/api/v1/accounts', body));
    }
    await page.locator('.rail a[href="/accounts"]').click();
    await page.getByRole('tab', { name: '任职' }).click();
    const holder = page.locator('.post-holders > li', { hasText: '韩晓' });
    await holder.getByRole('button', { name: '任职与本人档案' }).click();
    await pick(page, '机构', '档案科');
    await page.getByRole('button', { name: '增加兼任岗位' }).click();
    await holder.getByText('兼任').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await holder.getByRole('button', { name: '免去' }).click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await holder.getByText('兼任').waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: '含已免去的' }).check();
    await holder.getByText('已免去').waitFor();
    // An administrator is offered none.
    expect(
      await page
        .locator('.post-holders > li', { hasText: archive.nameOf('audit_admin') })
        .getByRole('button')
        .count(),
    ).toBe(0);
    await leave(visitor);
  });

  it('refuses a draft with the line of each error, tries it, puts it in force and keeps the one before', async () => {
    const archivist = await enterAs('archivist', true);
    const made = await ask<{ id: string }>(archivist.page, 'POST', '/api/v1/dossiers', {
      schemeId: 'cadre-2018',
      unitId,
      subject: { kind: 'person', name: '龙婷' },
    });
    Object.assign(dossier, await ask<{ id: string; code: string }>(archivist.page, 'GET', `/api/v1/dossiers/${made.id}`));
    await leave(archivist);
    const visitor = await enterAs('security_admin', false);
    const { page } = visitor;
    await page.locator('.rail a[href="/policy"]').click();
    await page.locator('.policy-lines tbody tr', { hasText: '单位经办人查看本单位' }).getByRole('cell', { name: '本单位及下级' }).waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: '起草与试行' }).click();
    const text = page.getByRole('textbox', { name: '草案原文' });
    const before = await text.inputValue();
    const line = before.split('\n').findIndex((one) => one.includes('id: clerk-looks')) + 3;
    await text.fill(before.replace('id: clerk-looks\n', 'id: clerk-looks\n    colour: red\n'));
    await page.locator('.problems button', { hasText: `第 ${line - 1} 行` }).click();
    expect(await text.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd).trim())).toBe(
      'colour: red',
    );
    expect(await page.getByRole('button', { name: '保存草案' }).isDisabled()).toBe(true);
    expect(await graveFindings(page)).toEqual([]);
    await text.fill(before.replace('id: clerk-looks\n', 'id: clerk-looks\n    categories: [employee]\n'));
    await page.getByRole('button', { name: '试行' }).click();
    await page.locator('.trial', { hasText: '韩晓' }).getByText('少看到 1 卷').first().waitFor();
    await page.getByRole('button', { name: '保存草案' }).click();
    await page.locator('.versions li', { hasText: '第 1 版' }).getByRole('button', { name: '启用此版' }).click();
    await page.getByRole('dialog').locator('.trial', { hasText: '韩晓' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '启用此版' }).click();
    await page.locator('.versions li', { hasText: '第 1 版' }).getByText('现行').waitFor();
    expect(await page.locator('.versions li', { hasText: '第 0 版' }).textContent()).toContain('曾用');
    await leave(visitor);
  });

  it('explains a refusal line by line, and goes back to the policy of before', async () => {
    const visitor = await enterAs('security_admin', false);
    const { page } = visitor;
    const why = async () => {
      await page.goto('/policy?tab=explain');
      await pick(page, '账户', '韩晓');
      await page.getByLabel('案卷（档号）').fill(dossier.code);
      await page.keyboard.press('Enter');
      await page.locator('.proven').waitFor();
      await page.getByRole('button', { name: '查明原因' }).click();
      await page.locator('.why').waitFor();
    };
    await why();
    expect(await page.locator('.why').getAttribute('data-verdict')).toBe('denied');
    await page.locator('.why-lines li', { hasText: '单位经办人查看' }).getByText('类别不符').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    await page.goto('/policy?tab=versions');
    await page.locator('.versions li', { hasText: '第 0 版' }).getByRole('button', { name: '启用此版' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '启用此版' }).click();
    await page.locator('.versions li', { hasText: '第 0 版' }).getByText('现行').waitFor();
    await why();
    expect(await page.locator('.why').getAttribute('data-verdict')).toBe('allowed');
    await leave(visitor);
  });

  it('opens a dossier that one asked for and another approved to two readers who came and stated, not to one, and to none when it is ended', async () => {
    const archivist = await enterAs('archivist', false);
    const { page } = archivist;
    await page.goto(`/consultations?dossierId=${dossier.id}`);
    await pick(page, '查阅人 1', '何敬之');
    await pick(page, '查阅人 2', '苏念');
    await pick(page, '查阅目的', '政治审查');
    expect(await page.getByRole('button', { name: '提交申请' }).isDisabled()).toBe(true);
    for (const [label, text] of [
      ['查阅单位', '云岭县委组织部'],
      ['查阅事由', '发展党员政治审查'],
      ['单位领导（已签字盖章）', '高启山'],
      ['签字日期', '2026-11-20'],
    ] as const)
      await page.getByLabel(label, { exact: true }).fill(text);
    expect(await graveFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '提交申请' }).click();
    const card = (on: Page) => on.locator('.consultation', { hasText: dossier.code });
    await page.locator('.ant-segmented-item', { hasText: '待审批' }).click();
    // Who asked reads the own words and prints the form, and is offered no decision.
    await card(page).getByRole('button', { name: '申请与意见' }).click();
    await page.getByRole('dialog').getByText('发展党员政治审查').waitFor();
    expect(await page.getByRole('dialog').getByText('审批意见').count()).toBe(0);
    const [form] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: '打印审批表' }).click(),
    ]);
    expect(form.suggestedFilename()).toBe(`${dossier.code}-consultation.pdf`);
    await page.keyboard.press('Escape');
    const approver = await enter('江离', given.get('江离')?.password ?? '');
    await approver.page.goto('/consultations');
    await card(approver.page).getByText('待审批').waitFor();
    await card(approver.page).getByRole('button', { name: '审批' }).click();
    await approver.page.getByRole('dialog').getByText('云岭县委组织部').waitFor();
    await approver.page.getByLabel('审批意见').fill('同意');
    expect(await graveFindings(approver.page)).toEqual([]);
    await approver.page.getByRole('button', { name: '批准查阅', exact: true }).click();
    await card(approver.page).getByText('待到场').waitFor();
    await leave(approver);
    await page.reload();
    await card(page).getByText('待到场').waitFor();
    const readers: Visitor[] = [];
    for (const name of ['何敬之', '苏念']) {
      const reader = await enter(name, given.get(name)?.password ?? '');
      readers.push(reader);
      expect(await reader.page.locator('.rail a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
        '/',
        '/dossiers',
        '/search',
        '/consultations',
        '/log',
      ]);
      await reader.page.goto(`/dossiers/${dossier.id}`);
      await reader.page.locator('[data-state=error]').waitFor();
      await reader.page.goto('/consultations');
      await card(reader.page).getByRole('button', { name: '到场并声明' }).click();
      const sign = reader.page.getByRole('button', { name: '签署声明并到场' });
      expect(await sign.isDisabled()).toBe(true);
      await reader.page.getByRole('checkbox', { name: '我已看清' }).check();
      await sign.click();
      await card(reader.page).getByText('已到场').last().waitFor();
    }
    const [first, second] = readers as [Visitor, Visitor];
    await card(second.page).getByRole('button', { name: '打开案卷' }).click();
    await second.page.locator('.desk-head h1', { hasText: '龙婷' }).waitFor();
    // Who reads by a consultation arranges nothing and approves nothing.
    expect(await second.page.getByRole('button', { name: '加入扫描件' }).count()).toBe(0);
    await second.page.goto('/policy');
    await second.page.locator('[data-state=closed]').waitFor();
    await archivist.page.reload();
    await card(archivist.page).getByText('查阅中').waitFor();
    await card(archivist.page).getByRole('button', { name: '终止' }).click();
    await archivist.page.locator('.ant-popconfirm .ant-btn-primary').click();
    await card(archivist.page).waitFor({ state: 'detached' });
    await second.page.goto(`/dossiers/${dossier.id}`);
    await second.page.locator('[data-state=error]').waitFor();
    for (const visitor of [archivist, first, second]) await leave(visitor);
  });

  it('closes a dossier to whoever declares a relation from it, and registers that', async () => {
    const archivist = await enterAs('archivist', false);
    const { page } = archivist;
    await page.goto(`/dossiers/${dossier.id}`);
    await page.locator('.desk-acts').getByRole('button', { name: '更多' }).click();
    await page.getByRole('menuitem', { name: '申报亲属关系' }).click();
    await pick(page, '对方是其', '兄弟姐妹');
    await page.getByRole('dialog').getByRole('button', { name: '登记亲属关系' }).click();
    await page.waitForURL('**/dossiers');
    await page.goto(`/dossiers/${dossier.id}`);
    await page.locator('[data-state=error]').waitFor();
    await leave(archivist);
    const keeper = await enterAs('security_admin', false);
    await keeper.page.goto('/consultations?tab=kinship');
    const line = keeper.page.locator('.kinship-list li', { hasText: archive.nameOf('archivist') });
    expect(await line.textContent()).toContain(dossier.code);
    expect(await graveFindings(keeper.page)).toEqual([]);
    await line.getByRole('button', { name: '注销' }).click();
    await keeper.page.locator('.ant-popconfirm .ant-btn-primary').click();
    await keeper.page.locator('[data-state=empty]').waitFor();
    await leave(keeper);
  });

  it('takes units and people from a sheet: previewed row by row, each administrator the own part', async () => {
    const system = await enterAs('system_admin', false);
    await importUnits(system.page);
    await leave(system);
    const security = await enterAs('security_admin', false);
    await importPeople(security.page);
    await leave(security);
  });

  it('is whole on a phone, in the dark, in large type and in English', async () => {
    const visitor = await enterAs('security_admin', false, { width: 390, height: 844, language: 'en', ground: 'dark', typeSize: 'large' });
    const { page } = visitor;
    const found: Record<string, unknown> = {};
    for (const [path, ready] of [
      ['/policy', '.policy-lines'],
      ['/policy?tab=draft', '.draft-side .proven'],
      ['/policy?tab=versions', '.versions'],
      ['/accounts', '.account-line'],
      ['/consultations', '[data-state=empty], .consultation'],
    ] as const) {
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      const grave = await graveFindings(page);
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
      if (grave.length || isWider) found[path] = { grave, isWider };
    }
    expect(found).toEqual({});
    await eventually(() => page.locator('.rail a').count()).toBeGreaterThan(1);
    await leave(visitor);
  });
});
