import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '@lantai/contract';
import { describe, expect, it } from 'vitest';
import { useArchive } from '../testing/archive-fixture.ts';
import { operateDossier } from './operate.ts';
import { openDossierDesk } from './read-desk.ts';
import { listSavedViews, saveView } from './saved-views.ts';
import { showDossier } from './show-dossier.ts';

const BLNS = join(import.meta.dirname, '../../../../../shared/samples/real/strings/blns.json');
/** A few of the kind, always; the big list of naughty strings besides, where it is. */
const OWN = [
  '\uFEFF标记在前',
  'a\u0000b',
  '𠮷野家👩‍👩‍👧',
  '\u202Etxt.exe',
  "'; drop table material; --",
  '$\u007B7*7}{{7*7}}',
  '<script>alert(1)</script>',
  'ﷺ',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  '\ud800半个',
  '-- \\x00 %s %n',
];

/** Half a thousand records, each with its tokens, three times over. */
const SLOW_MS = 300_000;

const a = useArchive();

/** What is kept of a typed text: half a surrogate pair cannot be written, and blank is nothing. */
const kept = (text: string) => (text.trim() === '' ? '' : Buffer.from(text, 'utf8').toString('utf8'));

async function roundTrip(texts: readonly string[]): Promise<void> {
  const dossierId = await a.addDossier({ name: texts.find((t) => t.trim() !== '')! });
  const desk = await a.desk();
  const operations = texts.map((title): Operation => ({ type: 'addRecord', edit: { title, remarks: title } }));
  const view = await operateDossier(a.archive, desk, dossierId, { baseVersion: 1, operations });
  expect(view.materials.map((m) => m.title)).toEqual(texts.map(kept));
  const again = await openDossierDesk(a.archive, desk, dossierId);
  expect(again.materials.map((m) => [m.title, m.remarks])).toEqual(texts.map((t) => [kept(t), Buffer.from(t, 'utf8').toString('utf8')]));
  const undone = await operateDossier(a.archive, desk, dossierId, {
    baseVersion: view.version,
    operations: [{ type: 'undo', operationId: view.undo!.operationId }],
  });
  expect(undone.materials).toEqual([]);
}

describe('naughty strings', () => {
  it('survive as titles and remarks, and are taken back', async () => {
    await roundTrip(OWN);
  });

  it('survive as names of persons, of subjects and of saved views', async () => {
    const names = OWN.filter((t) => !/[\ud800-\udfff](?![\udc00-\udfff])/.test(t) || t.startsWith('𠮷'));
    const dossierId = await a.addDossier({ name: names[0]! });
    await a.importPages(dossierId, ['1.png']);
    const desk = await a.desk();
    const { pages } = await openDossierDesk(a.archive, desk, dossierId);
    const view = await operateDossier(a.archive, desk, dossierId, {
      baseVersion: 1,
      operations: [{ type: 'namePersons', pageId: pages[0]!.id, names }],
    });
    expect(view.pages[0]?.persons).toEqual(names.map((n) => n.normalize('NFC').trim()));
    expect((await showDossier(a.archive, desk, dossierId, false)).name).toBe(names[0]);
    for (const name of names) await saveView(a.archive, a.owner.accountId, name, { name });
    expect((await listSavedViews<{ name: string }>(a.archive, a.owner.accountId)).map((v) => [v.name, v.filters.name])).toEqual(
      names.map((n) => [n, n]),
    );
  });

  it.skipIf(!existsSync(BLNS))(
    `of the big list survive too${existsSync(BLNS) ? '' : ' (skipped: ../shared/samples/real/strings/blns.json is absent)'}`,
    async () => {
      const all = (JSON.parse(readFileSync(BLNS, 'utf8')) as string[]).map((t) => t.slice(0, 500));
      for (let at = 0; at < all.length; at += 200) await roundTrip(all.slice(at, at + 200));
    },
    SLOW_MS,
  );
});
