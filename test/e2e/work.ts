import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { SAMPLE } from './archive-server.ts';
import { graveFindings } from './axe.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, numberIn } from './visitor.ts';

/** Subject of the sample dossier. */
const SUBJECT = '张德振';

/** What is done around the main job: uploads, many dossiers at once, jobs, a session that ends. After the walk, on what it left. */
export function workTests(stage: Stage): void {
  it('uploads files resumably and tells pages, duplicate and refusal apart', async () => {
    const { page } = stage.visitor;
    const image = await sharp({ create: { width: 800, height: 1100, channels: 3, background: '#f4f1ea' } })
      .png()
      .toBuffer();
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().click();
    await page.getByRole('button', { name: '加入扫描件' }).click();
    await page.locator('input[data-input=files]').setInputFiles([
      { name: '买买提·阿不都热依木 新到一页.png', mimeType: 'image/png', buffer: image },
      { name: '005.jpg', mimeType: 'image/jpeg', buffer: readFileSync(join(SAMPLE, '005.jpg')) },
      { name: '不是图像.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no image at all') },
    ]);
    await page.getByText('已到达 3 / 3 个文件').waitFor();
    const remembered = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(remembered).not.toMatch(/新到一页|不是图像/);
    await page.getByRole('button', { name: '导入 3 个文件' }).click();
    await page.getByText('导入完成').waitFor();
    const line = (name: string) => page.locator('li.outcome').filter({ hasText: name });
    expect(await line('新到一页').textContent()).toContain('1 页');
    expect(await line('005.jpg').textContent()).toContain('重复');
    expect(await line('不是图像').textContent()).toContain('未收');
    expect(await line('不是图像').locator('.why').textContent()).not.toMatch(/^\s*[a-z]+\/[a-z-]+\s*$/);
    expectNoFaults(stage.visitor);
  });

  it('changes many dossiers at once, takes it back, and keeps a view whose address names nothing', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.getByRole('button', { name: '新建案卷' }).click();
    const form = page.getByRole('dialog');
    await form.locator('input[id$=name]').fill('测试甲');
    for (const label of ['分类方案', '机构']) {
      await form.getByLabel(label).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
    }
    await form.getByRole('button', { name: '建卷' }).click();
    await page.locator('.desk-head h1').getByText('测试甲').waitFor();
    await page.goto('/dossiers');
    await page.locator('.grid-row').first().focus();
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('已选 2 卷').waitFor();
    await page.getByRole('button', { name: '改状态' }).click();
    await page.getByRole('menuitem', { name: '待核' }).click();
    await page.getByText('已修改 2 卷').waitFor();
    await eventually(() => page.locator('.grid-row .c-state').allTextContents()).toEqual(['待核', '待核']);
    await page.keyboard.press('u');
    await eventually(() => page.locator('.grid-row .c-state').allTextContents()).toEqual(['整理中', '整理中']);
    await page.locator('.who-filter input').fill('测试');
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.grid-row').count()).toBe(1);
    expect(decodeURIComponent(page.url())).not.toContain('测试');
    await page.getByRole('button', { name: '存为视图' }).click();
    await page.getByPlaceholder('视图名称').fill('测试的人');
    await page.keyboard.press('Enter');
    await page.locator('.views').getByText('测试的人').waitFor();
    await eventually(() => page.url()).toMatch(/\/dossiers\?view=[0-9a-f-]{36}$/);
    await page.reload();
    await eventually(() => page.locator('.grid-row').count()).toBe(1);
    expectNoFaults(stage.visitor);
  });

  it('takes what is known of the subject, and then knows better what is missing', async () => {
    const { page } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').filter({ hasText: SUBJECT }).click();
    const open = async () => {
      await page.locator('.desk-acts').getByRole('button', { name: '更多' }).click();
      await page.getByRole('menuitem', { name: '对象情况' }).click();
      const form = page.getByRole('dialog', { name: '对象情况' });
      await form.waitFor();
      return form;
    };
    const answer = (form: Locator, name: string) => form.getByRole('radiogroup', { name: '有服役经历' }).getByRole('radio', { name });
    const missing = async () => numberIn(await page.locator('.desk-chips').getByText('件材料').textContent());
    const before = await missing();
    let form = await open();
    expect(await answer(form, '未认定').isChecked()).toBe(true);
    await answer(form, '是').check();
    await form.getByLabel('起始年').fill('1996');
    await form.getByRole('button', { name: /保\s*存/ }).click();
    // One year alone says nothing.
    await form.locator('.ant-form-item-explain-error').waitFor();
    await form.getByLabel('截止年').fill('1999');
    await form.getByRole('button', { name: /保\s*存/ }).click();
    await form.waitFor({ state: 'detached' });
    await eventually(missing).toBeGreaterThan(before);
    form = await open();
    expect(await answer(form, '是').isChecked()).toBe(true);
    expect(await form.getByLabel('截止年').inputValue()).toBe('1999');
    expect(await graveFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.locator('.desk-acts').getByRole('button', { name: '撤销' }).click();
    await eventually(missing).toBe(before);
    expectNoFaults(stage.visitor);
  });

  it('pauses and resumes reading, and shows what is queued', async () => {
    const { page } = stage.visitor;
    await page.goto('/jobs');
    const reading = page.locator('.queue').filter({ hasText: '识读' });
    await reading.getByRole('button', { name: '暂停' }).click();
    await reading.getByText('已暂停').waitFor();
    await reading.getByRole('button', { name: '继续' }).click();
    await reading.getByRole('button', { name: '暂停' }).waitFor();
    expectNoFaults(stage.visitor);
  });

  it('puts the door over the work when the session ends, and goes on where it was', async () => {
    const { page, context } = stage.visitor;
    await page.goto('/dossiers');
    await page.locator('.grid-row').filter({ hasText: SUBJECT }).click();
    await page.locator('.overlay').waitFor();
    const place = page.url();
    await context.clearCookies();
    await page.locator('[data-page]').nth(3).click();
    const door = page.getByRole('dialog', { name: '登录已结束' });
    await door.locator('input[type=password]').fill(stage.archive.passwordOf('trial_owner'));
    await page.keyboard.press('Enter');
    await door.waitFor({ state: 'detached' });
    await page.locator('.overlay').waitFor();
    expect(page.url().split('?')[0]).toBe(place.split('?')[0]);
    expect(numberIn(await page.locator('.strip-page.on em').textContent())).toBeGreaterThan(0);
  });
}
