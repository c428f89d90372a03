import { expect, it } from 'vitest';
import { expectFitsPhone, graveFindings } from './axe.ts';
import { receiveDossier } from './receive.ts';
import type { Stage } from './stage.ts';
import { eventually, openVisitor, type Visitor } from './visitor.ts';

const PHONE = { width: 390, height: 844 } as const;

/** Stands in for the telephone's camera: a sheet on a dark table, drawn anew; or a camera that nobody may use. */
const CAMERA = (how: 'sheet' | 'refused') => {
  const give = async (): Promise<MediaStream> => {
    if (how === 'refused') throw new DOMException('no', 'NotAllowedError');
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [960, 1280];
    const context = canvas.getContext('2d')!;
    let shown = 0;
    const draw = () => {
      context.fillStyle = '#4a4038';
      context.fillRect(0, 0, 960, 1280);
      context.fillStyle = '#ece8dc';
      context.beginPath();
      for (const [x, y] of [
        [160, 150],
        [800, 190],
        [860, 1120],
        [110, 1080],
      ])
        context.lineTo(x!, y!);
      context.fill();
      context.fillStyle = '#223';
      for (let row = 0; row < 14; row++) context.fillRect(240, 280 + row * 52, 460 - (row % 3) * 60 + (shown % 7), 9);
      shown++;
    };
    draw();
    setInterval(draw, 100);
    return canvas.captureStream(10);
  };
  Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: give });
};

/** Opens the link that the desk shows, as a telephone that read its QR code. */
async function openPhone(stage: Stage, url: string, how: 'sheet' | 'refused', language: 'zh' | 'en' = 'zh'): Promise<Visitor> {
  const phone = await openVisitor(stage.browser, stage.archive.url, { ...PHONE, language });
  await phone.context.addInitScript(CAMERA, how);
  await phone.page.goto(url);
  return phone;
}

/** The page's own faults; what the browser writes of an answer 410 is expected. */
const faultsOf = (phone: Visitor) => phone.takeFaults().filter((fault) => !/\b410\b/.test(fault));

/** What the QR code on the desk says. */
async function linkOn(stage: Stage, open: () => Promise<void>): Promise<string> {
  const { page } = stage.visitor;
  const made = page.waitForResponse((r) => r.url().endsWith('/capture-links') && r.request().method() === 'POST');
  await open();
  const { token } = (await (await made).json()) as { token: string };
  await page.getByRole('img', { name: '手机拍照二维码' }).waitFor();
  return `/phone#${token}`;
}

/** Pages photographed with a telephone that has no account. */
export function phoneTests(stage: Stage): void {
  it('come from the camera by a QR code: corners by keyboard, order changed, and the desk shows them at once', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔拍照', 1);
    await page.goto(`/dossiers/${dossier.id}`);
    const url = await linkOn(stage, () => page.getByRole('button', { name: '手机拍照' }).click());
    const dialog = page.getByRole('dialog', { name: '手机拍照入卷' });
    expect(await graveFindings(page)).toEqual([]);
    await expectFitsPhone(page);

    const phone = await openPhone(stage, url, 'sheet');
    await phone.page.getByText('已找到纸边，保持稳定').waitFor();
    // The token is out of the address, and of no use to whoever has it.
    expect(new URL(phone.page.url()).hash).toBe('');
    await dialog.getByText('手机已连接').waitFor();
    const corner = phone.page.getByRole('button', { name: /^左上角/ });
    const placeOf = async () =>
      /横 (\d+) %，纵 (\d+) %/
        .exec((await corner.getAttribute('aria-label')) ?? '')
        ?.slice(1)
        .map(Number);
    for (let shot = 0; shot < 2; shot++) {
      await phone.page.getByRole('button', { name: '拍照', exact: true }).click();
      await corner.waitFor();
      const [x, y] = (await placeOf())!;
      expect([Math.abs(x! - 17) <= 1, Math.abs(y! - 12) <= 1]).toEqual([true, true]);
      if (shot === 0) {
        await corner.focus();
        for (let i = 0; i < 4; i++) await phone.page.keyboard.press('Shift+ArrowLeft');
        expect((await placeOf())![0]).toBe(x! - 8);
        await phone.page.keyboard.press('Shift+ArrowRight');
        expect(await graveFindings(phone.page)).toEqual([]);
      }
      await phone.page.getByRole('button', { name: '用这张' }).click();
    }
    await phone.page.getByRole('button', { name: '已拍 2 张' }).click();
    await phone.page.getByRole('button', { name: '后移 1' }).click();
    expect(await graveFindings(phone.page)).toEqual([]);
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await phone.page.getByRole('button', { name: '送入案卷（2 张）' }).click();
    await phone.page.getByText('已送入 2 张').waitFor();
    await dialog.getByText('已入卷 2 页').waitFor();
    await dialog.getByRole('button', { name: '结束拍照' }).click();
    await eventually(() => page.locator('.strip [data-page]').count()).toBe(3);
    await phone.page.getByRole('heading', { name: '链接已失效' }).waitFor();
    expect(faultsOf(phone)).toEqual([]);
    await phone.close();
  });

  it('can be chosen where the camera is refused, and a lost connection keeps them; a code that was used opens nothing', async () => {
    const { page } = stage.visitor;
    const dossier = await receiveDossier(page, '孔断线', 1);
    await page.goto(`/capture?dossierId=${dossier.id}`);
    const url = await linkOn(stage, () => page.getByRole('button', { name: '手机拍照' }).click());
    const phone = await openPhone(stage, url, 'refused', 'en');
    await phone.page.getByText('The camera was refused.').waitFor();
    expect(await graveFindings(phone.page)).toEqual([]);
    const photograph = await phone.page.evaluate(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [600, 800];
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#403830';
      context.fillRect(0, 0, 600, 800);
      context.fillStyle = '#eee';
      context.fillRect(80, 90, 430, 610);
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]!;
    });
    const choose = (name: string, buffer: Buffer) =>
      phone.page.locator('[data-input=photograph]').setInputFiles({ name, mimeType: 'image/jpeg', buffer });
    await choose('broken.jpg', Buffer.from('no picture'));
    await phone.page.getByText('This file is no photograph').waitFor();
    await phone.context.setOffline(true);
    await choose('IMG_0001.jpg', Buffer.from(photograph, 'base64'));
    await phone.page.getByLabel('As it is').check();
    await phone.page.getByRole('button', { name: 'Use this' }).click();
    await phone.page.getByText('The connection is lost.').waitFor();
    await phone.context.setOffline(false);
    await phone.page.getByRole('button', { name: '1 taken' }).click();
    const again = phone.page.getByRole('button', { name: 'Upload again' });
    const send = phone.page.getByRole('button', { name: 'Send into the dossier (1)' });
    await eventually(async () => {
      if (await again.isVisible()) await again.click();
      return send.isEnabled();
    }).toBe(true);
    await send.click();
    await page.getByRole('dialog').getByText('已入卷 1 页').waitFor();

    const second = await openPhone(stage, url, 'sheet');
    await second.page.getByRole('heading', { name: '链接已失效' }).waitFor();
    expect(await graveFindings(second.page)).toEqual([]);
    expect(faultsOf(second)).toEqual([]);
    await second.close();
    await phone.close();
    await page.getByRole('button', { name: '结束拍照' }).click();
  });
}
