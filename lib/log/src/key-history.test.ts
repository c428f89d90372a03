import { nodePrimitives as p } from '@lantai/primitives-node';
import { concatBytes, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createNoteSigner,
  encodeEntry,
  findKeyChanges,
  followKeyChanges,
  formatKeyChanges,
  KEY_CHANGE_KIND,
  type LoggedKeyChange,
  makeKeyChange,
  type NoteSigner,
} from './index.ts';

const ORIGIN = 'log.example/a';
const signer = (algorithm: 'ed25519' | 'sm2' = 'ed25519') =>
  createNoteSigner(p, { name: ORIGIN, algorithm, ...p.generateSigner(algorithm) });
const generations = Array.from({ length: 3 }, () => [signer(), signer('sm2')] as const);
const keysOf = (n: number) => generations[n]!.map((s) => s.verifierKey);
const logged = (position: number, from: NoteSigner, to: NoteSigner, sm2: NoteSigner): LoggedKeyChange => ({
  position,
  entryBytes: encodeEntry({
    id: `0190a000-0000-7000-8000-${String(position).padStart(12, '0')}`,
    atMs: 1,
    kind: KEY_CHANGE_KIND,
    actor: 'system',
    params: { ...makeKeyChange(ORIGIN, from, to, sm2), purpose: 'administration' },
  }),
});
const changes = [1, 2].map((n) => logged(n * 10, generations[n - 1]![0], generations[n]![0], generations[n]![1]));
const follow = (believed: readonly string[], size: number, among = changes) =>
  followKeyChanges(p, ORIGIN, believed, { changes: among, size });

describe('the history of a log’s keys', () => {
  it('leads from any generation to the one that signs a tree of that size', () => {
    for (const [size, at] of [
      [10, 0],
      [11, 1],
      [20, 1],
      [21, 2],
    ] as const)
      expect(follow(keysOf(0), size)).toMatchObject({ kind: 'known', present: keysOf(at), followed: changes.slice(0, at) });
    expect(follow(keysOf(1), 99)).toMatchObject({ present: keysOf(2), former: keysOf(1), followed: changes.slice(1) });
    expect(follow(keysOf(2), 99)).toMatchObject({ present: keysOf(2), former: [], followed: [] });
    // As `log.vkey` names them, the present ones first.
    expect(follow([...keysOf(2), ...keysOf(1), ...keysOf(0)], 99)).toMatchObject({ present: keysOf(2), followed: changes });
  });

  it('leaves what is believed alone where a change comes from nobody who is', () => {
    const stranger = signer();
    expect(follow(keysOf(0), 99, [logged(5, stranger, signer(), signer('sm2'))])).toMatchObject({ present: keysOf(0), followed: [] });
  });

  it('refuses a change that claims to come from a believed key and was altered, or is no change at all', () => {
    const text = new TextDecoder().decode(changes[0]!.entryBytes);
    const other = utf8(text.replace(generations[1]![0].verifierKey, signer().verifierKey));
    for (const entryBytes of [other, utf8('x'), utf8(text.replace(KEY_CHANGE_KIND, 'log-key.rotates'))])
      expect(follow(keysOf(0), 99, [{ position: 10, entryBytes }])).toEqual({ kind: 'refused', position: 10 });
  });

  it('is written and read back, and read in no other form', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 6 }), fc.array(bytes, { minLength: 6, maxLength: 6 }), (positions, entries) => {
        const list = positions.sort((a, b) => a - b).map((position, i) => ({ position, entryBytes: concatBytes(entries[i]!) }));
        expect(findKeyChanges(formatKeyChanges(list))).toEqual(list);
      }),
    );
    for (const text of ['x', '1 AA==', '01 AA==\n', '1 A\n', '2 AA==\n1 AA==\n', '1 AA==\n1 AA==\n', '\n'])
      expect(findKeyChanges(text)).toBeNull();
    expect(findKeyChanges('')).toEqual([]);
  });
});
