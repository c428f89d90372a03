import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { describeKeyStore } from '@lantai/vault/contract';
import { MemoryKeyStore, PowerCut, SimulatedDisk, seededChance } from '@lantai/vault/memory';
import { createKeyFileStore, openKeyFileStore } from './open-key-file-store.ts';
import { simulated } from './testing/simulated-store.ts';

describeKeyStore('memory', async () => ({
  store: new MemoryKeyStore({ random: (length) => p.random(length), nowMs: Date.now }),
  dispose: async () => {},
}));

describeKeyStore(
  'file, on the machine',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lantai-keys-'));
    const options = { folder: `${folder}/keys`, copyFolder: `${folder}/copy`, rootKey: p.random(32), p };
    const store = await createKeyFileStore(options);
    return {
      store,
      reopen: () => openKeyFileStore(options),
      dispose: async () => {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
  { isLasting: true },
);

for (const suite of ['intl', 'gm'] as const) {
  for (const seed of [1, 2, 3, 4]) {
    describeKeyStore(
      `file, simulated, ${suite}, chance ${seed}`,
      async () => {
        const chance = seededChance(seed);
        const disk = new SimulatedDisk(chance);
        const store = await createKeyFileStore({ ...simulated(disk), suite });
        return {
          store,
          reopen: () => openKeyFileStore(simulated(disk)),
          async crashDuring(steps, work) {
            const fresh = new SimulatedDisk(chance);
            const dying = await createKeyFileStore({ ...simulated(fresh), suite });
            fresh.powerCutAfter(steps);
            const isCut = await work(dying).then(
              () => false,
              (error: unknown) => {
                if (error instanceof PowerCut) return true;
                throw error;
              },
            );
            return { isCut, store: await openKeyFileStore(simulated(fresh.restart(), 2)) };
          },
          dispose: () => store.close(),
        };
      },
      { isLasting: true, isDurable: true },
    );
  }
}
