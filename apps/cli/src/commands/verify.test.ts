import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatViewNumber, numberOfEntry } from '@lantai/marks';
import { readConfig } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointText, extraOf, makeSigner, noteOf, receiptOf, rootOf } from '../../../../tools/second-verifier/craft.ts';
import type { Context } from '../context.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { createOutput } from '../output.ts';
import { type VerifyOptions, verifyCommand } from './verify.ts';

const NAME = 'log.example/verify';
const ID = '0190b2c4-7d1a-7000-8000-000000000003';
const NUMBER = formatViewNumber(numberOfEntry(ID));
const signer = makeSigner(NAME, 1);

/** A receipt of a log of one entry. */
function makeReceipt(kind: string): string {
  const entry = `{"actor":"system","at":3,"id":"${ID}","kind":"${kind}","v":1}`;
  const text = checkpointText(NAME, 1, rootOf([Buffer.from(entry)]));
  return receiptOf({ extra: extraOf(entry), index: 0, path: [], note: noteOf(text, signer.lineOver(text)) });
}

describe('lantai verify', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  /** Exit code, lines for people and the JSON of a run; what it throws counts as the program counts it. */
  const run = async (thing: string | undefined, options: VerifyOptions = {}) => {
    const lines: string[] = [];
    const json: Record<string, unknown>[] = [];
    const out = {
      ...createOutput(false, 'en'),
      line: (text: string) => void lines.push(text),
      say: () => undefined,
      json: (value: unknown) => void json.push(JSON.parse(JSON.stringify(value))),
    };
    const context: Context = { config: readConfig({ LANTAI_DATA: at('none') }, folder), out };
    const key = signer.verifierKey;
    const code = await verifyCommand(context, thing && at(thing), undefined, { key, ...options }).catch(exitCodeOf);
    return { code, text: lines.join('\n'), json: json[0] };
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lantai-verify-'));
    writeFileSync(at('look.tlog-proof'), makeReceipt('page.viewed'));
    writeFileSync(at('received.tlog-proof'), makeReceipt('page.received'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes a printed number for that of a look, and of no other entry', async () => {
    const look = await run('look.tlog-proof', { number: NUMBER });
    expect(look).toMatchObject({ code: EXIT.ok, json: { isLookProved: true, looks: [ID], number: NUMBER } });
    expect(look.text).toContain(ID);
    const received = await run('received.tlog-proof', { number: NUMBER });
    expect(received).toMatchObject({ code: EXIT.corruption, json: { isValid: true, isLookProved: false, looks: [] } });
    expect(received.text).not.toContain(ID);
  });

  it('tells the entry of a receipt that is valid, and of no other', async () => {
    const valid = await run('look.tlog-proof');
    expect(valid).toMatchObject({ code: EXIT.ok, json: { isValid: true, entry: { id: ID }, position: 0 } });
    expect(valid.text).toContain('page.viewed');
    const other = makeSigner(NAME, 2);
    const foreign = await run('look.tlog-proof', { key: other.verifierKey, number: NUMBER });
    expect(foreign).toMatchObject({ code: EXIT.corruption, json: { isValid: false, isLookProved: false } });
    expect(foreign.json).not.toHaveProperty('entry');
    expect(foreign.text).not.toContain('page.viewed');
  });

  it('ends with 2 when the command line is wrong, and with 3 when a file is not there', async () => {
    expect((await run('look.tlog-proof', { number: 'CGPB' })).code).toBe(EXIT.usage);
    expect((await run(undefined)).code).toBe(EXIT.usage);
    expect((await run('nothing.tlog-proof')).code).toBe(EXIT.environment);
    expect((await run('look.tlog-proof', { key: at('nothing.vkey') })).code).toBe(EXIT.environment);
    expect((await run('look.tlog-proof', { tsaRoots: at('nothing.pem') })).code).toBe(EXIT.environment);
  });
});
