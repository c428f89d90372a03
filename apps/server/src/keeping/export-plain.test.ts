import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reading } from '@lantai/reading';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeBackup } from './backup.ts';
import { exportPlain } from './export-plain.ts';

const a = useArchive();
const TEXT = ['身份证号 110105194912310021', '电话 13800138000', '1998年受党内警告处分'];
const COUNTS = { id_number: 1, phone: 1, address: 0, bank_account: 0, discipline: 1, health: 0, unread: 0 };

let dossierId: string;

/** As if the page had been read. */
async function readAs(dossier: string, lines: readonly string[]): Promise<void> {
  const page = await a.database.systemDb.one<{ id: string; fonds_id: string; unit_id: string; category: string; level: number }>(
    'select id, fonds_id, unit_id, category, level from page where dossier_id = $1',
    [dossier],
  );
  const place = { fondsId: page!.fonds_id, unitId: page!.unit_id, category: page!.category, level: page!.level };
  const seen = lines.map((text, i) => ({ text, box: [0, i * 30, 300, 20] as const, confidence01: 1, source: 'normal' as const }));
  const size = { widthPx: 600, heightPx: 900, orientation: 0, skewDegrees: 0 } as const;
  const reading: Reading = { engine: 'test', version: '1', pageDigest: '', ...size, lines: seen };
  await a.archive.db
    .system('test')
    .tx((raw) =>
      storeReading(deskTx(raw, a.archive, null, 'archive_work'), a.archive, { pageId: page!.id, dossierId: dossier, place }, reading),
    );
}

const entries = async (kind: string) =>
  (
    await a.database.db.query<{ entry: { params: Record<string, unknown> } }>(
      `select convert_from(bytes, 'UTF8')::jsonb as entry from entry where kind = $1 order by id`,
      [kind],
    )
  ).map((r) => r.entry.params);

beforeAll(async () => {
  dossierId = await a.addDossier({ code: 'P1' });
  await a.importPages(dossierId, ['1.png']);
  await readAs(dossierId, TEXT);
});

describe('a plain export', () => {
  it('is withheld when it holds what is sensitive, says how much by kind, and leaves nothing on disk', async () => {
    const folder = join(a.folder, 'withheld');
    const asked = exportPlain(a.archive, await a.desk(), folder, { codes: ['P1'], leave: null });
    await expect(asked).rejects.toMatchObject({ code: 'export/sensitive', detail: COUNTS });
    expect(existsSync(folder)).toBe(false);
    expect(await entries('export.withheld')).toEqual([{ dossiers: 1, purpose: 'archive_work', ...COUNTS }]);
    expect(await entries('archive.exported')).toEqual([]);
  });

  it('goes when somebody says why, and the entry says what left', async () => {
    const folder = join(a.folder, 'gone');
    const done = await exportPlain(a.archive, await a.desk(), folder, { codes: ['P1'], leave: { reason: '移交市档案馆' } });
    expect(done).toMatchObject({ dossiers: 1, files: 1 });
    expect(await readFile(join(folder, 'P1', 'reading.txt'), 'utf8')).toContain(TEXT[0]);
    expect(await entries('archive.exported')).toEqual([{ dossiers: 1, purpose: 'archive_work', ...COUNTS }]);
  });

  it('needs nobody to say why when nothing is sensitive, but does when a page was not read', async () => {
    const plain = await a.addDossier({ code: 'P2' });
    await a.importPages(plain, ['2.png']);
    const unread = exportPlain(a.archive, await a.desk(), join(a.folder, 'unread'), { codes: ['P2'], leave: null });
    await expect(unread).rejects.toMatchObject({ code: 'export/sensitive', detail: { unread: 1, id_number: 0 } });
    await readAs(plain, ['干部履历表']);
    expect(await exportPlain(a.archive, await a.desk(), join(a.folder, 'plain'), { codes: ['P2'], leave: null })).toMatchObject({
      dossiers: 1,
    });
  });

  it('is a right of its own: not a clerk’s, and of nothing secret', async () => {
    const leave = { reason: '移交' };
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    const byClerk = exportPlain(a.archive, await a.desk(clerk), join(a.folder, 'clerk'), { codes: ['P1'], leave });
    await expect(byClerk).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await a.database.systemDb.query('update dossier set level = 2 where id = $1', [dossierId]);
    const archivist = await a.addAccount({ role: 'archivist' });
    const secret = exportPlain(a.archive, await a.desk(archivist), join(a.folder, 'secret'), { codes: ['P1'], leave });
    await expect(secret).rejects.toMatchObject({ code: 'dossier/not-found' });
    await a.database.systemDb.query('update dossier set level = 1 where id = $1', [dossierId]);
    expect(await exportPlain(a.archive, await a.desk(archivist), join(a.folder, 'open'), { codes: ['P1'], leave })).toMatchObject({
      dossiers: 1,
    });
  });
});

describe('a backup', () => {
  it('is the system administrator’s, and nobody else’s who is asked', async () => {
    const [folder, keyFile] = [join(a.folder, 'backup'), join(a.folder, 'keys.lks')];
    const archivist = await a.desk(await a.addAccount({ role: 'archivist' }));
    await expect(makeBackup(a.archive, folder, { keyFile, desk: archivist })).rejects.toMatchObject({ code: 'desk/not-allowed' });
    expect(existsSync(folder) || existsSync(`${folder}.partial`)).toBe(false);
    const system = await a.addAccount({ role: 'system_admin' });
    await a.desk(system).then((desk) => expect(() => desk.scope('archive.backup')).not.toThrow());
  });
});
