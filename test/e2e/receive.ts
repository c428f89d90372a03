import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { ask } from './enter.ts';

/** A dossier made for one test, so that no test depends on what another left. */
export interface Received {
  readonly id: string;
  readonly code: string;
}

let facesMade = 0;

/** The image of a face that no other test has: bars like lines of writing, one more each time. */
async function drawFace(): Promise<Buffer> {
  const bars = Array.from(
    { length: 4 + facesMade++ },
    (_, i) => `<rect x="90" y="${90 + i * 36}" width="${320 + ((i * 97) % 300)}" height="14"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1100"><rect width="800" height="1100" fill="#f4f1ea"/>${bars.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Makes a dossier of somebody invented and sends it images through the screen of capture. Signed in on the page: who may do both. */
export async function receiveDossier(page: Page, name: string, faces: number): Promise<Received> {
  const { fonds } = await ask<{ fonds: { units: { id: string }[] }[] }>(page, 'GET', '/api/v1/fonds');
  const order = { unitId: fonds[0]?.units[0]?.id, schemeId: 'cadre-2018', subject: { kind: 'person', name } };
  const dossier = await ask<Received>(page, 'POST', '/api/v1/dossiers', order);
  await page.goto(`/capture?dossierId=${dossier.id}`);
  const files = [];
  for (let i = 1; i <= faces; i++) files.push({ name: `${i}.png`, mimeType: 'image/png', buffer: await drawFace() });
  await page.locator('input[data-input=files]').setInputFiles(files);
  await page.getByRole('button', { name: `导入 ${faces} 个文件` }).click();
  await page.getByText('导入完成').waitFor();
  return dossier;
}

/** Opens the desk of a dossier, and there what stands in its menu under this name. */
export async function openFromDesk(page: Page, { id }: Received, name: string): Promise<void> {
  await page.goto(`/dossiers/${id}`);
  await page.locator('.desk-acts').getByRole('button', { name: '更多' }).click();
  await page.getByRole('menuitem', { name }).click();
}
