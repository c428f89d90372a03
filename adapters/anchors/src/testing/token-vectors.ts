import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchoredText, type Checkpoint } from '@lantai/log';
import { ContentInfo, SignedData } from 'pkijs';
import { openTimestampProvider } from '../timestamp-provider.ts';
import { OpensslAuthority, P256, type Pair, serveAnswers } from './openssl-authority.ts';

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
    ],
  };
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
  const as = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-md', 'sha256', '-nosmimecap', '-outform', 'DER', ...more];
  const by = ['-signer', signer.certificate, '-inkey', signer.key];
  return authority.run('cms', '-sign', '-binary', '-nodetach', '-in', 'info.der', ...as, ...by).toString('base64');
}

/** The text that the vectors stamp, and the checkpoint. */
export const vectorCheckpoint = (): { checkpoint: Checkpoint; text: Uint8Array } => ({
  checkpoint: CHECKPOINT,
  text: anchoredText(CHECKPOINT),
});
