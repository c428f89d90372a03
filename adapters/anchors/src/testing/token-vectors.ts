import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchoredText, type Checkpoint } from '@lantai/log';
import * as asn1js from 'asn1js';
import { ContentInfo, SignedData } from 'pkijs';
import { openTimestampProvider } from '../timestamp-provider.ts';
import { OpensslAuthority, P256, type Pair, type Profile, RSA_1024, serveAnswers } from './openssl-authority.ts';

/** Tokens as the committed vectors hold them (`test/vectors/timestamp/tokens.json`), made anew by `tools/make-timestamp-vectors.ts`. */
export interface TokenVectors {
  readonly origin: string;
  readonly size: number;
  /** Base 64. */
  readonly root: string;
  /** PEM of the root that signed, and of one that did not. */
  readonly roots: { readonly own: string; readonly other: string };
  readonly tokens: readonly { readonly name: string; readonly token: string; readonly expect: string }[];
}

/** The root's bytes count up from 0. */
const CHECKPOINT: Checkpoint = { origin: 'log.example/stamped', size: 4711, root: Uint8Array.from({ length: 32 }, (_, i) => i) };

/** Makes every token of the vectors with the `openssl` program in this folder. */
export async function makeTokenVectors(folder: string): Promise<TokenVectors> {
  const authority = new OpensslAuthority(folder);
  const root = authority.makeRoot('root');
  const other = authority.makeRoot('other');
  const between = authority.makeSigner('between', root, { profile: 'root' });
  const signers = {
    rsa: authority.makeSigner('rsa', root),
    ecdsa: authority.makeSigner('ecdsa', root, { algorithm: P256 }),
    chain: authority.makeSigner('chain', between),
    expired: authority.makeSigner('expired', root, { between: ['20200101000000Z', '20210101000000Z'] }),
    mail: authority.makeSigner('mail', root, { profile: 'mail' }),
  };
  const stamp = (signer: Pair, chain?: string) => stampWith(authority, signer, chain);
  const rsa = await stamp(signers.rsa);
  return {
    origin: CHECKPOINT.origin,
    size: CHECKPOINT.size,
    root: Buffer.from(CHECKPOINT.root).toString('base64'),
    roots: { own: authority.read(root.certificate), other: authority.read(other.certificate) },
    tokens: [
      { name: 'RSA', token: rsa, expect: 'holds' },
      { name: 'ECDSA over P-256', token: await stamp(signers.ecdsa), expect: 'holds' },
      { name: 'a chain of three', token: await stamp(signers.chain, between.certificate), expect: 'holds' },
      { name: 'a chain whose middle is left out', token: await stamp(signers.chain), expect: 'chain' },
      { name: 'a certificate that had expired', token: await stamp(signers.expired), expect: 'chain' },
      { name: 'a certificate for mail', token: signAgain(authority, rsa, signers.mail, ['-cades']), expect: 'purpose' },
      { name: 'no word of the certificate', token: signAgain(authority, rsa, signers.rsa, []), expect: 'signing-certificate' },
      ...(await authorityVectors(authority, root)),
      ...weakVectors(authority, root, rsa, signers.rsa),
      { name: 'a byte behind it', token: Buffer.concat([fromBase64(rsa), Buffer.of(0)]).toString('base64'), expect: 'malformed' },
      { name: 'a broken certificate beside the chain', token: withCertificate(rsa, BROKEN), expect: 'holds' },
      { name: 'more certificates than are looked at', token: withCertificate(rsa, ...Array<Buffer>(16).fill(BROKEN)), expect: 'malformed' },
    ],
  };
}

type Vector = TokenVectors['tokens'][number];

/** A token below authorities that may not issue what they issued, or say what is not understood, critically. */
async function authorityVectors(authority: OpensslAuthority, root: Pair): Promise<Vector[]> {
  const made: Vector[] = [];
  const below = async (name: string, profile: Profile, expect: string) => {
    const issuer = authority.makeSigner(profile, root, { profile });
    const signer = authority.makeSigner(`${profile}-signer`, issuer);
    made.push({ name, token: await stampWith(authority, signer, issuer.certificate), expect });
    return issuer;
  };
  const narrow = await below('an authority with room for none below it, and none is', 'narrow', 'holds');
  const deeper = authority.makeSigner('deeper', narrow, { profile: 'root' });
  writeFileSync(join(authority.folder, 'both.pem'), authority.read(narrow.certificate) + authority.read(deeper.certificate));
  const deep = await stampWith(authority, authority.makeSigner('deep', deeper), 'both.pem');
  made.push({ name: 'an authority below one with room for none', token: deep, expect: 'chain' });
  await below('an authority with critical constraints of names', 'named', 'chain');
  await below('an authority with critical policies', 'policied', 'chain');
  await below('an authority with a critical extension that nobody knows', 'unknown', 'chain');
  const mail = authority.makeSigner('no-authority', root, { profile: 'stamp' });
  const issued = await stampWith(authority, authority.makeSigner('issued', mail), mail.certificate);
  return [...made, { name: 'a signer that issued another', token: issued, expect: 'chain' }];
}

/** A token with a digest or a key that is too weak, in the signature or in a certificate. */
function weakVectors(authority: OpensslAuthority, root: Pair, token: string, signer: Pair): Vector[] {
  const short = authority.makeSigner('short', root, { profile: 'root', algorithm: RSA_1024 });
  const by = (pair: Pair, ...more: string[]) => signAgain(authority, token, pair, ['-cades', ...more]);
  return [
    { name: 'a signature over SHA-1', token: by(signer, '-md', 'sha1'), expect: 'signature' },
    { name: 'a certificate signed over SHA-1', token: by(authority.makeSigner('sha1', root, { digest: 'sha1' })), expect: 'chain' },
    {
      name: 'a signer with RSA of 1,024 bits',
      token: by(authority.makeSigner('weak', root, { algorithm: RSA_1024 })),
      expect: 'signature',
    },
    {
      name: 'an authority with RSA of 1,024 bits',
      token: by(authority.makeSigner('under-short', short), '-certfile', short.certificate),
      expect: 'chain',
    },
  ];
}

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** A SEQUENCE of an OCTET STRING that says to be longer than what it stands in. */
const BROKEN = Buffer.from('3003047f00', 'hex');

/** A token with more in its bag of certificates. */
function withCertificate(token: string, ...more: readonly Buffer[]): string {
  const { result } = asn1js.fromBER(new Uint8Array(fromBase64(token)));
  const wrapped = (result as asn1js.Sequence).valueBlock.value[1] as asn1js.Constructed;
  const signed = wrapped.valueBlock.value[0] as asn1js.Sequence;
  const members = signed.valueBlock.value.map((member) => {
    const bytes = Buffer.from(member.toBER());
    const isBag = member.idBlock.tagClass === 3 && member.idBlock.tagNumber === 0;
    return isBag ? layer(0xa0, Buffer.from((member as asn1js.Constructed).valueBlock.toBER()), ...more) : bytes;
  });
  const type = Buffer.from((result as asn1js.Sequence).valueBlock.value[0]!.toBER());
  return layer(0x30, type, layer(0xa0, layer(0x30, ...members))).toString('base64');
}

/** An element of DER of 256 to 65,535 bytes. */
function layer(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.of(tag, 0x82, 0, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

/** What the provider's request gets, whether it would believe it or not: the token out of the answer. Base 64. */
async function stampWith(authority: OpensslAuthority, signer: Pair, chain?: string): Promise<string> {
  let response: Buffer = Buffer.alloc(0);
  const server = await serveAnswers((body) => {
    response = authority.answer(body, signer, chain);
    return { body: response };
  });
  try {
    const roots = authority.read('root.pem');
    // Some of them are refused; the answer is wanted all the same.
    await openTimestampProvider({ url: server.url, roots }, { nowMs: Date.now })
      .submit(CHECKPOINT)
      .catch(() => undefined);
  } finally {
    await server.close();
  }
  writeFileSync(join(authority.folder, 'one.tsr'), response);
  return authority.run('ts', '-reply', '-in', 'one.tsr', '-token_out').toString('base64');
}

/** The content of a token, signed by another. */
function signAgain(authority: OpensslAuthority, token: string, signer: Pair, more: readonly string[]): string {
  const content = ContentInfo.fromBER(new Uint8Array(Buffer.from(token, 'base64')));
  const { eContent } = new SignedData({ schema: content.content }).encapContentInfo;
  writeFileSync(join(authority.folder, 'info.der'), new Uint8Array(eContent!.getValue()));
  const as = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-nosmimecap', '-outform', 'DER', '-md', 'sha256', ...more];
  const by = ['-signer', signer.certificate, '-inkey', signer.key];
  return authority.run('cms', '-sign', '-binary', '-nodetach', '-in', 'info.der', ...as, ...by).toString('base64');
}

/** The text that the vectors stamp, and the checkpoint. */
export const vectorCheckpoint = (): { checkpoint: Checkpoint; text: Uint8Array } => ({
  checkpoint: CHECKPOINT,
  text: anchoredText(CHECKPOINT),
});
