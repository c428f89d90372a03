import { readFileSync } from 'node:fs';
import { nodePrimitives as p } from '@lantai/primitives-node';
import type { KeyName, KeyRecord, SuiteId } from '@lantai/vault';
import { SimulatedDisk } from '@lantai/vault/memory';
import { describe, expect, it } from 'vitest';
import { openKeyFileStore } from './open-key-file-store.ts';
import { formatRecoveryKit } from './recovery-kit.ts';
import { FILES } from './testing/simulated-store.ts';

type Copy = { readonly stage: string; readonly parts: readonly (readonly [number, number] | string)[] } | null;
interface Vectors {
  readonly good: readonly {
    readonly suite: SuiteId;
    readonly rootKey: string;
    readonly stages: Readonly<Record<string, string>>;
    readonly keys: readonly (KeyName & { readonly key: string })[];
    readonly listed: readonly KeyRecord[];
    readonly kit: readonly string[];
  }[];
  readonly cases: readonly {
    readonly suite: SuiteId;
    readonly why: string;
    readonly copies: readonly [Copy, Copy];
    readonly opens?: string;
    readonly mended?: readonly number[];
    readonly code?: string;
  }[];
}

const file = new URL('../../../test/vectors/key-store/key-store.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const goodOf = (suite: SuiteId) => vectors.good.find((good) => good.suite === suite)!;

async function diskWith(copies: readonly (Uint8Array | null)[]): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  for (const [i, bytes] of copies.entries()) {
    const path = FILES[i]!;
    await disk.makeFolder(path.slice(0, path.lastIndexOf('/')));
    if (bytes) await (await disk.open(path, 'create-new')).write(bytes);
  }
  return disk;
}

const open = (disk: SimulatedDisk, suite: SuiteId) =>
  openKeyFileStore({ folder: '/keys', copyFolder: '/copy', rootKey: hex(goodOf(suite).rootKey), p, fs: disk, eraseDelayMs: 3_600_000 });

describe('vectors of the key store', () => {
  for (const { suite, stages, keys, listed, rootKey, kit } of vectors.good) {
    it(`${suite}: each stage opens, with the keys it should have`, async () => {
      for (const [stage, text] of Object.entries(stages)) {
        const store = await open(await diskWith([hex(text), hex(text)]), suite);
        expect(store.suite).toBe(suite);
        expect(store.findings).toEqual([]);
        const count = stage === 'empty' ? 0 : stage === 'two' ? 2 : 4;
        for (const [i, { kind, id, key }] of keys.entries()) {
          const found = store.find(kind, id);
          expect(found && Buffer.from(found).toString('hex'), `${stage} ${id}`).toBe(i < count ? key : null);
        }
        if (stage === 'rewritten' || stage === 'destroyed') expect([...store.list()]).toEqual(listed);
        await store.close();
      }
      expect(formatRecoveryKit(hex(rootKey))).toEqual(kit);
    });

    it(`${suite}: a file written anew no longer holds the wrapped bytes of the destroyed key`, () => {
      const destroyed = listed.find(({ destroyedAtMs }) => destroyedAtMs !== undefined)!;
      const five = stages.five!;
      const at = five.indexOf(destroyed.id.replaceAll('-', '')) + 32 + 36;
      const wrapped = five.slice(at, at + 80);
      expect(stages.destroyed).toContain(wrapped);
      expect(stages.rewritten).not.toContain(wrapped);
    });
  }

  for (const { suite, why, copies, opens, mended, code } of vectors.cases) {
    it(`${suite}: ${why}`, async () => {
      const { stages } = goodOf(suite);
      const bytes = copies.map(
        (copy) =>
          copy &&
          new Uint8Array(
            Buffer.concat(copy.parts.map((part) => (typeof part === 'string' ? hex(part) : hex(stages[copy.stage]!).subarray(...part)))),
          ),
      );
      const disk = await diskWith(bytes);
      if (code !== undefined) {
        await expect(open(disk, suite)).rejects.toMatchObject({ code });
        for (const [i, path] of FILES.entries()) {
          // A refusal leaves both copies as they were found, for whoever comes to save what can be saved.
          if (bytes[i]) expect(await disk.read(path)).toEqual(bytes[i]);
          else expect(await disk.findStatus(path)).toBe(null);
        }
        return;
      }
      const store = await open(disk, suite);
      // Rot inside the second copy shows only when it is read whole.
      const findings = [...store.findings, ...(await store.verifyCopies())];
      expect(findings.map(({ params }) => params?.copy)).toEqual(mended);
      for (const path of FILES) expect(Buffer.from(await disk.read(path)).toString('hex')).toBe(stages[opens!]);
      await store.close();
    });
  }
});
