import { FaultyFileSystem, SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { describe, expect, it } from 'vitest';
import { openKeyFileStore } from './open-key-file-store.ts';
import { dossier, FONDS, filled, simulated } from './testing/simulated-store.ts';

describe('the lock of a writer whose disk fails once', () => {
  it('never keeps the store from the next writer, whichever step it is', async () => {
    for (let n = 1, isThrough = false; !isThrough; n++) {
      const disk = new SimulatedDisk(seededChance(n));
      await (await filled(disk, 1)).close();
      const fs = new FaultyFileSystem(disk);
      const store = await openKeyFileStore({ ...simulated(disk), fs });
      const lastStep = fs.stepCount + n;
      fs.breakDown({ firstStep: lastStep, code: 'ENOSPC', once: true });
      await store.create('dossier', dossier(7).id, FONDS).catch(() => undefined);
      isThrough = fs.stepCount < lastStep;
      // The first writer still lives and is not asked again: what it left must be for anybody to take.
      const next = await openKeyFileStore(simulated(disk));
      await next.create('dossier', dossier(8).id, FONDS);
      expect(next.get('dossier', dossier(8).id)).toHaveLength(32);
      await next.close();
    }
  });
});
