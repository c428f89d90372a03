import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNoteSigner, findBase64, formatCheckpoint, signNote } from '@lantai/log';
import { utf8 } from '@lantai/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePrimitives as p } from './node-primitives.ts';
import { SM2_USER_ID, sm2PublicKey } from './sm2.ts';

/** SubjectPublicKeyInfo around `04 ‖ x ‖ y` of SM2. Source: RFC 5480 section 2 with the curve's identifier 1.2.156.10197.1.301. */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex');
const ROUNDS = 8;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-sm2-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const DIGEST = ['-rawin', '-digest', 'sm3', '-pkeyopt', `distid:${SM2_USER_ID}`];

/** An integer of a DER signature: shortest form, never negative. */
function derInteger(bytes: Uint8Array): Buffer {
  const short = Buffer.from(bytes.subarray(bytes.findIndex((b) => b !== 0)));
  const value = short[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
  return Buffer.concat([Buffer.of(2, value.length), value]);
}

function toDer(signature: Uint8Array): Buffer {
  const inner = Buffer.concat([derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, inner.length), inner]);
}

function fromDer(der: Buffer): Uint8Array {
  const out = new Uint8Array(64);
  let from = 2;
  for (const end of [32, 64]) {
    const value = der.subarray(from + 2, from + 2 + der[from + 1]!);
    const cut = value.subarray(Math.max(0, value.length - 32));
    out.set(cut, end - cut.length);
    from += 2 + der[from + 1]!;
  }
  return out;
}

/** Whether openssl accepts; it says so by its exit code and on its output. */
function isAcceptedByOpenssl(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  writeFileSync(at('public.der'), Buffer.concat([SPKI_PREFIX, publicKey]));
  writeFileSync(at('message'), message);
  writeFileSync(at('signature'), toDer(signature));
  const args = ['-verify', '-pubin', '-keyform', 'DER', '-inkey', at('public.der'), '-in', at('message'), '-sigfile', at('signature')];
  try {
    return openssl('pkeyutl', ...args, ...DIGEST).includes('Signature Verified Successfully');
  } catch (error) {
    const said = `${(error as { stdout?: Buffer }).stdout}${(error as { stderr?: Buffer }).stderr}`;
    if (said.includes('Signature Verification Failure')) return false;
    throw error;
  }
}

describe('SM2 and openssl', () => {
  it('openssl accepts what Lantai signs, and refuses it for another message', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { privateKey, publicKey } = p.generateSigner('sm2');
      const message = p.random(round * 37);
      const signature = p.sign('sm2', privateKey, message);
      expect(isAcceptedByOpenssl(publicKey, message, signature)).toBe(true);
      expect(isAcceptedByOpenssl(publicKey, Uint8Array.from([...message, 1]), signature)).toBe(false);
    }
  });

  it('Lantai accepts what openssl signs with its own keys, and refuses it for another message', () => {
    for (let round = 0; round < ROUNDS; round++) {
      openssl('genpkey', '-algorithm', 'SM2', '-outform', 'DER', '-out', at('private.der'));
      openssl('pkey', '-inform', 'DER', '-in', at('private.der'), '-pubout', '-outform', 'DER', '-out', at('own-public.der'));
      const publicKey = new Uint8Array(readFileSync(at('own-public.der')).subarray(-65));
      const message = p.random(round * 41);
      writeFileSync(at('message'), message);
      openssl('pkeyutl', '-sign', '-keyform', 'DER', '-inkey', at('private.der'), '-in', at('message'), '-out', at('signature'), ...DIGEST);
      const signature = fromDer(readFileSync(at('signature')));
      expect(p.verify('sm2', publicKey, message, signature)).toBe(true);
      expect(p.verify('sm2', publicKey, Uint8Array.from([...message, 1]), signature)).toBe(false);
    }
  });

  it('openssl accepts the SM2 line of a checkpoint that carries both lines', () => {
    const name = 'log.example/interop';
    const checkpoint = formatCheckpoint({ origin: name, size: 7, root: p.random(32) });
    const signers = (['ed25519', 'sm2'] as const).map((algorithm) =>
      createNoteSigner(p, { name, algorithm, ...p.generateSigner(algorithm) }),
    );
    const note = signNote(checkpoint, signers);
    const line = note.trimEnd().split('\n').at(-1)!;
    const signature = findBase64(line.split(' ')[2]!)!.slice(4);
    const key = findBase64(signers[1]!.verifierKey.split('+').slice(2).join('+'))!.slice(-65);
    expect(isAcceptedByOpenssl(key, utf8(checkpoint), signature)).toBe(true);
    expect(isAcceptedByOpenssl(key, utf8(checkpoint.replace('7', '8')), signature)).toBe(false);
  });

  it('derive the same public key from a private one', () => {
    openssl('genpkey', '-algorithm', 'SM2', '-outform', 'DER', '-out', at('private.der'));
    const text = openssl('pkey', '-inform', 'DER', '-in', at('private.der'), '-text', '-noout').toString();
    const [secret, open] = text.split(/priv:|pub:/).slice(1);
    const hexOf = (part: string) => part.split(/[A-Z]/)[0]!.replace(/[^0-9a-f]/g, '');
    const privateKey = Buffer.from(hexOf(secret!).padStart(64, '0').slice(-64), 'hex');
    expect(Buffer.from(sm2PublicKey(privateKey)!).toString('hex')).toBe(hexOf(open!));
  });
});
