import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNoteSigner, encodeEntry, formatReceipt, hashLeaf, signCheckpoint, treeHash, verifyReceipt } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { describe, expect, it } from 'vitest';
import entryVectors from '../test/vectors/log/entries.json' with { type: 'json' };
import vectors from '../test/vectors/receipt/receipt-vectors.json' with { type: 'json' };

const script = fileURLToPath(new URL('verify.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Question {
  readonly receipt: string;
  readonly keys: readonly string[];
  /** Hexadecimal. */
  readonly file?: string;
}

interface Verdict {
  readonly isValid: boolean;
  readonly isFileProved: boolean;
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly reason?: string }[];
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
function askLantai({ receipt, keys, file }: Question): Verdict {
  const fileBytes = file === undefined ? {} : { fileBytes: Uint8Array.from(Buffer.from(file, 'hex')) };
  const { isValid, isFileProved, checks } = verifyReceipt(p, { receiptText: receipt, logKeys: keys, ...fileBytes });
  return { isValid, isFileProved, checks };
}

const shapeOf = ({ isValid, isFileProved, checks }: Verdict) => ({ isValid, isFileProved, checks });
const questionOf = (vector: (typeof vectors.vectors)[number]): Question => ({
  receipt: vector.receipt,
  keys: vector.keys ?? [vectors.logKey],
  ...(vector.file ? { file: vectors.files[vector.file as 'right' | 'wrong'] } : {}),
});

/** A receipt over a log of one entry, signed by these algorithms. */
function makeReceipt(entryBytes: Uint8Array, algorithms: readonly ('ed25519' | 'sm2')[]) {
  const name = 'log.example/second-verifier';
  const signers = algorithms.map((algorithm) => createNoteSigner(p, { name, algorithm, ...p.generateSigner(algorithm) }));
  const checkpointNote = signCheckpoint({ origin: name, size: 1, root: hashLeaf(treeHash(p), entryBytes) }, signers);
  return { receipt: formatReceipt({ entryBytes, position: 0, proof: [], checkpointNote }), keys: signers.map((s) => s.verifierKey) };
}

const ENTRY = encodeEntry({ id: '0190b2c4-7d1a-7000-8000-000000000001', atMs: 1, kind: 'page.view', actor: 'system' });

describe.skipIf(!hasPython)(`the second verifier, in Python${hasPython ? '' : ' (SKIPPED: no python3 here)'}`, () => {
  it('judges every receipt of the vectors, good and bad, as they say', () => {
    const verdicts = askPython(vectors.vectors.map(questionOf));
    for (const [i, vector] of vectors.vectors.entries()) {
      const { isValid, isFileProved, checks } = verdicts[i]!;
      const failed = Object.fromEntries(checks.filter((c) => c.outcome === 'failed').map((c) => [c.name, c.reason]));
      expect({ failed, isValid, isFileProved }, vector.name).toEqual({
        failed: vector.failed,
        isValid: vector.isValid,
        isFileProved: vector.isFileProved,
      });
      expect(shapeOf(verdicts[i]!), vector.name).toEqual(askLantai(questionOf(vector)));
    }
  });

  it('agrees with the first, check by check and reason by reason, on 1,000 receipts with a character altered, lost or doubled', () => {
    let state = 1;
    const next = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const signs = 'AZaz09+/=-_ \n\u2014"{}:,.é';
    const questions = Array.from({ length: 1000 }, (): Question => {
      const question = questionOf(vectors.vectors[next(vectors.vectors.length)]!);
      const text = question.receipt;
      const at = next(text.length + 1);
      const kind = next(3);
      const put = kind === 0 ? '' : kind === 1 ? signs[next(signs.length)]! : text.slice(at, at + 1).repeat(2);
      return { ...question, receipt: text.slice(0, at) + put + text.slice(at + 1) };
    });
    const verdicts = askPython(questions);
    for (const [i, question] of questions.entries()) expect(shapeOf(verdicts[i]!), question.receipt).toEqual(askLantai(question));
    expect(verdicts.filter((v) => !v.isValid).length).toBeGreaterThan(700);
  });

  it('takes and refuses the entries of the vectors as the first does', () => {
    const texts = [...entryVectors.good, ...entryVectors.bad].map((vector) => vector.text);
    const questions = texts.map((text) => makeReceipt(Uint8Array.from(Buffer.from(text)), ['ed25519']));
    const verdicts = askPython(questions);
    expect(verdicts.map(shapeOf)).toEqual(questions.map(askLantai));
    expect(verdicts.filter((v) => v.isValid)).toHaveLength(entryVectors.good.length);
  });

  it('checks by the Ed25519 line, by the SM2 line, or by both, and refuses when a line of a known key is wrong', () => {
    const { receipt, keys } = makeReceipt(ENTRY, ['ed25519', 'sm2']);
    const lines = receipt.trimEnd().split('\n');
    const other = makeReceipt(ENTRY, ['ed25519', 'sm2']).receipt.trimEnd().split('\n');
    const foreignLine = (at: number) => {
      // The key's id with another key's signature behind it.
      const own = Buffer.from(lines.at(at)!.split(' ')[2]!, 'base64');
      const theirs = Buffer.from(other.at(at)!.split(' ')[2]!, 'base64');
      const line = `${lines.at(at)!.split(' ').slice(0, 2).join(' ')} ${Buffer.concat([own.subarray(0, 4), theirs.subarray(4)]).toString('base64')}`;
      return `${lines.with(at, line).join('\n')}\n`;
    };
    const questions: Question[] = [
      ...[keys, [keys[0]!], [keys[1]!]].map((some) => ({ receipt, keys: some })),
      ...[-1, -2].flatMap((at) => [keys, [keys[0]!], [keys[1]!]].map((some) => ({ receipt: foreignLine(at), keys: some }))),
    ];
    const verdicts = askPython(questions);
    expect(verdicts.map(shapeOf)).toEqual(questions.map(askLantai));
    expect(verdicts.map((v) => v.isValid)).toEqual([true, true, true, false, true, false, false, false, true]);
  });

  it('says by its exit code whether a file is proved, with the keys out of a key file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lantai-verify-'));
    try {
      const path = (name: string) => join(folder, name);
      writeFileSync(path('p.tlog-proof'), vectors.vectors[0]!.receipt);
      writeFileSync(path('log.vkey'), `${vectors.logKey}\n`);
      for (const name of ['right', 'wrong'] as const) writeFileSync(path(name), Buffer.from(vectors.files[name], 'hex'));
      const run = (...args: string[]) => spawnSync('python3', [script, ...args], { cwd: folder, encoding: 'utf8' });
      expect(run('p.tlog-proof', 'right', '--key', 'log.vkey')).toMatchObject({ status: 0, stdout: expect.stringContaining('\nproved') });
      expect(run('p.tlog-proof', 'wrong', '--key', 'log.vkey')).toMatchObject({
        status: 4,
        stdout: expect.stringContaining('file-differs'),
      });
      expect(run('p.tlog-proof', '--key', vectors.logKey).status).toBe(0);
      expect(run('p.tlog-proof').status).toBe(4);
      expect(run('none', '--key', vectors.logKey).status).toBe(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
