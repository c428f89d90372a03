import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import bundles from '../vectors/bundle/bundle-vectors.json' with { type: 'json' };
import { type ServedArchive, serveArchive } from './archive-server.ts';
import { eventually, expectNoFaults, openVisitor } from './visitor.ts';

/** As a failing disk would: one of the two key files ends before its time. The store mends it, and those who answer for it must hear of that. */
function damageKeyCopy(keyFolder: string): void {
  const copy = join(keyFolder, 'copy', 'keys.lks');
  truncateSync(copy, statSync(copy).size - 7);
}

describe('the page to four kinds of account of a production archive', { timeout: 120_000 }, () => {
  let archive: ServedArchive;
  let browser: Browser;
  beforeAll(async () => {
    archive = await serveArchive('production', 0, damageKeyCopy);
    browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await archive?.close();
  });

  /** Doors that a role finds in the rail, and screens that stay shut when their address is typed. */
  const ROLES = [
    {
      role: 'archivist',
      doors: [
        '/',
        '/dossiers',
        '/capture',
        '/review',
        '/stations',
        '/boxes',
        '/search',
        '/consultations',
        '/jobs',
        '/log',
        '/personal',
        '/codes',
        '/standards',
      ],
      shut: ['/anchors', '/organisations', '/accounts', '/policy'],
    },
    {
      role: 'audit_admin',
      doors: ['/', '/log', '/anchors', '/accounts'],
      shut: ['/dossiers', '/capture', '/review', '/jobs', '/search', '/organisations', '/policy', '/personal'],
    },
    {
      role: 'system_admin',
      doors: ['/', '/jobs', '/log', '/anchors', '/organisations'],
      shut: ['/dossiers', '/capture', '/search', '/policy', '/accounts', '/personal'],
    },
    {
      role: 'security_admin',
      doors: ['/', '/consultations', '/log', '/personal', '/accounts', '/policy'],
      shut: ['/dossiers', '/capture', '/jobs', '/search', '/anchors', '/organisations'],
    },
  ];
  for (const { role, doors, shut } of ROLES)
    it(`offers ${role} what the role may do, and says so where it may not`, async () => {
      const visitor = await openVisitor(browser, archive.url);
      const { page } = visitor;
      await page.goto('/');
      await page.locator('input[autocomplete=username]').fill(archive.nameOf(role));
      await page.locator('input[autocomplete=current-password]').fill(archive.passwordOf(role));
      await page.keyboard.press('Enter');
      await page.locator('.rail, .password-form').first().waitFor();
      // A password that somebody else has seen must be changed before anything else is shown.
      if (await page.locator('.password-form').count()) {
        const fields = page.locator('.password-form input');
        await fields.nth(0).fill(archive.passwordOf(role));
        for (const i of [1, 2]) await fields.nth(i).fill('一句只有自己记得住的话 2026');
        await page.keyboard.press('Enter');
        await page.locator('.rail').waitFor();
      }
      expect(await page.locator('.banner.trial').count()).toBe(0);
      for (const warning of ['密钥与数据在同一磁盘', '密钥的两份副本在同一磁盘', '密钥副本之一曾损坏', '恢复卡尚未核对', '识读程序未运行'])
        await page.locator('.warnings li').filter({ hasText: warning }).waitFor();
      expect(await page.locator('.rail a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(doors);
      for (const path of shut) {
        await page.goto(path);
        await page.locator('[data-state=closed]').waitFor();
      }
      expectNoFaults(visitor);
      await visitor.close();
    });

  it('tells nobody who is not signed in anything of the archive', async () => {
    const visitor = await openVisitor(browser, archive.url);
    await visitor.page.goto('/log');
    await visitor.page.locator('input[autocomplete=username]').waitFor();
    expect(await visitor.page.locator('body').textContent()).not.toContain('测试全宗');
    const health = await visitor.page.request.get('/api/v1/health');
    expect(await health.json()).toMatchObject({ status: 'degraded', checks: [] });
    await visitor.close();
  });

  it('lets who is not signed in check a bundle, with the keys that the archive publishes', async () => {
    const visitor = await openVisitor(browser, archive.url);
    const { page } = visitor;
    await page.goto('/verify');
    const keys = page.locator('.verify textarea');
    await eventually(async () => (await keys.inputValue()).split('\n').filter((key) => key.startsWith('lantai.archive/')).length).toBe(2);
    const whole = bundles.vectors.find((v) => v.name === 'whole')!;
    const zip = { name: 'whole.zip', mimeType: 'application/zip', buffer: Buffer.from(whole.zip, 'base64') };
    await page.locator('input[data-folder=false]').setInputFiles(zip);
    await page.locator('.verify button[type=submit]').click();
    await page.locator('.verdict.broken', { hasText: 'log/checkpoint' }).waitFor();
    await keys.fill(bundles.logKeys.join('\n'));
    await page.locator('.verify button[type=submit]').click();
    await page.locator('.verdict.holds', { hasText: 'SM2' }).waitFor();
    expectNoFaults(visitor);
    await visitor.close();
  });
});
