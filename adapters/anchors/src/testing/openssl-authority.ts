import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Extensions of a certificate, by what it is for. */
const PROFILES = `
[ root ]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ stamp ]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ narrow ]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
[ named ]
basicConstraints = critical,CA:true
nameConstraints = critical,permitted;DNS:example.org
[ policied ]
basicConstraints = critical,CA:true
certificatePolicies = critical,1.2.3.4.5
[ unknown ]
basicConstraints = critical,CA:true
1.2.3.4.5.6 = critical,ASN1:NULL
[ mail ]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = emailProtection
[ ca ]
default_ca = own
[ own ]
dir = .
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
unique_subject = no
[ any ]
commonName = supplied
[ tsa ]
default_tsa = stamping
[ stamping ]
serial = tsaserial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

/** What a certificate is for; of the authorities all but `root` say more, critically. */
export type Profile = 'stamp' | 'mail' | 'root' | 'narrow' | 'named' | 'policied' | 'unknown';

/** A certificate with its key, as files of the authority's folder. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/**
 * A time-stamp authority made of the `openssl` program: a root of its own, and a signer below it. For interoperability tests and for the
 * vectors; every name in it is invented.
 */
export class OpensslAuthority {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of [
      ['conf', PROFILES],
      ['index.txt', ''],
      ['serial', '1000\n'],
      ['tsaserial', '01\n'],
    ] as const)
      writeFileSync(join(folder, name), text);
  }

  run(...args: string[]): Buffer {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** A root that believes itself. @param algorithm arguments of `openssl genpkey` */
  makeRoot(name: string, algorithm: readonly string[] = RSA): Pair {
    const pair = { certificate: `${name}.pem`, key: `${name}.key` };
    this.run('genpkey', ...algorithm, '-out', pair.key);
    this.run(
      'req',
      '-x509',
      '-new',
      '-key',
      pair.key,
      '-subj',
      `/CN=${name}`,
      '-days',
      '36500',
      '-config',
      'conf',
      '-extensions',
      'root',
      ...OUT(pair),
    );
    return pair;
  }

  /** A signer below a root. @param between `YYYYMMDDHHMMSSZ` twice; default: a hundred years */
  makeSigner(
    name: string,
    root: Pair,
    options: { profile?: Profile; algorithm?: readonly string[]; between?: readonly [string, string]; digest?: 'sha1' | 'sha256' } = {},
  ): Pair {
    const { profile = 'stamp', algorithm = RSA, between = ['20260101000000Z', '21260101000000Z'], digest = 'sha256' } = options;
    const pair = { certificate: `${name}.pem`, key: `${name}.key` };
    this.run('genpkey', ...algorithm, '-out', pair.key);
    this.run('req', '-new', '-key', pair.key, '-subj', `/CN=${name}`, '-config', 'conf', '-out', `${name}.csr`);
    const [from, to] = between;
    const dates = ['-startdate', from, '-enddate', to];
    const signer = ['-md', digest, '-cert', root.certificate, '-keyfile', root.key, '-extensions', profile];
    this.run('ca', '-batch', '-notext', '-config', 'conf', '-in', `${name}.csr`, ...signer, ...dates, ...OUT(pair));
    return pair;
  }

  /** Answers a time-stamp request. @param request TimeStampReq in DER @returns TimeStampResp in DER */
  answer(request: Uint8Array, signer: Pair, chain?: string): Buffer {
    writeFileSync(join(this.folder, 'request.tsq'), request);
    const by = ['-signer', signer.certificate, '-inkey', signer.key, ...(chain ? ['-chain', chain] : [])];
    this.run('ts', '-reply', '-config', 'conf', '-queryfile', 'request.tsq', ...by, '-out', 'response.tsr');
    return readFileSync(join(this.folder, 'response.tsr'));
  }
}

const OUT = (pair: Pair) => ['-out', pair.certificate];
const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
/** RSA of 1,024 bits, which is too short. */
export const RSA_1024: readonly string[] = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'];
/** ECDSA over P-256. */
export const P256: readonly string[] = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** An HTTP server at a free port of this machine. `answer` gets each body as it came. */
export async function serveAnswers(
  answer: (body: Buffer) => { status?: number; type?: string; body: Uint8Array | string },
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { status = 200, type = 'application/timestamp-reply', body } = answer(Buffer.concat(parts));
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((done, fail) => {
        server.closeAllConnections();
        server.close((error) => (error ? fail(error) : done()));
      }),
  };
}
