import { openDiskBlobStore } from '@lantai/disk';
import { SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { describe, expect, it } from 'vitest';
import { type ObjectRow, openStoredObject } from '../archive/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { testRounds } from '../testing/test-rounds.ts';
import type { IncomingFile } from './folder-source.ts';
import { importFiles } from './import-files.ts';

const CUTS = 24 * testRounds();
const FILES = 20;
const files = (seed: number): IncomingFile[] =>
  Array.from({ length: FILES }, (_, i) => {
    const bytes = makeSmallPng(seed * 1000 + i);
    return { path: `${i}.png`, byteCount: bytes.length, read: async () => bytes };
  });

describe('a power cut while pages are received', () => {
  const house = useArchive();

  it(
    `loses no page that a row names, over ${CUTS} cuts of a disk that drops whatever was not flushed`,
    async () => {
      let cut = 0;
      for (let seed = 1; seed <= CUTS; seed++) {
        const chance = seededChance(seed);
        const disk = new SimulatedDisk(chance);
        const blobs = await openDiskBlobStore('/objects', { fs: disk });
        const dossierId = await house.addDossier({ code: `C${seed}` });
        const archive = { ...house.archive, blobs };
        // From the first write to somewhere past the last: some imports end before the power goes.
        disk.powerCutAfter(1 + Math.floor(chance() * 130));
        await importFiles(archive, await house.desk(), dossierId, files(seed)).catch(() => cut++);
        const survivor = { ...house.archive, blobs: await openDiskBlobStore('/objects', { fs: disk.restart() }) };
        const rows = await archive.db
          .system('test')
          .query<ObjectRow>(
            `select o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key from page p join stored_object o on o.address = p.object_address where p.dossier_id = $1`,
            [dossierId],
          );
        for (const row of rows) expect((await openStoredObject(survivor, row)).length).toBeGreaterThan(0);
        const again = await importFiles(survivor, await house.desk(), dossierId, files(seed));
        expect({ seed, total: again.pages + again.duplicates, held: again.duplicates }).toEqual({ seed, total: FILES, held: rows.length });
      }
      expect(cut).toBeGreaterThanOrEqual(CUTS / 2);
    },
    180_000 * testRounds(),
  );
});
