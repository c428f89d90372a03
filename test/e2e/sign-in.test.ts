import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '../../apps/server/src/access/totp.ts';
import { launchBrowser } from '../browser.ts';
import { type ServedArchive, serveArchive } from './archive-server.ts';
import { enterFirst, fillDoor, PASSWORD } from './enter.ts';
import { expectNoFaults, openVisitor } from './visitor.ts';

const decode = (base32: string): Uint8Array => {
  const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
};

/** A device with a fingerprint reader, as the browser's own tools simulate it. */
async function addDevice(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

describe('signing in, as people do it', { timeout: 180_000 }, () => {
  let archive: ServedArchive;
  let browser: Browser;
  /** Passkeys need a host name, not an address. */
  const url = () => archive.url.replace('127.0.0.1', 'localhost');
  beforeAll(async () => {
    archive = await serveArchive('production', 0);
    browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await archive?.close();
  });

  it('opens an account, shows its password once, and tells the auditor', async () => {
    const visitor = await openVisitor(browser, url());
    const { page } = visitor;
    await enterFirst(page, archive.nameOf('security_admin'), archive.passwordOf('security_admin'));
    await page.locator('.rail a[href="/accounts"]').click();
    await page.locator('.account-line').first().waitFor();
    expect(await page.locator('.account-line').count()).toBe(4);
    await page.getByRole('button', { name: '新建账户' }).click();
    await page.getByLabel('账户名').fill('zhou.archive');
    await page.locator('.ant-modal button[type=submit]').click();
    const given = (await page.locator('.once code').textContent()) ?? '';
    expect(given).toMatch(/^(\w{4}-){3}\w{4}$/);
    await page.getByRole('button', { name: '完成' }).click();
    expect(await page.locator('.account-line').count()).toBe(5);
    expectNoFaults(visitor);
    await visitor.close();
    const auditor = await openVisitor(browser, url());
    await enterFirst(auditor.page, archive.nameOf('audit_admin'), archive.passwordOf('audit_admin'));
    await auditor.page.locator('.rail a[href="/accounts"]').click();
    await auditor.page.locator('.act-list', { hasText: 'zhou.archive' }).waitFor();
    expectNoFaults(auditor);
    await auditor.close();
  });

  it('enrols an authenticator from its QR code and asks for a code at the door, each once', async () => {
    const visitor = await openVisitor(browser, url());
    const { page } = visitor;
    const name = archive.nameOf('system_admin');
    await enterFirst(page, name, archive.passwordOf('system_admin'));
    await page.goto('/account');
    await page.getByRole('button', { name: '登记动态口令' }).click();
    await page.locator('svg.qr').waitFor();
    const secret = decode(((await page.locator('.secret').textContent()) ?? '').replaceAll(' ', ''));
    const code = totpCode(secret, totpStep(Date.now()));
    await page.locator('input[autocomplete=one-time-code]').fill(code);
    await page.keyboard.press('Enter');
    await page.locator('.once code').first().waitFor();
    const recovery = await page.locator('.once code').allTextContents();
    expect(recovery).toHaveLength(10);
    await visitor.close();
    const again = await openVisitor(browser, url());
    await again.page.goto('/');
    await fillDoor(again.page, name, PASSWORD);
    await again.page.locator('input[autocomplete=one-time-code]').fill(code);
    await again.page.keyboard.press('Enter');
    await again.page.locator('.refusal').waitFor();
    await fillDoor(again.page, name, PASSWORD);
    await again.page.locator('input[autocomplete=one-time-code]').fill(recovery[0] ?? '');
    await again.page.keyboard.press('Enter');
    await again.page.locator('.rail').waitFor();
    await again.close();
  });

  it('makes a passkey on the device, signs in by it, and refuses one answer twice and a copied device', async () => {
    const visitor = await openVisitor(browser, url());
    const { page } = visitor;
    // Keeps what the page sends with a passkey, to be sent a second time.
    await page.addInitScript(() => {
      const send = globalThis.fetch;
      globalThis.fetch = async (input, init) => {
        if (input instanceof Request && input.url.endsWith('/session/passkey')) sessionStorage.setItem('sent', await input.clone().text());
        return send(input, init);
      };
    });
    await enterFirst(page, archive.nameOf('archivist'), archive.passwordOf('archivist'));
    const { cdp, authenticatorId } = await addDevice(page);
    await page.goto('/account');
    await page.getByLabel('给它起个名字').fill('阅览室电脑');
    await page.getByRole('button', { name: '登记通行密钥' }).click();
    await page.locator('.lines', { hasText: '阅览室电脑' }).waitFor();
    await page.locator('.account-button').click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.locator('.door').waitFor();
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.locator('.rail').waitFor();
    const replayed = await page.evaluate(async () => {
      const body = sessionStorage.getItem('sent');
      const response = await fetch('/api/v1/session/passkey', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return { sent: body?.includes('authenticatorData'), answer: (await response.json()) as { code?: string } };
    });
    expect(replayed).toMatchObject({ sent: true, answer: { code: 'passkey/refused' } });
    // A copy of the device: the same key, whose count stands still behind.
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    const [credential] = credentials;
    if (!credential) throw new Error('the device made a passkey');
    await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
    await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } });
    await page.locator('.account-button').click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.locator('.door').waitFor();
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.locator('.refusal').waitFor();
    expect(await page.locator('.rail').count()).toBe(0);
    await visitor.close();
  });
});
