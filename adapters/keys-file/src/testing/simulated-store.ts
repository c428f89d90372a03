import { nodePrimitives as p } from '@lantai/primitives-node';
import type { KeyName } from '@lantai/vault';
import type { SimulatedDisk } from '@lantai/vault/memory';
import type { KeyFileStore, KeyFileStoreOptions } from '../key-file-store.ts';
import { createKeyFileStore } from '../open-key-file-store.ts';
import type { LockOwner } from '../writer-lock.ts';

/** The fonds all keys of these tests hang on. */
export const FONDS: KeyName = { kind: 'fonds', id: '0193a000-0000-7000-8000-00000000ffff' };

/** Name of the n-th dossier. */
export const dossier = (n: number): KeyName => ({ kind: 'dossier', id: `0193a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` });

/** Where the two copies lie on a simulated disk. */
export const FILES = ['/keys/keys.lks', '/copy/keys.lks'] as const;

/** A writer of one power-up of a simulated machine: those of earlier ones are dead. */
export function bootOwner(boot: number): LockOwner {
  return { text: `boot ${boot}`, isRunning: (text) => text === `boot ${boot}` };
}

/** Options of a store on a simulated disk, under a fixed root key. */
export function simulated(disk: SimulatedDisk, boot = 1): KeyFileStoreOptions {
  return { folder: '/keys', copyFolder: '/copy', rootKey: new Uint8Array(32).fill(7), p, fs: disk, lockOwner: bootOwner(boot) };
}

/** A store with a fonds and `count` dossiers. */
export async function filled(disk: SimulatedDisk, count: number): Promise<KeyFileStore> {
  const store = await createKeyFileStore(simulated(disk));
  await store.create(FONDS.kind, FONDS.id, null);
  for (let n = 0; n < count; n++) await store.create('dossier', dossier(n).id, FONDS);
  return store;
}

/** The keys of the first `count` dossiers. */
export const keysOf = (store: KeyFileStore, count: number) => Array.from({ length: count }, (_, n) => store.get('dossier', dossier(n).id));
