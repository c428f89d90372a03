import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desk, Operation } from '@lantai/contract';
import type { Reading } from '@lantai/reading';
import { createDossier, deskTx, findTrialOwner, importFiles, openDesk, openDossierDesk, operateDossier } from '@lantai/server';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeReading } from '../../apps/server/src/ingest/readings.ts';
import { launchBrowser } from '../browser.ts';
import { SAMPLE, serveArchive } from './archive-server.ts';
import { graveFindings } from './axe.ts';
import { ask } from './enter.ts';
import type { Stage } from './stage.ts';
import { eventually, expectNoFaults, openVisitor, signIn } from './visitor.ts';

/** Reading two pages on a busy machine takes its time; nothing here measures it. */
const READING_MS = 240_000;
const SCHEME = 'cadre-2018';
/** What a form of the archive's own is: no scheme knows it, and its heading says nothing of a class. */
const OWN = { classCode: '9-1', title: '职工登记卡' };
/** Enough for a model: what is held out of them judges it. */
const SETTLED = 12;

let facesMade = 0;
const face = async () =>
  sharp({ create: { width: 60 + facesMade++, height: 80, channels: 3, background: '#f4f1ea' } })
    .png()
    .toBuffer();

/** A sheet of a form of the archive's own, read. */
function ownForm(name: string): Reading {
  const lines = [
    ['入库人员花名卡', 900, 280, 90],
    ['姓名', 300, 600, 60],
    [name, 620, 600, 60],
    ['工号牌发放', 300, 900, 60],
    ['更衣箱钥匙', 300, 1050, 60],
    ['车间班次安排', 300, 1200, 60],
    ['1976年3月8日', 1800, 2300, 60],
  ] as const;
  return {
    ...{ engine: 'ppocr-v4-mobile', version: '1', widthPx: 2480, heightPx: 3508, orientation: 0, skewDegrees: 0 },
    lines: lines.map(([text, x, y, height]) => ({
      ...{ text, confidence01: 0.99, source: 'normal' as const },
      box: [x, y, [...text].length * height, height] as [number, number, number, number],
    })),
    pageDigest: 'f'.repeat(88),
  };
}

/** A dossier with one such sheet, and what is proposed of it. Its pages are not recognised: the queue of readings is paused by then. */
async function layOwnForm({ archive: served }: Stage, name: string): Promise<Desk> {
  const { archive } = served;
  const owner = await findTrialOwner(archive);
  const desk = await openDesk(archive, owner!, 'archive_work');
  const unit = await archive.db.one<{ id: string }>('select id from unit where parent_id is null');
  const subject = { kind: 'person', name } as const;
  const code = `Q${String(facesMade).padStart(4, '0')}`;
  const { dossierId } = await createDossier(archive, desk, { code, unitId: unit!.id, scheme: SCHEME, subject });
  const bytes = await face();
  await importFiles(archive, desk, dossierId, [{ path: '1.png', byteCount: bytes.length, read: async () => bytes }]);
  const view = await openDossierDesk(archive, desk, dossierId);
  const pageId = view.pages[0]!.id;
  await archive.db.system('reading').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const { fonds_id, unit_id, category, level } = (await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      'select fonds_id, unit_id, category, level from dossier where id = $1',
      [dossierId],
    ))!;
    await storeReading(tx, archive, { pageId, dossierId, place: { fondsId: fonds_id, unitId: unit_id, category, level } }, ownForm(name));
    await tx.query(`update page set read_state = 'read' where id = $1`, [pageId]);
  });
  const asked = { baseVersion: view.version, operations: [{ type: 'propose' }] as Operation[] };
  return operateDossier(archive, desk, dossierId, asked);
}

describe('proposals and learning, in a real browser', { timeout: 300_000 }, () => {
  const stage = {} as Stage;
  beforeAll(async () => {
    stage.archive = await serveArchive('trial', 1, undefined, { LANTAI_PROPOSE: 'on' });
    stage.browser = await launchBrowser();
    stage.visitor = await openVisitor(stage.browser, stage.archive.url);
    await signIn(stage.visitor.page, stage.archive, 'trial_owner');
  }, 300_000);
  afterAll(async () => {
    await stage.browser?.close();
    await stage.archive?.close();
  });

  it(
    'shows what was proposed by itself once the pages were read, lit on the page, and takes it by a key',
    async () => {
      const { page } = stage.visitor;
      const { fonds } = await ask<{ fonds: { units: { id: string }[] }[] }>(page, 'GET', '/api/v1/fonds');
      const order = { unitId: fonds[0]?.units[0]?.id, schemeId: SCHEME, subject: { kind: 'person', name: '张德振' } };
      const dossier = await ask<{ id: string }>(page, 'POST', '/api/v1/dossiers', order);
      await page.goto(`/capture?dossierId=${dossier.id}`);
      const file = (name: string) => ({ name, mimeType: 'image/jpeg', buffer: readFileSync(join(SAMPLE, name)) });
      await page.locator('input[data-input=files]').setInputFiles([file('001.jpg'), file('002.jpg')]);
      await page.getByRole('button', { name: '导入 2 个文件' }).click();
      await page.getByText('导入完成').waitFor();
      await page.goto(`/dossiers/${dossier.id}`);
      // Nobody asks for it: the desk that is open shows it by itself.
      const proposed = page.locator('.tree-row.material', { hasText: '职工登记表' });
      await proposed.first().waitFor({ timeout: READING_MS });
      await proposed.first().click();
      await eventually(() => page.locator('[data-row=title] input').first().inputValue()).toContain('职工登记表');
      expect(await graveFindings(page)).toEqual([]);
      await page.goto('/review');
      const line = page.locator('.review-line', { hasText: '张德振' }).first();
      await line.waitFor();
      await line.focus();
      await page.keyboard.press('Enter');
      await page.locator('.overlay').waitFor();
      // The field in hand is lit where its value stands.
      await page.locator('[data-row=name] input, [data-row=birthDate] input').first().focus();
      await page.locator('.overlay .lit, .overlay .field').first().waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await eventually(() => page.locator('.side-title + p.num').textContent()).toMatch(/-1/);
      expectNoFaults(stage.visitor);
    },
    READING_MS + 120_000,
  );

  it('learns of corrections: the jobs screen shows the version in force, and the next proposal is as the last were corrected', async () => {
    const { page } = stage.visitor;
    await ask(page, 'POST', '/api/v1/queues/read/pause');
    const names = [...'贺苏闵祁柏郁戚岑景鲍游杜阮'].map((family, i) => `${family}远${'山川云林石泉松竹梅兰芷若溪'[i]}`);
    const desks: Desk[] = [];
    for (const name of names.slice(0, SETTLED)) desks.push(await layOwnForm(stage, name));
    // All but the last are corrected as the desk does it; the last by hand.
    for (const { dossierId, version, materials } of desks.slice(1)) {
      const materialId = materials[0]!.id;
      const operations: Operation[] = [
        { type: 'edit', materialId, edit: OWN },
        { type: 'confirm', materialId },
      ];
      await ask(page, 'POST', `/api/v1/dossiers/${dossierId}/operations`, { baseVersion: version, operations });
    }
    await page.goto(`/dossiers/${desks[0]!.dossierId}?material=${desks[0]!.materials[0]!.id}`);
    await page.locator('.overlay').waitFor();
    await page.locator('[data-row=classCode] input').fill('工资');
    await page.keyboard.press('Enter');
    await page.locator('[data-row=title] input').fill(OWN.title);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.locator('.side-title + p.num').waitFor();
    await page.goto('/jobs');
    const card = page.locator('.learning');
    await card.getByText(`其中更正 ${SETTLED} 份`).waitFor();
    await card.getByRole('button', { name: '立即学习' }).click();
    await card.getByText('第 1 版').waitFor();
    await card.getByText('启用中').waitFor();
    expect(await graveFindings(page)).toEqual([]);
    const { materials } = await layOwnForm(stage, names.at(-1)!);
    expect(materials).toMatchObject([{ state: 'proposed', ...OWN }]);
    expectNoFaults(stage.visitor);
  });
});
