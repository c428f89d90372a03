import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { anchorTests } from './anchors.ts';
import { SAMPLE, serveArchive } from './archive-server.ts';
import { axeTests } from './axe.ts';
import { keyboardTests } from './keyboard.ts';
import type { Stage } from './stage.ts';
import { standardTests } from './standards.ts';
import { stateTests } from './states.ts';
import { openVisitor } from './visitor.ts';
import { walkTests } from './walk.ts';
import { workTests } from './work.ts';

describe('the page over a real trial archive, in a real browser', { timeout: 180_000 }, () => {
  const stage = { fileOfReceipt: join(SAMPLE, '001.jpg') } as Stage;
  beforeAll(async () => {
    stage.archive = await serveArchive('trial', 1);
    stage.browser = await launchBrowser();
    stage.visitor = await openVisitor(stage.browser, stage.archive.url);
  }, 300_000);
  afterAll(async () => {
    await stage.browser?.close();
    await stage.archive?.close();
  });
  describe('the main job', () => walkTests(stage));
  describe('around the main job', () => workTests(stage));
  describe('anchors and witnesses', () => anchorTests(stage));
  describe('schemes and standards', () => standardTests(stage));
  describe('by keyboard', () => keyboardTests(stage));
  describe('when something is amiss', () => stateTests(stage));
  describe('for everybody', () => axeTests(stage));
});
