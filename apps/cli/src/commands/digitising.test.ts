import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type OpenArchive, openArchive, readConfig } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { createOutput } from '../output.ts';
import { batchCommand } from './batch.ts';
import { checkPropertiesCommand } from './check-properties.ts';
import { describeCommand } from './describe.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { learnCommand } from './learn.ts';
import { type StationAct, type StationsOptions, stationsCommand } from './stations.ts';

const SLOW_MS = 300_000;
const SAMPLE = resolve(import.meta.dirname, '../../../../samples/P1101');
let folder = '';
const at = (name: string) => join(folder, name);
/** Holds the folder, so that each command shares its database instead of starting one. */
let held: OpenArchive | undefined;
let printed: Record<string, unknown>[] = [];
const context = (): Context => ({
  config: readConfig({ LANTAI_DATA: at('data'), LANTAI_KEYS: at('keys'), LANTAI_READERS: '0' }, folder),
  out: { ...createOutput(true, 'zh'), json: (value: unknown) => void printed.push(value as Record<string, unknown>) },
});
/** What a command printed as JSON, with its exit code. */
async function done(work: Promise<number>) {
  printed = [];
  const exit = await work;
  return { exit, printed };
}
const stations = (act: StationAct, words: string[], options: StationsOptions = {}) => done(stationsCommand(context(), act, words, options));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-digitising-'));
  await mkdir(at('scans'));
  for (const name of ['001.jpg', '002.jpg']) await cp(join(SAMPLE, name), join(at('scans'), name));
  expect(await initCommand(context(), { trial: true, suite: 'intl' })).toBe(0);
  expect(await importCommand(context(), at('scans'), { dossier: 'P1101', scheme: 'cadre-2018', read: false })).toBeLessThanOrEqual(1);
  held = await openArchive(context().config, { reads: false });
}, SLOW_MS);
afterAll(async () => {
  await held?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('lantai stations', () => {
  it(
    'claims, judges, sends back and gives up by command what one holds, and nothing else',
    async () => {
      expect((await done(batchCommand(context(), 'create', 'PC1', ['P1101'], {}))).exit).toBe(0);
      // The dossier stands at the first station: at no other does anything wait.
      await expect(stations('claim', ['PC1', 'check'])).rejects.toMatchObject({ code: 'station/nothing-waiting' });
      await expect(stations('claim', ['PC1', 'cellar'])).rejects.toMatchObject({ code: 'station/unknown' });
      expect((await stations('claim', ['PC1', 'take_out'])).printed[0]).toMatchObject({ dossierCode: 'P1101', station: 'take_out' });
      expect((await stations('release', [])).exit).toBe(0);
      await expect(stations('finish', [])).rejects.toMatchObject({ code: 'claim/not-found' });

      await held!.db.system('test').query(`update batch_dossier set station = 'check'`);
      await stations('claim', ['PC1', 'check'], { dossier: 'P1101' });
      await expect(stations('judge', ['3', 'pass'])).rejects.toMatchObject({ code: 'page/not-found' });
      expect((await stations('judge', ['1', 'pass'])).printed[0]).toMatchObject({ verdict: 'pass', defects: [] });
      expect((await stations('judge', ['2', 'blurred', 'skewed'])).printed[0]).toMatchObject({ verdict: 'fail' });
      await expect(stations('finish', [])).rejects.toMatchObject({ code: 'station/failed' });
      expect((await stations('judge', ['2', 'mark-on-paper'])).printed[0]).toMatchObject({ verdict: 'pass', defects: ['mark-on-paper'] });
      expect((await stations('return', [], { to: 'scan', reason: '第二页模糊' })).exit).toBe(0);
      await stations('claim', ['PC1', 'scan']);
      const back = await stations('show', [], { dossier: 'P1101' });
      expect(back.printed[0]).toMatchObject({ returned: { station: 'check', toStation: 'scan', reason: '第二页模糊' } });
    },
    SLOW_MS,
  );
});

describe('lantai check-properties', () => {
  it(
    'checks a dossier, exits by what was found, and writes its report once',
    async () => {
      const checked = await done(checkPropertiesCommand(context(), ['P1101'], { moment: 'filing', report: at('check.xml') }));
      const [check] = checked.printed as { verdict: string; counts: Record<string, number>; items: { result: string }[] }[];
      expect(checked.exit).toBe(check?.verdict === 'failed' ? 4 : 1);
      // Nothing of it is filed or described yet, and no scanner ran: that is never a pass.
      expect(check?.verdict).not.toBe('passed');
      expect(check?.counts.fail).toBe(check?.items.filter((i) => i.result === 'fail').length);
      expect(check?.counts.skipped).toBeGreaterThan(0);
      expect(await readFile(at('check.xml'), 'utf8')).toContain('urn:lantai:four-properties:1');
      const again = checkPropertiesCommand(context(), ['P1101'], { moment: 'filing', report: at('check.xml') });
      await expect(again).rejects.toMatchObject({ code: 'pack/file-exists' });
      await expect(checkPropertiesCommand(context(), ['P9'], { moment: 'keeping' })).rejects.toMatchObject({ code: 'dossier/not-found' });
      const two = checkPropertiesCommand(context(), ['P1101', 'P1102'], { moment: 'filing', report: at('two.pdf') });
      await expect(two).rejects.toMatchObject({ code: 'properties/report-form' });
    },
    SLOW_MS,
  );
});

describe('lantai describe', () => {
  it(
    'writes the description of a dossier as XML, over no file, and of none that there is not',
    async () => {
      expect(await describeCommand(context(), 'P1101', at('p1101.xml'), {})).toBe(0);
      const xml = await readFile(at('p1101.xml'), 'utf8');
      expect(xml).toContain('urn:lantai:description:1');
      expect(xml).toContain('P1101');
      await expect(describeCommand(context(), 'P1101', at('p1101.xml'), {})).rejects.toMatchObject({ code: 'pack/file-exists' });
      await expect(describeCommand(context(), 'P9', at('p9.xml'), {})).rejects.toMatchObject({ code: 'dossier/not-found' });
    },
    SLOW_MS,
  );
});

describe('lantai learn', () => {
  it(
    'says that there is nothing to learn by, and puts no model in force of too little',
    async () => {
      await expect(learnCommand(context(), {})).rejects.toMatchObject({ code: 'learning/none' });
      // A proposal that was laid and that nobody has settled yet.
      await held!.db.system('test').query(
        `insert into learning_example (material_id, dossier_id, body, laid_at_ms, entry_id)
         select gen_random_uuid(), id, '\\x00', 1, (select id from entry limit 1) from dossier`,
      );
      const learned = await done(learnCommand(context(), {}));
      expect(learned.exit).toBe(1);
      expect(learned.printed).toEqual([expect.objectContaining({ scheme: 'cadre-2018', verdict: 'too-few', examples: 0, corrected: 0 })]);
    },
    SLOW_MS,
  );
});
