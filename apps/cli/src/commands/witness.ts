import { resolve } from 'node:path';
import { openWitnessKey, serveWitness } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { keysOf } from './verify.ts';

export interface WitnessCommandOptions {
  readonly key: string;
  readonly name: string;
  readonly witnessKey: string;
  readonly memory: string;
  readonly host: string;
  readonly port: string;
  readonly follow?: readonly string[];
}

/**
 * `lantai witness`: serves a witness of logs (C2SP tlog-witness) until it is stopped; needs no archive. For another organisation than the log's.
 * @throws ArchiveError `log/key-malformed`, `monitor/witness-key-malformed`, `config/not-a-number` (caller), `http/port-taken` (environment)
 */
export async function witnessCommand({ out }: Context, options: WitnessCommandOptions): Promise<number> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ArchiveError('config/not-a-number', 'caller', { name: '--port', max: 65_535 });
  const cosigner = openWitnessKey(resolve(options.witnessKey), options.name);
  const witness = {
    cosigner,
    logKeys: keysOf(options.key),
    memoryFile: resolve(options.memory),
    nowMs: Date.now,
    places: options.follow ?? [],
  };
  const served = await serveWitness(witness, { host: options.host, port });
  out.json({ url: served.url, key: cosigner.verifierKey });
  out.say(`见证服务：${served.url}；公钥：${cosigner.verifierKey}`, `Witness at ${served.url}; its key: ${cosigner.verifierKey}`);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await served.close();
  return EXIT.ok;
}
