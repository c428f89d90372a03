import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openZip, sourceOfBytes, verifyBundle, writeZip } from '@lantai/bundle';
import { makeSampleBundle } from '@lantai/bundle/testing';
import { createNoteSigner } from '@lantai/log';
import { nodeBundlePrimitives, nodePrimitives as p } from '@lantai/primitives-node';
import { utf8 } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import vectors from '../test/vectors/bundle/bundle-vectors.json' with { type: 'json' };

const script = fileURLToPath(new URL('verify_bundle.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Verdict {
  readonly isValid: boolean;
  readonly isWhole: boolean;
  readonly faults: readonly { readonly code: string; readonly path: string | null }[];
}
interface Question {
  /** Base 64. */
  readonly zip: string;
  readonly keys: readonly string[];
}

/** The second verifier's verdicts, by one process. */
function askPython(questions: readonly Question[]): Verdict[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const said = execFileSync('python3', [script, '--questions'], { input, maxBuffer: 1 << 26 }).toString();
  return said
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}

/** The first verifier's verdict, in the same shape. */
async function askLantai({ zip, keys }: Question): Promise<Verdict> {
  const opened = await openZip(sourceOfBytes(new Uint8Array(Buffer.from(zip, 'base64'))));
  if (opened.kind === 'refused') return { isValid: false, isWhole: false, faults: [{ code: opened.code, path: opened.path }] };
  const { isValid, isWhole, faults } = await verifyBundle(nodeBundlePrimitives, { members: opened.members, logKeys: keys });
  return { isValid, isWhole, faults };
}

const sorted = ({ faults, ...rest }: Verdict) => ({ ...rest, faults: faults.map((f) => `${f.code} ${f.path}`).sort() });
const KEYS = { given: vectors.logKeys, foreign: vectors.foreignKeys, none: [] };

describe.skipIf(!hasPython)(`bundles by the second verifier, in Python${hasPython ? '' : ' (SKIPPED: no python3 here)'}`, () => {
  it('are judged as the vectors say, fault by fault', () => {
    const verdicts = askPython(vectors.vectors.map((v) => ({ zip: v.zip, keys: KEYS[v.keys as keyof typeof KEYS] })));
    for (const [i, vector] of vectors.vectors.entries()) {
      const isWhole = vector.faults.length === 0;
      const faults = vector.faults.map(([code, path]) => ({ code: code!, path: path! }));
      expect(sorted(verdicts[i]!), vector.name).toEqual(sorted({ isWhole, isValid: isWhole && vector.keys === 'given', faults }));
    }
  });

  it('are judged as by the first with bytes altered, lost or doubled, and with an anchor of their own log or of another', async () => {
    const privateKey = new Uint8Array(32).fill(7);
    const publicKey = new Uint8Array(Buffer.from('ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c', 'hex'));
    const signer = createNoteSigner(p, { name: 'log.example/second', algorithm: 'ed25519', privateKey, publicKey });
    const parts = {
      origin: 'log.example/second',
      signers: [signer],
      materials: [{ code: '一-1', pages: [{ path: 'files/a.png', bytes: utf8('a page') }] }],
      others: [],
      looks: 2,
      anchored: { size: 9, proofs: [{ kind: 'rfc3161' as const, token: 'AAAA' }] },
    };
    const members = await makeSampleBundle(p, { ...parts, strangers: 20 });
    const foreign = (await makeSampleBundle(p, { ...parts, strangers: 25, anchored: { ...parts.anchored, size: 27 } })).at(-1)!;
    const zipOf = async (list: typeof members) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of writeZip(list)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const whole = await zipOf(members);
    let state = 1;
    const next = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    const altered = Array.from({ length: 120 }, (_, i) => {
      const at = next(whole.length);
      if (i % 3 === 0) return Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
      if (i % 3 === 1) return Buffer.concat([whole.subarray(0, at), whole.subarray(at - 1)]);
      return Buffer.from(whole.map((b, k) => (k === at ? b ^ (1 + next(255)) : b)));
    });
    const questions = [whole, await zipOf([...members, foreign]), ...altered].map((zip) => ({
      zip: zip.toString('base64'),
      keys: [signer.verifierKey],
    }));
    const verdicts = askPython(questions);
    expect([verdicts[0]!.isValid, verdicts[1]!.faults]).toEqual([true, [{ code: 'bundle/anchor-refused', path: 'anchors/27.anchors' }]]);
    for (const [i, question] of questions.entries()) expect(sorted(verdicts[i]!)).toEqual(sorted(await askLantai(question)));
  });
});
