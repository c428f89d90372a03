import { createNoteSigner } from '@lantai/log';
import { nodePrimitives, nodeBundlePrimitives as p } from '@lantai/primitives-node';
import { webBundlePrimitives } from '@lantai/primitives-web';
import { concatBytes, findHex, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/bundle/bundle-vectors.json' with { type: 'json' };
import {
  type AnchorJudge,
  type BundlePrimitives,
  type BundleVerdict,
  collectMembers,
  encodeManifest,
  isMemberPath,
  type Member,
  openZip,
  readManifest,
  readWhole,
  sourceOfBytes,
  verifyBundle,
  writeZip,
} from './index.ts';
import { makeSampleBundle } from './testing/make-bundle.ts';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const good = bytesOf(vectors.vectors[0]!.zip);
const KEYS = { given: vectors.logKeys, foreign: vectors.foreignKeys, none: [] };

async function check(
  bytes: Uint8Array,
  logKeys: readonly string[] = vectors.logKeys,
  primitives = p,
): Promise<BundleVerdict | { code: string; path: string | null }> {
  const opened = await openZip(sourceOfBytes(bytes));
  return opened.kind === 'refused' ? opened : verifyBundle(primitives, { members: opened.members, logKeys });
}

async function zip(members: Iterable<{ path: string; bytes: Uint8Array }>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of writeZip(members)) parts.push(part);
  return concatBytes(...parts);
}

/** The published key of the vectors, for a log of its own. */
function makeSigner() {
  const privateKey = findHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')!;
  const publicKey = findHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')!;
  return createNoteSigner(nodePrimitives, { name: 'log.example/many', algorithm: 'ed25519', privateKey, publicKey });
}

describe('a bundle', () => {
  for (const vector of vectors.vectors)
    it(`is judged as the vectors say: ${vector.name}`, async () => {
      for (const primitives of [p, webBundlePrimitives]) {
        const verdict = await check(bytesOf(vector.zip), KEYS[vector.keys as keyof typeof KEYS], primitives);
        if (!vector.opens) {
          expect(verdict).toMatchObject({ kind: 'refused', code: vector.faults[0]![0], path: vector.faults[0]![1] });
          continue;
        }
        if (!('faults' in verdict)) throw new Error(`refused: ${verdict.code}`);
        const sorted = (list: readonly unknown[]) => list.map((x) => JSON.stringify(x)).sort();
        expect(sorted(verdict.faults.map((f) => [f.code, f.path]))).toEqual(sorted(vector.faults));
        expect(verdict.isWhole).toBe(vector.faults.length === 0);
        expect(verdict.isValid).toBe(vector.faults.length === 0 && vector.keys === 'given');
      }
    });

  it('says which bytes, when, by whom, signed how, and that nobody anchored it', async () => {
    const verdict = (await check(good)) as BundleVerdict;
    expect(verdict.signatures.map((s) => s.algorithm)).toEqual(['ed25519', 'sm2']);
    expect(verdict.made?.entry).toMatchObject({ kind: 'bundle.made', actor: '0190b2c4-7d1a-7000-8000-0000000000aa' });
    expect(verdict.files.map((f) => [f.path, f.outcome])).toEqual([
      ['catalogue.json', 'listed'],
      ['files/P1101/0001a.png', 'proved'],
      ['files/P1101/0001b.png', 'proved'],
      ['files/P1101/0002.png', 'proved'],
      ['log/keys', 'listed'],
    ]);
    expect(verdict.entries.map((e) => e.entry.kind)).toEqual([
      'page.received',
      'page.received',
      'page.received',
      'page.viewed',
      'page.viewed',
    ]);
    expect(verdict.anchors).toEqual([]);
  });

  it('shows what outside providers hold of its log, as whoever knows them judges it, and fails with one that is refused', async () => {
    const proofs = [
      { kind: 'rfc3161' as const, token: 'AAAA' },
      {
        kind: 'evm' as const,
        chainId: 1,
        contract: `0x${'1'.repeat(40)}`,
        sender: `0x${'2'.repeat(40)}`,
        blockNumber: 5,
        blockHash: `0x${'3'.repeat(64)}`,
        transactionHash: `0x${'4'.repeat(64)}`,
      },
    ];
    const parts = { origin: 'log.example/many', signers: [makeSigner()], materials: [], others: [], looks: 3, strangers: 30 };
    const members = await makeSampleBundle(nodePrimitives, { ...parts, anchored: { size: 21, proofs } });
    const logKeys = [makeSigner().verifierKey];
    const judged = async (list: typeof members, judgeAnchor?: AnchorJudge) => {
      const opened = await openZip(sourceOfBytes(await zip(list)));
      if (opened.kind === 'refused') throw new Error(opened.code);
      const verdict = await verifyBundle(p, { members: opened.members, logKeys, ...(judgeAnchor ? { judgeAnchor } : {}) });
      return { isValid: verdict.isValid, faults: verdict.faults, anchors: verdict.anchors.map(({ path, ...rest }) => rest) };
    };
    const known = { size: 21, outcome: 'unknown' };
    expect(await judged(members)).toMatchObject({
      isValid: true,
      anchors: [
        { ...known, provider: 'rfc3161' },
        { ...known, provider: 'evm' },
      ],
    });
    const believes: AnchorJudge = async (anchored, proof) => (proof.kind === 'rfc3161' ? { kind: 'holds', atMs: anchored.size } : null);
    expect(await judged(members, believes)).toMatchObject({
      isValid: true,
      anchors: [{ outcome: 'holds', atMs: 21 }, { outcome: 'unknown' }],
    });
    const refuses: AnchorJudge = async () => ({ kind: 'wrong', reason: 'imprint' });
    const fault = { code: 'bundle/anchor-refused', path: 'anchors/21.anchors' };
    expect(await judged(members, refuses)).toMatchObject({ isValid: false, faults: [fault, fault], anchors: [{ reason: 'imprint' }, {}] });
    // Of another history, or signed by nobody believed, an anchor says nothing of this bundle, whatever its provider says.
    const others = await makeSampleBundle(nodePrimitives, { ...parts, looks: 9, anchored: { size: 38, proofs } });
    const foreign = others.find((m) => m.path.startsWith('anchors/'))!;
    expect(await judged([...members, foreign], believes)).toMatchObject({
      isValid: false,
      anchors: [{}, {}, { reason: 'consistency' }, {}],
    });
    const unsigned = members.map((m) =>
      m.path.startsWith('anchors/')
        ? {
            ...m,
            bytes: utf8(
              Buffer.from(m.bytes)
                .toString()
                .replace(/(\u2014 \S+ .{9})./, '$1!'),
            ),
          }
        : m,
    );
    expect((await judged(unsigned, believes)).anchors).toMatchObject([{ outcome: 'refused', reason: 'signature' }, {}]);
  });

  it('never holds after a change of any byte, and never breaks the verifier', async () => {
    const original = (await check(good)) as BundleVerdict;
    expect(original.isValid).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const verdict = await check(good.map((b, i) => (i === at ? b ^ by : b)));
        if ('faults' in verdict) expect(verdict.isValid).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('never breaks the verifier when it is noise, cut, or pieces of bundles in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(good.length), fc.nat(good.length), async (noise, from, to) => {
        for (const bytes of [noise, concatBytes(good.subarray(0, from), noise, good.subarray(to)), good.subarray(0, from)]) {
          const verdict = await check(bytes);
          if ('faults' in verdict) expect(verdict.isValid).toBe(Buffer.compare(bytes, good) === 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('costs signatures once, however many receipts there are and whatever they bring along', async () => {
    let signatures = 0;
    const counting: BundlePrimitives = {
      ...p,
      verify: (...args) => {
        signatures++;
        return p.verify(...args);
      },
    };
    await check(good, vectors.logKeys, counting);
    expect(signatures).toBe(4);
    signatures = 0;
    const other = vectors.vectors.find((v) => v.name.startsWith('the checkpoint of an earlier'))!;
    await check(bytesOf(other.zip), vectors.logKeys, counting);
    expect(signatures).toBe(2);
  });
});

describe('a zip of ours', () => {
  const part = fc.stringMatching(/^[a-z0-9_][a-z0-9._-]{0,10}[a-z0-9]$/).filter((text) => isMemberPath(text));
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const file = fc.record({ path, bytes: fc.uint8Array({ maxLength: 200 }) });
  const files = fc.uniqueArray(file, { selector: (f) => f.path, maxLength: 12 });

  it('opens to what was written, in the same order and to the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const bytes = await zip(list);
        const opened = await openZip(sourceOfBytes(bytes));
        if (opened.kind === 'refused') throw new Error(opened.code);
        const read: { path: string; bytes: Uint8Array }[] = [];
        for (const member of opened.members.values()) read.push({ path: member.path, bytes: await readWhole(member, 1000) });
        expect(read).toEqual(list.map((f) => ({ path: f.path, bytes: Uint8Array.from(f.bytes) })));
        expect(await zip(list)).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused at the member whose checksum is wrong in both headers, though its bytes are right', async () => {
    const altered = good.slice();
    const view = new DataView(altered.buffer);
    const central = view.getUint32(altered.length - 6, true);
    const path = new TextDecoder().decode(altered.subarray(central + 46, central + 46 + view.getUint16(central + 28, true)));
    const [local, wrong] = [view.getUint32(central + 42, true), view.getUint32(central + 16, true) ^ 1];
    view.setUint32(central + 16, wrong, true);
    view.setUint32(local + 14, wrong, true);
    expect(await check(altered)).toMatchObject({ isValid: false, isWhole: false, faults: [{ code: 'bundle/zip-form', path }] });
  });

  it('refuses to be written with a path that leads elsewhere or stands twice', async () => {
    for (const bad of ['../a', '/a', 'a//b', 'a/../b', 'a\\b', 'C:/a', 'nul', 'a.', '.a', '', 'a/', '文件', 'x'.repeat(81)])
      await expect(zip([{ path: bad, bytes: utf8('x') }])).rejects.toThrow(RangeError);
    await expect(zip(['a', 'A'].map((name) => ({ path: name, bytes: utf8('x') })))).rejects.toThrow(RangeError);
  });

  it('is told from a folder whose files change while they are read', async () => {
    const growing: Member = {
      path: 'manifest.json',
      byteCount: 3,
      async *read() {
        yield utf8('abcd');
      },
    };
    const opened = collectMembers([growing]);
    if (opened.kind === 'refused') throw new Error(opened.code);
    const verdict = await verifyBundle(p, { members: opened.members, logKeys: vectors.logKeys });
    expect(verdict.faults).toContainEqual({ code: 'bundle/size-differs', path: 'manifest.json' });
  });
});

describe('a manifest', () => {
  const KEYS = { path: 'log/keys', byteCount: 1, sha256: '0'.repeat(64) };
  const id = fc.uuid({ version: 7 });
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => Buffer.from(b).toString('hex'));
  const manifests = fc
    .record({
      kind: fc.constantFrom('audit-pack' as const, 'evidence-pack' as const, 'trace' as const),
      archiveId: id,
      origin: fc.constant('log.example/one'),
      madeAtMs: fc.maxSafeNat(),
      files: fc.uniqueArray(
        fc
          .record({ path: fc.stringMatching(/^files\/[a-z]{1,8}$/), byteCount: fc.maxSafeNat(), sha256: hex })
          .filter((f) => isMemberPath(f.path)),
        { selector: (f) => f.path, maxLength: 6 },
      ),
      entries: fc.uniqueArray(id, { maxLength: 6 }),
    })
    .map((m) => ({ ...m, files: [...m.files, KEYS], materials: [] }));

  it('reads back to what was written, whatever order it was given in', () => {
    fc.assert(
      fc.property(manifests, (m) => {
        const bytes = encodeManifest(m);
        const read = readManifest(bytes);
        if (typeof read === 'string') throw new Error(read);
        expect(encodeManifest(read)).toEqual(bytes);
        expect(new Set(read.entries)).toEqual(new Set(m.entries));
        expect(encodeManifest({ ...m, files: [...m.files].reverse(), entries: [...m.entries].reverse() })).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });

  it('is refused when it speaks of what it does not hold, or of places that are not for files', () => {
    const base = {
      kind: 'trace' as const,
      archiveId: '0190b2c4-7d1a-7000-8000-000000000001',
      origin: 'o',
      madeAtMs: 1,
      files: [],
      entries: [],
      materials: [],
    };
    const file = { path: 'a', byteCount: 1, sha256: '0'.repeat(64) };
    const bad = [
      { ...base, files: [KEYS, { ...file, entryId: base.archiveId }] },
      { ...base, files: [KEYS, { ...file, path: 'receipts/x' }] },
      { ...base, files: [KEYS, { ...file, path: 'log/checkpoint' }] },
      { ...base, files: [KEYS, { ...file, path: '../a' }] },
      { ...base, files: [KEYS, file, { ...file, path: 'A' }] },
      { ...base, files: [file] },
      { ...base, materials: [{ materialId: base.archiveId, dossierId: base.archiveId, code: null, files: ['b'] }] },
    ];
    expect(typeof readManifest(encodeManifest({ ...base, files: [KEYS, file] }))).toBe('object');
    for (const m of bad) expect(readManifest(encodeManifest(m))).toBe('bundle/manifest-malformed');
    fc.assert(fc.property(fc.json(), (text) => void expect(typeof readManifest(utf8(text))).toBe('string')));
  });
});

it('a sample bundle of many materials holds, and one whose page was altered names that page', async () => {
  const signer = makeSigner();
  const materials = Array.from({ length: 40 }, (_, i) => ({
    code: `M-${i}`,
    pages: [{ path: `files/m${i}.png`, bytes: utf8(`page ${i}`) }],
  }));
  const members = await makeSampleBundle(nodePrimitives, {
    origin: 'log.example/many',
    signers: [signer],
    materials,
    others: [],
    looks: 0,
    strangers: 5,
  });
  const verdict = (await check(await zip(members), [signer.verifierKey])) as BundleVerdict;
  expect([verdict.isValid, verdict.files.length, verdict.manifest?.materials.length]).toEqual([true, 41, 40]);
  const changed = members.map((m) => (m.path === 'files/m7.png' ? { ...m, bytes: utf8('page 8') } : m));
  expect(((await check(await zip(changed), [signer.verifierKey])) as BundleVerdict).faults).toEqual([
    { code: 'bundle/file-altered', path: 'files/m7.png' },
  ]);
});
