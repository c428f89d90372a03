import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join, resolve } from 'node:path';
import { createArchive, readConfig, serve } from '@lantai/server';
import type { RawStatement } from './control.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** One answer of the server. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A trial archive on this machine, served over TLS, with somebody signed in and one dossier of the sample in it. */
export interface ScannedArchive {
  readonly url: string;
  readonly port: number;
  /** `name=value` of the session of the trial's owner, who may do almost everything. */
  readonly cookie: string;
  ask(method: string, path: string, body?: unknown): Promise<Answered>;
  /** Runs a statement on its database as it is written, for the control. */
  readonly query: RawStatement;
  close(): Promise<void>;
}

/** A certificate for localhost that nobody signed but itself. */
function makeCertificate(folder: string): { certificateFile: string; keyFile: string } {
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...key, '-out', certificateFile, '-days', '300', ...subject]);
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return { certificateFile, keyFile };
}

/**
 * Makes and serves it: the real server as `lantai serve` starts it, from `dist` (build first).
 * @param folder an empty folder of the caller's, which removes it afterwards
 */
export async function serveScanned(folder: string): Promise<ScannedArchive> {
  const { certificateFile, keyFile } = makeCertificate(folder);
  const config = readConfig(
    {
      LANTAI_DATA: join(folder, 'data'),
      LANTAI_KEYS: join(folder, 'keys'),
      LANTAI_PORT: '0',
      LANTAI_READERS: '0',
      LANTAI_PROGRAM: join(ROOT, 'dist'),
      LANTAI_TLS_CERT: certificateFile,
      LANTAI_TLS_KEY: keyFile,
    },
    folder,
  );
  const { accounts } = await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '扫描试验全宗' } });
  const web = await serve(config);
  const port = Number(new URL(web.url).port);
  const url = `https://localhost:${port}`;
  const ca = readFileSync(certificateFile);
  const state = { cookie: '' };
  const ask: ScannedArchive['ask'] = (method, path, body) =>
    send(url + path, { method, ca, cookie: state.cookie, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { name, password } = accounts[0]!;
  const entered = await ask('POST', '/api/v1/session', { name, password });
  state.cookie = [entered.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0] ?? '';
  if (entered.status !== 200 || !state.cookie) throw new Error(`the owner could not sign in: ${entered.status}`);
  const query: RawStatement = async (text) => (await web.archive.db.system('test').query(text)).length;
  return { url, port, cookie: state.cookie, ask, query, close: () => web.close() };
}

function send(url: string, { method, ca, cookie, body }: { method: string; ca: Buffer; cookie: string; body?: string }): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = { ...(cookie ? { cookie } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const request = httpsRequest(url, { method, ca, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
