import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTrialOwner } from '../access/index.ts';
import { openArchive } from '../app.ts';
import { openStoredObject } from '../archive/index.ts';
import { createDossier, findRootUnit } from '../catalogue/index.ts';
import { readConfig } from '../config.ts';
import { openDesk } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { findReceiptChecks, receiptForPage } from '../pages/index.ts';
import { createArchive } from '../setup/index.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { makeBackup } from './backup.ts';
import { checkArchive } from './fsck.ts';
import { restoreBackup } from './restore.ts';

// Whole archives are made and opened: on a machine at work that takes its time.
vi.setConfig({ testTimeout: 300_000 });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-gm-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (name: string) =>
  readConfig({ LANTAI_DATA: join(folder, name), LANTAI_KEYS: join(folder, `${name}-keys`), LANTAI_READERS: '0' }, folder);

describe('an archive made under suite gm', () => {
  it('imports, opens, proves, is checked, backed up and restored as any other, with nothing sealed under another suite', async () => {
    const config = configOf('data');
    await createArchive(config, { kind: 'trial', suite: 'gm', fonds: { code: 'Z001', name: '某市人才服务中心' } });
    const archive = await openArchive(config, { reads: false });
    const bytes = makeSmallPng(7);
    let pageId = '';
    try {
      const owner = await findTrialOwner(archive);
      const desk = await openDesk(archive, owner!, 'archive_work');
      const unitId = await findRootUnit(archive, desk);
      const subject = { kind: 'person', name: '钱二虎' } as const;
      const { dossierId } = await createDossier(archive, desk, { code: 'P0001', unitId, scheme: 'cadre-2018', subject });
      await importFiles(archive, desk, dossierId, [{ path: '4/1.png', byteCount: bytes.length, read: async () => bytes }]);
      const row = await archive.db
        .system('test')
        .one<Parameters<typeof openStoredObject>[1] & { page_id: string }>(
          'select p.id as page_id, o.* from page p join stored_object o on o.address = p.object_address',
        );
      pageId = row!.page_id;
      expect(row?.suite).toBe('gm');
      expect((await archive.blobs.get(row!.address))[3]).toBe(2);
      expect(Buffer.compare(await openStoredObject(archive, row!), bytes)).toBe(0);
      const sealed = await archive.db
        .system('test')
        .one<{ suites: number[] }>(
          'select array_agg(distinct get_byte(name, 0)) as suites from (select name from fonds union all select name from subject union all select name from account) s',
        );
      expect(sealed?.suites).toEqual([2]);
      const { receipt } = await receiptForPage(archive, desk, pageId);
      expect(findReceiptChecks({ receiptText: receipt, logKeys: archive.identity.logKeys, fileBytes: bytes }).isFileProved).toBe(true);
      expect((await checkArchive(archive)).findings).toEqual([]);
      await makeBackup(archive, join(folder, 'backup'), { keyFile: join(folder, 'backup-keys.lks') });
    } finally {
      await archive.close();
    }

    const again = configOf('again');
    await restoreBackup(again, join(folder, 'backup'), {
      keyFile: join(folder, 'backup-keys.lks'),
      rootKey: { file: join(config.keyFolder, 'root.key') },
    });
    const restored = await openArchive(again, { reads: false });
    try {
      expect(restored.sealer.suite).toBe('gm');
      const owner = await findTrialOwner(restored);
      const { bytes: opened } = await receiptForPage(restored, await openDesk(restored, owner!, 'archive_work'), pageId);
      expect(Buffer.compare(opened, bytes)).toBe(0);
      expect((await checkArchive(restored)).findings).toEqual([]);
    } finally {
      await restored.close();
    }
  });
});
