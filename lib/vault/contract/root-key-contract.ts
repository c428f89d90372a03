import type { RootKey, SuiteId } from '@lantai/vault';
import { describe, expect, it } from 'vitest';

/** A root key under test, another one, and what the implementation makes of the same key when it is opened again. */
export interface RootKeyHarness {
  readonly root: RootKey;
  readonly other: RootKey;
  reopen(): RootKey;
}

const SUITES: readonly SuiteId[] = ['intl', 'gm'];
const KEY = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);

/** The suite every {@link RootKey} passes: one in this process, an HSM's, a 密码机's (docs/spec/key-machine.md). */
export function describeRootKey(name: string, makeHarness: () => RootKeyHarness): void {
  describe(`RootKey contract: ${name}`, () => {
    for (const suite of SUITES) {
      it(`${suite}: unwraps what it wrapped, the same bytes each time, also when opened again`, () => {
        const { root, reopen } = makeHarness();
        const wrapped = root.wrap(suite, KEY);
        expect(wrapped.length).toBe(40);
        expect(root.wrap(suite, KEY)).toEqual(wrapped);
        expect(root.unwrap(suite, wrapped)).toEqual(KEY);
        expect(reopen().unwrap(suite, wrapped)).toEqual(KEY);
        expect(reopen().macKey(suite)).toEqual(root.macKey(suite));
        expect(root.macKey(suite).length).toBe(32);
      });

      it(`${suite}: gives null, never other bytes, under another root, another suite, or with any bit flipped`, () => {
        const { root, other } = makeHarness();
        const wrapped = root.wrap(suite, KEY);
        expect(other.unwrap(suite, wrapped)).toBe(null);
        expect(other.macKey(suite)).not.toEqual(root.macKey(suite));
        expect(root.unwrap(suite === 'gm' ? 'intl' : 'gm', wrapped)).toBe(null);
        for (let bit = 0; bit < wrapped.length * 8; bit++) {
          const altered = wrapped.slice();
          altered[bit >> 3]! ^= 1 << (bit & 7);
          expect(root.unwrap(suite, altered), `bit ${bit}`).toBe(null);
        }
        for (const malformed of [new Uint8Array(0), wrapped.subarray(8), new Uint8Array(48)])
          expect(root.unwrap(suite, malformed)).toBe(null);
      });
    }

    it('has a public name of eight hexadecimal digits, its own, and never shows key bytes', () => {
      const { root, other, reopen } = makeHarness();
      expect(root.name).toMatch(/^[0-9a-f]{8}$/);
      expect([reopen().name, other.name === root.name]).toEqual([root.name, false]);
      expect(JSON.stringify(root)).not.toMatch(/[0-9a-f]{32}|(\d+,){8}/);
      for (const suite of SUITES) expect(root.unwrap(suite, root.macKey(suite))).toBe(null);
    });

    it('keeps no hold of what it was handed, nor lets what it gave change it', () => {
      const { root } = makeHarness();
      const key = KEY.slice();
      const wrapped = root.wrap('intl', key);
      key.fill(0);
      root.macKey('intl').fill(0);
      expect(root.unwrap('intl', wrapped)).toEqual(KEY);
      expect(root.macKey('intl').some((byte) => byte !== 0)).toBe(true);
    });
  });
}
