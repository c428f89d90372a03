import { nodePrimitives as p } from '@lantai/primitives-node';
import { type RootKey, SoftRootKey } from '@lantai/vault';
import { describeRootKey } from '@lantai/vault/contract';
import { SimulatedDisk } from '@lantai/vault/memory';
import { describe, expect, it } from 'vitest';
import { createKeyFileStore, openKeyFileStore } from './open-key-file-store.ts';
import { simulated } from './testing/simulated-store.ts';

const bytes = p.random(32);

describeRootKey('in this process', () => ({
  root: new SoftRootKey(p, bytes),
  other: new SoftRootKey(p, p.random(32)),
  reopen: () => new SoftRootKey(p, bytes),
}));

/** A machine as a store sees it: four operations and a name, and no way to the key's bytes. Counts what it is asked. */
function makeMachine(key: Uint8Array): { root: RootKey; asked: { wrap: number; unwrap: number } } {
  const inside = new SoftRootKey(p, key);
  const asked = { wrap: 0, unwrap: 0 };
  const root: RootKey = Object.freeze({
    name: inside.name,
    wrap: (...of: Parameters<RootKey['wrap']>) => {
      asked.wrap++;
      return inside.wrap(...of);
    },
    unwrap: (...of: Parameters<RootKey['unwrap']>) => {
      asked.unwrap++;
      return inside.unwrap(...of);
    },
    macKey: (...of: Parameters<RootKey['macKey']>) => inside.macKey(...of),
    // Closing the store ends a session with the machine, not the machine's key.
    forget: () => undefined,
  });
  return { root, asked };
}

describeRootKey('a machine', () => ({
  root: makeMachine(bytes).root,
  other: makeMachine(p.random(32)).root,
  reopen: () => makeMachine(bytes).root,
}));

describe('a key store whose root key lies in a machine', () => {
  it('does all its work by the machine’s operations, which it asks once a key under the root, never for a dossier', async () => {
    const disk = new SimulatedDisk();
    const { root, asked } = makeMachine(bytes);
    const options = { ...simulated(disk), rootKey: root };
    const store = await createKeyFileStore(options);
    await store.create('fonds', 'f', null);
    await store.createMany(
      Array.from({ length: 50 }, (_, n) => ({ kind: 'dossier' as const, id: `d-${n}`, parent: { kind: 'fonds', id: 'f' } })),
    );
    const keys = Array.from({ length: 50 }, (_, n) => store.get('dossier', `d-${n}`));
    expect(asked).toEqual({ wrap: 1, unwrap: 1 });
    await store.renew({ suite: 'gm' });
    await store.close();

    const again = await openKeyFileStore({ ...options, rootKey: makeMachine(bytes).root });
    expect(Array.from({ length: 50 }, (_, n) => again.get('dossier', `d-${n}`))).toEqual(keys);
    // From the machine into another one: what hangs on the root is unwrapped by the old and wrapped by the new.
    const next = makeMachine(p.random(32));
    await again.renew({ root: next.root });
    expect(next.asked.wrap).toBe(1);
    await again.close();
    await expect(openKeyFileStore(options)).rejects.toMatchObject({ code: 'key/root-mismatch' });
    const last = await openKeyFileStore({ ...options, rootKey: next.root });
    expect(last.get('dossier', 'd-7')).toEqual(keys[7]);
    await last.close();
  });
});
