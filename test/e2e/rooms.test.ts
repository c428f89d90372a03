import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { makePaperScanner } from '../../apps/server/src/scanning/testing/paper-scanner.ts';
import { launchBrowser } from '../browser.ts';
import { serveArchive } from './archive-server.ts';
import { comparingTests } from './comparing.ts';
import { countercheckTests } from './counterchecking.ts';
import { countingTests } from './counting.ts';
import { deskDialogTests } from './desk-dialogs.ts';
import { determinationTests } from './determining.ts';
import { fourPropertyTests } from './four-properties.ts';
import { phoneTests } from './phone.ts';
import { scanTests } from './scanning.ts';
import type { Stage } from './stage.ts';
import { stationTests } from './stations.ts';
import { expectNoFaults, openVisitor, signIn } from './visitor.ts';

describe('the rooms around the desk, each with a dossier of its own, in a real browser', { timeout: 300_000 }, () => {
  const stage = { fileOfReceipt: '' } as Stage;
  const scanner = makePaperScanner();
  beforeAll(async () => {
    stage.archive = await serveArchive('trial', 0, undefined, { LANTAI_SCANNER: scanner.program.file });
    stage.browser = await launchBrowser();
    stage.visitor = await openVisitor(stage.browser, stage.archive.url);
    await signIn(stage.visitor.page, stage.archive, 'trial_owner');
  }, 300_000);
  // What a test that failed left behind is no fault of the next.
  beforeEach(async () => {
    await stage.visitor.page.setViewportSize({ width: 1440, height: 900 });
    stage.visitor.takeFaults();
  });
  afterEach(() => expectNoFaults(stage.visitor));
  afterAll(async () => {
    await stage.browser?.close();
    await stage.archive?.close();
    scanner.close();
  });
  describe('key facts, comparison desk, versions', () => comparingTests(stage));
  describe('four properties', () => fourPropertyTests(stage));
  describe('counting and filing', () => countingTests(stage));
  describe('determinations by two persons', () => determinationTests(stage));
  describe('two persons at the cataloguing', () => countercheckTests(stage));
  describe('stations', () => stationTests(stage));
  describe('dialogs of the desk', () => deskDialogTests(stage));
  describe('photographs by telephone', () => phoneTests(stage));
  describe('a scanner', () => scanTests(stage, scanner));
});
