import { spawnSync } from 'node:child_process';
import { checkTimestamp } from '@lantai/anchors';
import { createNoteSigner, encodeEntry, formatReceipt, hashLeaf, signCheckpoint, treeHash } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { describe, expect, it } from 'vitest';
import bundles from '../test/vectors/bundle/bundle-vectors.json' with { type: 'json' };
import entries from '../test/vectors/log/entries.json' with { type: 'json' };
import tree from '../test/vectors/log/rfc6962.json' with { type: 'json' };
import notes from '../test/vectors/log/signed-notes.json' with { type: 'json' };
import receipts from '../test/vectors/receipt/receipt-vectors.json' with { type: 'json' };
import stamps from '../test/vectors/timestamp/tokens.json' with { type: 'json' };
import { alterBytes, alterText, makeDice } from './second-verifier/altered.ts';
import {
  askPython,
  bundleByLantai,
  bundlesByPython,
  type ReceiptQuestion,
  receiptByLantai,
  receiptsByPython,
  WRONG_IN_LANTAI,
} from './second-verifier/ask.ts';
import { bundleCases } from './second-verifier/bundle-cases.ts';
import { receiptCases } from './second-verifier/receipt-cases.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const KEYS = { given: bundles.logKeys, foreign: bundles.foreignKeys, none: [] };

const questionOf = (vector: (typeof receipts.vectors)[number]): ReceiptQuestion => ({
  receipt: vector.receipt,
  keys: vector.keys ?? [receipts.logKey],
  ...(vector.file ? { file: receipts.files[vector.file as 'right' | 'wrong'] } : {}),
});

/** A receipt over a log of one entry, signed by these algorithms. */
function makeReceipt(entryBytes: Uint8Array, algorithms: readonly ('ed25519' | 'sm2')[]) {
  const name = 'log.example/second-verifier';
  const signers = algorithms.map((algorithm) => createNoteSigner(p, { name, algorithm, ...p.generateSigner(algorithm) }));
  const checkpointNote = signCheckpoint({ origin: name, size: 1, root: hashLeaf(treeHash(p), entryBytes) }, signers);
  return { receipt: formatReceipt({ entryBytes, position: 0, proof: [], checkpointNote }), keys: signers.map((s) => s.verifierKey) };
}

describe.skipIf(!hasPython)(`the second verifier, in Python${hasPython ? '' : ' (SKIPPED: no python3 here)'}`, () => {
  it('judges every receipt of the vectors, good and bad, as they say, and as the first does', () => {
    const verdicts = receiptsByPython(receipts.vectors.map(questionOf));
    for (const [i, { name, failed, isValid, isFileProved }] of receipts.vectors.entries()) {
      const verdict = verdicts[i]!;
      const found = Object.fromEntries(verdict.checks.filter((c) => c.outcome === 'failed').map((c) => [c.name, c.reason]));
      expect({ ...verdict, checks: found }, name).toEqual({ checks: failed, isValid, isFileProved });
      expect(verdict, name).toEqual(receiptByLantai(questionOf(receipts.vectors[i]!)));
    }
  });

  it('judges every bundle of the vectors as they say, fault by fault, and as the first does', async () => {
    const questions = bundles.vectors.map((v) => ({ zip: v.zip, keys: KEYS[v.keys as keyof typeof KEYS] }));
    const verdicts = bundlesByPython(questions);
    for (const [i, vector] of bundles.vectors.entries()) {
      const isWhole = vector.faults.length === 0;
      const faults = vector.faults.map(([code, path]) => `${code} ${path}`).sort();
      expect(verdicts[i], vector.name).toEqual({ isWhole, isValid: isWhole && vector.keys === 'given', faults });
      expect(verdicts[i], vector.name).toEqual(await bundleByLantai(questions[i]!));
    }
  });

  it('takes and refuses entries, notes, keys and proofs of the vectors as they say', () => {
    const judged = askPython<{ isEntry: boolean }>(
      [...entries.good, ...entries.bad].map(({ text }) => ({ entry: Buffer.from(text).toString('base64') })),
    );
    expect(judged.map((verdict) => verdict.isEntry)).toEqual([...entries.good.map(() => true), ...entries.bad.map(() => false)]);
    expect(askPython(notes.notes.map(({ note, keys }) => ({ note, keys })))).toEqual(
      notes.notes.map(({ text, signedBy, fault }) => (fault ? { fault } : { text, signedBy })),
    );
    expect(askPython([...notes.keys.good, ...notes.keys.bad].map((key) => ({ key })))).toEqual(
      [...notes.keys.good.map(() => true), ...notes.keys.bad.map(() => false)].map((isKey) => ({ isKey })),
    );
    const proofs = tree.consistency.flatMap(({ from, to, proof }) => {
      const right = { from, to, fromRoot: tree.roots[from]!, toRoot: tree.roots[to]!, proof };
      return [
        right,
        { ...right, toRoot: tree.roots[0]! },
        { ...right, proof: [...proof, tree.roots[0]!] },
        { ...right, proof: proof.slice(1) },
      ];
    });
    const wanted = tree.consistency.flatMap(({ proof }) => [true, false, false, proof.length === 0]);
    expect(askPython(proofs.map((consistency) => ({ consistency })))).toEqual(wanted.map((holds) => ({ holds })));
  });

  it('judges the time-stamps of the vectors as they say, and under another root as not leading to it', () => {
    const text = `${stamps.origin}\n${stamps.size}\n${stamps.root}\n`;
    const by = (roots: string, of = text) =>
      askPython<{ reason: string | null }>(stamps.tokens.map(({ token }) => ({ token, text: of, roots }))).map((v) => v.reason ?? 'holds');
    expect(by(stamps.roots.own)).toEqual(stamps.tokens.map((token) => token.expect));
    const afterChain = ['holds', 'signature'];
    expect(by(stamps.roots.other)).toEqual(stamps.tokens.map(({ expect: own }) => (afterChain.includes(own) ? 'chain' : own)));
    expect(by(stamps.roots.own, `${text}x`)).toEqual(stamps.tokens.map(({ expect: own }) => (own === 'malformed' ? own : 'imprint')));
  });

  it('agrees with the first on whether 120 time-stamps hold that have a byte altered, lost or doubled', async () => {
    const text = `${stamps.origin}\n${stamps.size}\n${stamps.root}\n`;
    const checkpoint = { origin: stamps.origin, size: stamps.size, root: new Uint8Array(Buffer.from(stamps.root, 'base64')) };
    const roll = makeDice(7);
    const questions = Array.from({ length: 120 }, () => {
      const { token } = stamps.tokens[roll(stamps.tokens.length)]!;
      return { token: Buffer.from(alterBytes(Buffer.from(token, 'base64'), roll)).toString('base64'), text, roots: stamps.roots.own };
    });
    const verdicts = askPython<{ reason: string | null }>(questions);
    const firsts = await Promise.all(questions.map(({ token, roots }) => checkTimestamp(checkpoint, { kind: 'rfc3161', token }, roots)));
    expect(verdicts.map(({ reason }) => reason === null)).toEqual(firsts.map(({ kind }) => kind === 'holds'));
    expect(verdicts.filter(({ reason }) => reason !== null).length).toBeGreaterThan(100);
  });

  it('agrees with the first, check by check and reason by reason, on receipts wrong in one field and signed rightly in every other', () => {
    const cases = receiptCases();
    const verdicts = receiptsByPython(cases);
    for (const [i, one] of cases.entries()) expect(verdicts[i], one.name).toEqual(receiptByLantai(one));
    expect(verdicts[0]!.isFileProved).toBe(true);
    expect(verdicts.filter((verdict) => !verdict.isValid).length).toBeGreaterThan(100);
  });

  it('agrees with the first, fault by fault, on bundles wrong in one field, but where the first is known to be wrong', async () => {
    const cases = bundleCases();
    const verdicts = bundlesByPython(cases);
    const differ: string[] = [];
    for (const [i, one] of cases.entries()) {
      const first = await bundleByLantai(one);
      if (one.name in WRONG_IN_LANTAI) expect(verdicts[i], one.name).not.toEqual(first);
      else expect(verdicts[i], one.name).toEqual(first);
      if (one.name in WRONG_IN_LANTAI) differ.push(one.name);
    }
    expect(differ.sort()).toEqual(Object.keys(WRONG_IN_LANTAI).sort());
    expect(verdicts[0]!.isValid).toBe(true);
    expect(verdicts.filter((verdict) => !verdict.isValid).length).toBeGreaterThan(200);
  });

  it('agrees with the first on 1,000 receipts and 100 bundles with a character or byte altered, lost or doubled', async () => {
    const roll = makeDice(1);
    const questions = Array.from({ length: 1000 }, (): ReceiptQuestion => {
      const question = questionOf(receipts.vectors[roll(receipts.vectors.length)]!);
      return { ...question, receipt: alterText(question.receipt, roll) };
    });
    const verdicts = receiptsByPython(questions);
    for (const [i, question] of questions.entries()) expect(verdicts[i], question.receipt).toEqual(receiptByLantai(question));
    expect(verdicts.filter((verdict) => !verdict.isValid).length).toBeGreaterThan(700);
    const whole = Buffer.from(bundles.vectors[0]!.zip, 'base64');
    const zips = Array.from({ length: 100 }, () => ({ zip: alterBytes(whole, roll).toString('base64'), keys: bundles.logKeys }));
    const judged = bundlesByPython(zips);
    for (const [i, question] of zips.entries()) expect(judged[i]).toEqual(await bundleByLantai(question));
  });

  it('checks by the Ed25519 line, by the SM2 line, or by both, and refuses when a line of a known key is wrong', () => {
    const entry = encodeEntry({ id: '0190b2c4-7d1a-7000-8000-000000000001', atMs: 1, kind: 'page.view', actor: 'system' });
    const { receipt, keys } = makeReceipt(entry, ['ed25519', 'sm2']);
    const lines = receipt.trimEnd().split('\n');
    const other = makeReceipt(entry, ['ed25519', 'sm2']).receipt.trimEnd().split('\n');
    const foreignLine = (at: number) => {
      // The key's id with another key's signature behind it.
      const own = Buffer.from(lines.at(at)!.split(' ')[2]!, 'base64');
      const theirs = Buffer.from(other.at(at)!.split(' ')[2]!, 'base64');
      const line = `${lines.at(at)!.split(' ').slice(0, 2).join(' ')} ${Buffer.concat([own.subarray(0, 4), theirs.subarray(4)]).toString('base64')}`;
      return `${lines.with(at, line).join('\n')}\n`;
    };
    const questions: ReceiptQuestion[] = [
      ...[keys, [keys[0]!], [keys[1]!]].map((some) => ({ receipt, keys: some })),
      ...[-1, -2].flatMap((at) => [keys, [keys[0]!], [keys[1]!]].map((some) => ({ receipt: foreignLine(at), keys: some }))),
    ];
    const verdicts = receiptsByPython(questions);
    expect(verdicts).toEqual(questions.map(receiptByLantai));
    expect(verdicts.map((v) => v.isValid)).toEqual([true, true, true, false, true, false, false, false, true]);
  });
});
