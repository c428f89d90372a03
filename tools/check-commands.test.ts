import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bundles from '../test/vectors/bundle/bundle-vectors.json' with { type: 'json' };
import receipts from '../test/vectors/receipt/receipt-vectors.json' with { type: 'json' };
import { checkpointText, consistencyOf, extraOf, makeSigner, noteOf, pathOf, receiptOf, rootOf, sha256 } from './second-verifier/craft.ts';

const script = fileURLToPath(new URL('check/check.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const ORIGIN = 'log.example/crafted';
const SIGNER = makeSigner(ORIGIN, 1);
const WITNESS = makeSigner('witness.example/one', 4, 4);
/** Of the look below, worked out by hand from docs/spec/marks.md: 42 bits of the milliseconds, 18 bits behind the variant. */
const LOOK = '{"actor":"system","at":3,"id":"0190b2c4-7d1a-7000-8000-000000000003","kind":"page.viewed","v":1}';
const LOOK_NUMBER = 'CGPB-27T6-G000';

let folder: string;
const write = (name: string, data: string | Uint8Array) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), data);
};

/** Exit code, last line and all lines of a command. */
function run(line: string): readonly [number | null, string | undefined, string] {
  const { status, stdout } = spawnSync('python3', [script, ...line.split(' '), '--lang', 'en'], { cwd: folder, encoding: 'utf8' });
  return [status, stdout.trimEnd().split('\n').at(-1), stdout];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasPython)(`commands of the second verifier${hasPython ? '' : ' (SKIPPED: no python3 here)'}`, () => {
  it('say of a receipt and a page what holds, what was not compared, and what does not match', () => {
    write('p.tlog-proof', receipts.vectors[0]!.receipt);
    write('log.vkey', `${receipts.logKey}\n`);
    for (const name of ['right', 'wrong'] as const) write(name, Buffer.from(receipts.files[name], 'hex'));
    expect(run('page p.tlog-proof right --key log.vkey').slice(0, 2)).toEqual([0, 'Proved.']);
    expect(run('page p.tlog-proof wrong --key log.vkey')).toEqual([4, 'NOT proved.', expect.stringContaining('[file-differs]')]);
    expect(run('page p.tlog-proof --key log.vkey')[0]).toBe(2);
    expect(run(`receipt p.tlog-proof --key ${receipts.logKey}`)).toEqual([0, 'Proved.', expect.stringContaining('No file was compared.')]);
    const [code, last, said] = run('receipt p.tlog-proof');
    expect([code, last]).toEqual([4, 'NOT proved.']);
    expect(said).toContain('[no-key]');
    expect(said, 'an entry that is not proved is not told').not.toContain('page.received');
    expect(run('receipt none --key log.vkey')[0]).toBe(3);
  });

  it('say of a bundle and a material whether they are proved, whole, or what is amiss where', () => {
    const named = (name: string) => Buffer.from(bundles.vectors.find((v) => v.name === name)!.zip, 'base64');
    write('bundle.vkey', bundles.logKeys.join('\n'));
    write('whole.zip', named('whole'));
    write('bad.zip', named('a byte of a file altered'));
    expect(run('bundle whole.zip --key bundle.vkey').slice(0, 2)).toEqual([0, 'Proved.']);
    expect(run('bundle whole.zip')[0]).toBe(1);
    expect(run('bundle bad.zip --key bundle.vkey')).toEqual([4, 'NOT proved.', expect.stringContaining('files/P1101/0002.png')]);
    expect(run('material whole.zip --material P1101-1-1 --key bundle.vkey')[0]).toBe(0);
    expect(run('material whole.zip --material P1101-9-9 --key bundle.vkey')[0]).toBe(4);
    expect(run('material bad.zip --material P1101-1-1 --key bundle.vkey')[0]).toBe(4);
  });

  it('find the look of a mark by its number, never another entry', () => {
    const make = (entry: string) => {
      const leaves = [Buffer.from(entry)];
      const text = checkpointText(ORIGIN, 1, rootOf(leaves));
      const note = noteOf(text, SIGNER.lineOver(text), WITNESS.cosign(text, 1763769600));
      return receiptOf({ extra: extraOf(entry), index: 0, path: pathOf(leaves, 0), note });
    };
    write('look.tlog-proof', make(LOOK));
    write('other.tlog-proof', make(LOOK.replace('page.viewed', 'page.received')));
    const key = `--key ${SIGNER.verifierKey}`;
    expect(run(`print look.tlog-proof --number ${LOOK_NUMBER} ${key}`)[0]).toBe(0);
    expect(run(`print look.tlog-proof --number ${LOOK_NUMBER.toLowerCase().replaceAll('0', 'o')} ${key}`)[0]).toBe(0);
    expect(run(`print look.tlog-proof --number CGPB-27T6-G001 ${key}`)[0]).toBe(4);
    expect(run(`print other.tlog-proof --number ${LOOK_NUMBER} ${key}`)[0]).toBe(4);
    expect(run(`print look.tlog-proof --number CGPB ${key}`)[0]).toBe(2);
    const [code, , said] = run(`receipt look.tlog-proof ${key} --witness ${WITNESS.verifierKey}`);
    expect([code, said]).toEqual([0, expect.stringContaining('witness.example/one 2025-11-22T00:00:00.000Z')]);
  });

  it('say whether a checkpoint continues another, by a proof or by the log, and that two of one size are a fork', () => {
    const leaves = Array.from({ length: 300 }, (_, n) => Buffer.from(`entry ${n}`));
    const noteAt = (size: number, root = rootOf(leaves.slice(0, size))) => {
      const text = checkpointText(ORIGIN, size, root);
      return noteOf(text, SIGNER.lineOver(text));
    };
    const tile = (from: number, to: number) =>
      Buffer.concat(leaves.slice(from, to).flatMap((leaf) => [Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf]));
    write('old', noteAt(200));
    write('new', noteAt(300));
    write('fork', noteAt(300, sha256()));
    write(
      'proof',
      consistencyOf(leaves, 200)
        .map((step) => `${step.toString('base64')}\n`)
        .join(''),
    );
    write('log/tile/entries/000', tile(0, 256));
    write('log/tile/entries/001.p/44', tile(256, 300));
    const key = `--key ${SIGNER.verifierKey}`;
    expect(run(`consistency old new --proof proof ${key}`)[0]).toBe(0);
    write('proof.json', JSON.stringify({ from: 200, to: 300, hashes: consistencyOf(leaves, 200).map((step) => step.toString('base64')) }));
    expect(run(`consistency old new --proof proof.json ${key}`)[0]).toBe(0);
    expect(run(`consistency old new --log log ${key}`)[0]).toBe(0);
    expect(run(`consistency old new ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('[no-proof]')]);
    expect(run(`consistency old fork --proof proof ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('[proof-differs]')]);
    expect(run(`consistency new fork ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('[fork]')]);
    expect(run(`consistency new old --proof proof ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('[shorter]')]);
    write('log/tile/entries/001.p/44', Buffer.concat([tile(256, 299), Uint8Array.of(0, 1, 120)]));
    expect(run(`consistency old new --log log ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('[root-differs]')]);
    rmSync(join(folder, 'log/tile/entries/001.p/44'));
    expect(run(`consistency old new --log log ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('tile/entries/001.p/44')]);
    // What is served to anybody: hash tiles without entries.
    const hashes = (from: number, to: number) => Buffer.concat(leaves.slice(from, to).map((leaf) => sha256(Uint8Array.of(0), leaf)));
    write('public/tile/0/000', hashes(0, 256));
    write('public/tile/0/001.p/44', hashes(256, 300));
    expect(run(`consistency old new --log public ${key}`)[0]).toBe(0);
    write('public/tile/0/000', Buffer.concat([hashes(1, 2), hashes(1, 256)]));
    expect(run(`consistency old new --log public ${key}`)).toEqual([4, 'NOT proved.', expect.stringContaining('[root-differs]')]);
  });
});
