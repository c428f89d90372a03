import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { SAMPLE } from './archive-server.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, signIn } from './visitor.ts';

/** Reading twelve pages on a busy machine takes its time; nothing here measures it. */
const READING_MS = 600_000;
const SUBJECT = '张德振';

const stripPages = (page: Page) => page.locator('[data-page]');
const groups = (page: Page) => page.locator('.strip-page .caption').allTextContents();
const operated = (page: Page) => page.waitForResponse((r) => r.url().endsWith('/operations') && r.request().method() === 'POST');

/** Does what makes an operation and waits until its answer is shown. */
async function operate(page: Page, act: () => Promise<unknown>): Promise<number> {
  const [response] = await Promise.all([operated(page), act()]);
  await page.locator('.form-acts .ant-btn-loading').waitFor({ state: 'detached' });
  return response.status();
}

/** The main job, in the order in which a person does it. */
export function walkTests(stage: Stage): void {
  it('shows a stranger only the door, and a wrong password is refused without saying what was wrong', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('input[autocomplete=username]').fill(stage.archive.nameOf('trial_owner'));
    await page.locator('input[autocomplete=current-password]').fill('not the password at all');
    await page.keyboard.press('Enter');
    expect(await page.locator('.refusal').textContent()).not.toMatch(/session\//);
    expect(await page.locator('.rail').count()).toBe(0);
    await signIn(page, stage.archive, 'trial_owner');
    expect(await page.locator('.banner.trial').textContent()).toContain('试用档案');
    expectNoFaults(stage.visitor);
  });

  it('imports the sample dossier and says of every file what became of it', async () => {
    const { page } = stage.visitor;
    await page.getByRole('button', { name: '导入示例案卷' }).click();
    await page.getByText('导入完成').waitFor();
    expect(await page.locator('.import-head p').first().textContent()).toContain('12 个文件，12 页已入库');
    await page.getByRole('link', { name: '打开案卷' }).click();
    await page.locator('.desk-head h1').waitFor();
    expect(await page.locator('.desk-head h1').textContent()).toBe(SUBJECT);
    expectNoFaults(stage.visitor);
  });

  it('shows the pages in the strip and one of them deep-zoomed, each look an entry of the log', async () => {
    const { page } = stage.visitor;
    const tile = page.waitForResponse((r) => r.url().includes('/iiif/') && r.url().endsWith('.jpg'));
    await page.reload();
    expect((await tile).status()).toBe(200);
    await page.locator('.overlay').waitFor();
    expect(await stripPages(page).count()).toBeGreaterThan(5);
    await page.locator('.strip-page img').first().waitFor();
    expect(await page.locator('.proof').textContent()).toContain('已由本浏览器核验');
    expectNoFaults(stage.visitor);
  });

  it('shows the page as wide as its stage, and whole again', async () => {
    const { page } = stage.visitor;
    // Where the left edge of the page lies on the stage: the fifth number of the matrix that the overlay is moved by.
    const leftPx = async () => Number((await page.locator('.overlay > g').getAttribute('transform'))?.slice(7, -1).split(/[ ,]+/)[4]);
    await eventually(leftPx).toBeGreaterThan(20);
    await page.keyboard.press('9');
    await eventually(async () => Math.abs(await leftPx())).toBeLessThan(2);
    await page.keyboard.press('0');
    await eventually(leftPx).toBeGreaterThan(20);
    expectNoFaults(stage.visitor);
  });

  it('assembles, splits, merges, moves and loosens pages, and takes each step back', async () => {
    const { page } = stage.visitor;
    await stripPages(page).nth(0).click();
    await stripPages(page)
      .nth(1)
      .click({ modifiers: ['Control'] });
    await stripPages(page)
      .nth(2)
      .click({ modifiers: ['Control'] });
    await stripPages(page)
      .nth(0)
      .click({ modifiers: ['Control'] });
    expect(await operate(page, () => page.keyboard.press('g'))).toBe(200);
    await eventually(() => groups(page)).toEqual(['（无题名）', '未归页']);
    // The class is asked for at once, so the keys belong to its field until it is left.
    await page.locator('[data-row=classCode] input:focus').waitFor();
    await page.keyboard.press('Escape');
    await stripPages(page).nth(1).click();
    await operate(page, () => page.keyboard.press('s'));
    await eventually(() => groups(page)).toEqual(['（无题名）', '（无题名）', '未归页']);
    await operate(page, () => page.keyboard.press('m'));
    await eventually(() => groups(page)).toEqual(['（无题名）', '未归页']);
    const second = await stripPages(page).nth(1).getAttribute('data-page');
    await operate(page, () => page.keyboard.press('Alt+ArrowLeft'));
    await eventually(() => stripPages(page).nth(0).getAttribute('data-page')).toBe(second);
    await operate(page, () => page.keyboard.press('u'));
    await eventually(() => stripPages(page).nth(1).getAttribute('data-page')).toBe(second);
    await operate(page, () => page.keyboard.press('x'));
    await eventually(() => page.locator('.strip-page:not(.loose)').count()).toBe(2);
    await operate(page, () => page.keyboard.press('u'));
    await eventually(() => page.locator('.strip-page:not(.loose)').count()).toBe(3);
    expectNoFaults(stage.visitor);
  });

  it('drags a page to another place in its material', async () => {
    const { page } = stage.visitor;
    const first = await stripPages(page).nth(0).getAttribute('data-page');
    const [from, to] = [await stripPages(page).nth(0).boundingBox(), await stripPages(page).nth(2).boundingBox()];
    await page.mouse.move(from!.x + 30, from!.y + 60);
    await page.mouse.down();
    await page.mouse.move(to!.x + 30, to!.y + 60, { steps: 12 });
    await page.mouse.move(to!.x + to!.width - 6, to!.y + 60, { steps: 4 });
    await operate(page, () => page.mouse.up());
    await eventually(() => stripPages(page).nth(2).getAttribute('data-page')).toBe(first);
    await operate(page, () => page.keyboard.press('u'));
    await eventually(() => stripPages(page).nth(0).getAttribute('data-page')).toBe(first);
  });

  it('catalogues a material: class, title and date; Enter confirms, and its archival code appears', async () => {
    const { page } = stage.visitor;
    await stripPages(page).nth(0).click();
    await page.keyboard.press('Enter');
    await page.locator('.ant-message').getByText('未归类').waitFor();
    await page.locator('[data-row=classCode] input').fill('履历');
    await page.keyboard.press('Enter');
    await page.locator('[data-row=title] input').fill('职工登记表');
    await page.keyboard.press('Escape');
    const year = page.locator('[data-row=date] input').first();
    await year.focus();
    await year.pressSequentially('2005');
    await page.keyboard.type('9');
    await page.keyboard.type('13');
    expect(await operate(page, () => page.keyboard.press('Enter'))).toBe(200);
    await stripPages(page).nth(0).click();
    await eventually(() => page.locator('.side-title + p.num').textContent()).toMatch(/P1101.*1/);
    expect(await page.locator('.tree-row.material .title').first().textContent()).toBe('职工登记表');
    // A title that was typed is confirmed where it was typed, though the scheme's titles that hold it are offered below.
    const typed = page.locator('[data-row=title] input').first();
    for (const title of ['登记表', '职工登记表']) {
      await typed.focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(title);
      expect(await operate(page, () => page.keyboard.press('Enter'))).toBe(200);
    }
    await page.keyboard.press('Escape');
    expect(await page.locator('.tree-row.material .title').first().textContent()).toBe('职工登记表');
    expectNoFaults(stage.visitor);
  });

  it('takes a record typed straight into a form', async () => {
    const { page } = stage.visitor;
    await page.keyboard.press('a');
    const form = page.getByRole('dialog');
    await form.getByRole('combobox').first().click();
    await page.keyboard.type('自传');
    await page.locator('.ant-select-item-option').filter({ hasText: '自传' }).first().click();
    await form.locator('#title, input[id$=title]').first().fill('思想汇报（口述整理）');
    await operate(page, () => form.getByRole('button', { name: '录入' }).click());
    await page.locator('.stage.bare').getByText('没有页面图像').waitFor();
    expectNoFaults(stage.visitor);
  });

  it(
    'lays the text that was read over the page and beside it',
    async () => {
      const { page } = stage.visitor;
      await stripPages(page).nth(0).click();
      await page.getByText('识读', { exact: true }).click();
      await page.locator('.reading-lines .line').first().waitFor({ timeout: READING_MS });
      expect(await page.locator('.reading-lines').textContent()).toContain('职工登记表');
      await page.keyboard.press('t');
      await page.locator('.overlay .line').first().waitFor();
      await page.keyboard.press('t');
      await page.locator('.overlay .line').first().waitFor({ state: 'detached' });
      await page.keyboard.press('b');
      await page.locator('.stages.two .overlay').nth(1).waitFor();
      await page.keyboard.press('b');
      expectNoFaults(stage.visitor);
    },
    READING_MS + 60_000,
  );

  it('takes a character that the reader does not have, typed over a line, and keeps both readings', async () => {
    const { page } = stage.visitor;
    await page.locator('.reading-lines .correct').last().focus();
    await page.keyboard.press('Enter');
    const field = page.locator('.line-field input');
    await field.waitFor();
    await field.press('End');
    await page.keyboard.insertText('㐂');
    await page.keyboard.press('Enter');
    await page.getByText('人工校改第 1 次').waitFor();
    expect(await page.locator('.reading-lines .line').last().textContent()).toContain('㐂');
    await page.locator('.reading-lines .correct').last().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expectNoFaults(stage.visitor);
  });

  it('finds the name, opens the page with its places lit, and writes the question into no address and no storage', async () => {
    const { page } = stage.visitor;
    await page.keyboard.press('/');
    await page.keyboard.type(SUBJECT);
    await page.keyboard.press('Enter');
    await page.locator('.hit mark').first().waitFor();
    expect(await page.locator('.hit mark').first().textContent()).toContain(SUBJECT);
    await page.locator('[data-hit=page]').first().click();
    await page.locator('.overlay .lit.found').first().waitFor();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.title]));
    expect(decodeURIComponent(kept)).not.toContain(SUBJECT);
    await page.goBack();
    await page.locator('.hit mark').first().waitFor();
    expectNoFaults(stage.visitor);
  });

  it('proves an entry in the browser; a receipt with its file holds, and with another file it does not', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().click();
    await page.locator('.proof a').click();
    await page.getByText('这一条确在日志中').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载凭证' }).click();
    const receipt = readFileSync(await (await download).path(), 'utf8');
    await page.goto('/log');
    await page
      .locator('.watch.whole')
      .getByText(/日志完整，未被改写|日志签名成立/)
      .waitFor();
    // Every kind of entry so far has words: none is shown as its code.
    const kinds = await page.locator('.entry a').allTextContents();
    expect(kinds.filter((kind) => /^entry\//.test(kind))).toEqual([]);
    await page.locator('.receipt textarea').fill(receipt);
    await page.getByRole('button', { name: '核验', exact: true }).click();
    await page.locator('.verdict.holds').waitFor();
    await page.locator('.receipt input[type=file]').nth(1).setInputFiles(stage.fileOfReceipt);
    await page.getByRole('button', { name: '核验', exact: true }).click();
    await page.locator('.verdict.holds').getByText('文件就是它所指的那一份').waitFor();
    await page.locator('.receipt input[type=file]').nth(1).setInputFiles(join(SAMPLE, '002.jpg'));
    await page.getByRole('button', { name: '核验', exact: true }).click();
    await page.locator('.verdict.broken').waitFor();
    expectNoFaults(stage.visitor);
  });
}
