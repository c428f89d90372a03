/**
 * Writes key-store.json: small key files under a fixed root key with the keys they hold, and altered pairs of copies with what must come of them.
 * Run: node --import tsx test/vectors/key-store/make-vectors.ts
 * Root keys and ids are invented and published here.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createKeyFileStore, formatRecoveryKit } from '@lantai/keys-file';
import { NodePrimitives } from '@lantai/primitives-node';
import { formatHex } from '@lantai/values';
import type { KeyName, SuiteId } from '@lantai/vault';
import { SimulatedDisk } from '@lantai/vault/memory';

const digest = (text: string, length: number) => new Uint8Array(createHash('shake256', { outputLength: length }).update(text).digest());
const FILE = '/keys/keys.lks';
const FONDS: KeyName = { kind: 'fonds', id: '0193a000-0000-7000-8000-00000000000f' };
const dossier = (n: number): KeyName => ({ kind: 'dossier', id: `0193a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` });
const AUDIT: KeyName = { kind: 'purpose', id: 'audit' };

async function build(suite: SuiteId) {
  const disk = new SimulatedDisk();
  let count = 0;
  let nowMs = Date.UTC(2026, 10, 22);
  const p = new NodePrimitives((length) => digest(`${suite} random ${count++}`, length));
  const rootKey = digest(`${suite} root`, 32);
  const options = { folder: '/keys', copyFolder: '/copy', rootKey, p, fs: disk, nowMs: () => nowMs++ };
  const store = await createKeyFileStore({ ...options, suite });
  const stages: Record<string, string> = {};
  const keep = async (name: string) => {
    stages[name] = Buffer.from(await disk.read(FILE)).toString('hex');
  };
  await keep('empty');
  await store.create(FONDS.kind, FONDS.id, null);
  await store.create(AUDIT.kind, AUDIT.id, null);
  await keep('two');
  await store.createMany([1, 2, 3].map((n) => ({ ...dossier(n), parent: FONDS })));
  const keys = [FONDS, AUDIT, dossier(1), dossier(3)].map((name) => ({ ...name, key: formatHex(store.get(name.kind, name.id)) }));
  await keep('five');
  await store.destroy('dossier', dossier(2).id);
  await keep('destroyed');
  await store.compact();
  await keep('rewritten');
  const listed = [...store.list()];
  await store.close();
  return { suite, rootKey: formatHex(rootKey), stages, keys, listed, kit: formatRecoveryKit(rootKey) };
}

const good = [await build('intl'), await build('gm')];

/** A copy in a case: a stage cut and joined, spans [from, to) and hexadecimal bytes; null is a missing file. */
type Copy = { readonly stage: string; readonly parts: readonly (readonly [number, number] | string)[] } | null;

function cases({ suite, stages }: (typeof good)[number]) {
  const lengthOf = (stage: string) => stages[stage]!.length / 2;
  const whole = (stage: string): Copy => ({ stage, parts: [[0, lengthOf(stage)]] });
  const cut = (stage: string, to: number): Copy => ({ stage, parts: [[0, to]] });
  const flip = (stage: string, at: number): Copy => {
    const byte = Number.parseInt(stages[stage]!.slice(2 * at, 2 * at + 2), 16) ^ 1;
    return { stage, parts: [[0, at], byte.toString(16).padStart(2, '0'), [at + 1, lengthOf(stage)]] };
  };
  const join = (stage: string, bytes: string): Copy => ({ stage, parts: [[0, lengthOf(stage)], bytes] });
  const two = lengthOf('two');
  const five = lengthOf('five');
  const rewritten = lengthOf('rewritten');
  const opens = (why: string, copies: readonly [Copy, Copy], stage: string, mended: readonly number[]) => ({ suite, why, copies, opens: stage, mended });
  const refused = (why: string, copies: readonly [Copy, Copy], code: string) => ({ suite, why, copies, code });
  return [
    opens('both copies equal', [whole('five'), whole('five')], 'five', []),
    opens('the second is one frame behind: a crash between the copies', [whole('five'), whole('two')], 'five', [2]),
    opens('the first is behind: an older file was put back', [whole('two'), whole('five')], 'five', [1]),
    opens('the first ends in a frame that was never finished', [cut('five', five - 1), whole('two')], 'two', [1]),
    opens('the first ends in zeros where a frame was to come', [join('two', '00'.repeat(40)), whole('two')], 'two', [1]),
    opens('the first ends in the length of a frame', [cut('five', two + 4), whole('two')], 'two', [1]),
    opens('the second was cut inside its last frame', [whole('five'), cut('five', five - 40)], 'five', [2]),
    opens('the second was cut inside its header', [whole('five'), cut('five', 50)], 'five', [2]),
    opens('a bit of a frame in the middle of the first', [flip('five', 100), whole('five')], 'five', [1]),
    opens('a bit of the last MAC of the second', [whole('five'), flip('five', five - 1)], 'five', [2]),
    opens('a bit of the header of the first', [flip('five', 20), whole('five')], 'five', [1]),
    opens('the first is missing', [null, whole('five')], 'five', [1]),
    opens('the second is missing', [whole('five'), null], 'five', [2]),
    opens('the first was written anew, the second not yet', [whole('rewritten'), whole('destroyed')], 'rewritten', [2]),
    opens('the newer file was damaged, the older is whole', [cut('rewritten', rewritten - 5), whole('destroyed')], 'destroyed', [1]),
    refused('both are missing', [null, null], 'key/store-missing'),
    refused('both are empty files', [cut('two', 0), cut('two', 0)], 'key/store-corrupt'),
    refused('both lost the same end: no crash does that', [cut('five', five - 1), cut('five', five - 1)], 'key/store-corrupt'),
    refused('the same bit flipped in both', [flip('five', 100), flip('five', 100)], 'key/store-corrupt'),
    refused('different bits flipped in both, the first frame in one, the last in the other', [flip('five', 80), flip('five', 81)], 'key/store-corrupt'),
    refused('damaged in the middle, and no other copy', [flip('five', 100), null], 'key/store-corrupt'),
    refused('two frames have changed places in both', [swapFrames('five'), swapFrames('five')], 'key/store-corrupt'),
    refused('the header altered in both: not this root key', [flip('five', 20), flip('five', 20)], 'key/root-mismatch'),
    opens('a bit of the magic of the first', [flip('five', 0), whole('five')], 'five', [1]),
    refused('a later version wrote it', [{ stage: 'five', parts: [[0, 4], '02', [5, five]] }, whole('five')], 'key/store-newer'),
  ];

  function swapFrames(stage: string): Copy {
    const hex = stages[stage]!;
    const starts = [72];
    while (starts.at(-1)! < lengthOf(stage)) {
      const at = starts.at(-1)!;
      starts.push(at + 4 + Number.parseInt(hex.slice(2 * at, 2 * at + 8), 16) + 32);
    }
    const [a, b, c] = starts as [number, number, number];
    return { stage, parts: [[0, a], [b, c], [a, b], [c, lengthOf(stage)]] };
  }
}

const vectors = {
  source: 'made for docs/spec/key-store.md by make-vectors.ts; root keys and ids invented',
  good,
  cases: good.flatMap(cases),
};
writeFileSync(new URL('key-store.json', import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`);
