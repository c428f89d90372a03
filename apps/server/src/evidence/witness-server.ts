import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { type Cosigner, judgeAddCheckpoint, treeHash, type WitnessMemory } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, findHex, formatHex } from '@lantai/values';
import { writeDurably } from '../archive/index.ts';
import { followPublishedKeys, verifiersOf } from './follow-keys.ts';
import { openPublishedLog } from './published-source.ts';

const hash = treeHash(nodePrimitives);
/** A checkpoint with 64 lines and a proof of 63 hashes is some 20 kB. */
const BODY_BYTES_MAX = 64 * 1024;

/** What a witness answers: status, kind of content and body, as C2SP tlog-witness has them. */
export interface WitnessReply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface WitnessOptions {
  readonly cosigner: Cosigner;
  /** Verifier keys of the logs it watches. */
  readonly logKeys: readonly string[];
  /** Where it remembers what it cosigned; its own, and nobody else writes there. */
  readonly memoryFile: string;
  /** Where the logs it watches are published (URL prefix or folder): from there it follows changes of their keys. Left out: it knows the keys given, and no others. */
  readonly places?: readonly string[];
  readonly nowMs: () => number;
}

/**
 * A witness (C2SP tlog-witness): cosigns checkpoints of the logs it knows, each only when it is proved to continue the last.
 * @throws ArchiveError `log/key-malformed` (caller), `monitor/memory-malformed` (corruption)
 */
export function openWitness(options: WitnessOptions): { add(body: string): Promise<WitnessReply> } {
  const given = verifiersOf(options.logKeys);
  if (!given.length || given.length < options.logKeys.length) throw new ArchiveError('log/key-malformed', 'caller');
  const memory = readMemory(options.memoryFile);
  const keysOf = (origin: string): readonly string[] =>
    memory.get(origin)?.keys ?? given.filter(({ name }) => name === origin).map((v) => options.logKeys[given.indexOf(v)]!);
  const ofOrigin = (origin: string) => {
    const keys = verifiersOf(keysOf(origin));
    return keys.length ? keys : null;
  };
  const judge = (body: string) => judgeAddCheckpoint(hash, body, ofOrigin, (origin) => memory.get(origin) ?? null);
  return {
    add: async (body) => {
      let judged = judge(body);
      // Signed by no key it knows: the log may have announced another since.
      if (judged.kind === 'refused' && judged.status === 403 && (await followKeys(options, memory, keysOf, body))) judged = judge(body);
      if (judged.kind === 'conflict') return { status: 409, type: 'text/x.tlog.size', body: `${judged.knownSize}\n` };
      if (judged.kind === 'refused') return { status: judged.status, type: 'text/plain', body: '' };
      const { origin, size, root } = judged.checkpoint;
      // INVARIANT: what is cosigned is durably remembered before, so that after a crash no two histories are cosigned.
      const seen = { ...memory.get(origin), size, root };
      writeMemory(options.memoryFile, new Map([...memory, [origin, seen]]));
      memory.set(origin, seen);
      const note = body.slice(body.indexOf('\n\n') + 2);
      const cosigned = options.cosigner.cosign(note, Math.floor(options.nowMs() / 1000));
      return { status: 200, type: 'text/plain', body: cosigned.slice(note.length) };
    },
  };
}

/** What is remembered of a log; `keys`: those that sign now, where the log has changed them. */
type Seen = WitnessMemory & { readonly keys?: readonly string[] };

/**
 * Looks in the published logs whether one has announced the keys that signed this. What is followed is kept in memory alone until a checkpoint
 * under it is cosigned. @returns whether it now knows keys that it did not
 */
async function followKeys(
  { places = [] }: WitnessOptions,
  memory: Map<string, Seen>,
  keysOf: (origin: string) => readonly string[],
  body: string,
): Promise<boolean> {
  const note = body.slice(body.indexOf('\n\n') + 2);
  const origin = note.slice(0, Math.max(0, note.indexOf('\n')));
  const believed = keysOf(origin);
  for (const place of places) {
    const followed = await followPublishedKeys(openPublishedLog(place), { origin, believed, note });
    if (followed.kind === 'alarm' || followed.keys.every((key) => believed.includes(key))) continue;
    // Never cosigned before: there is no memory to hang the keys on, and it was given keys that hold no more.
    const seen = memory.get(origin) ?? { size: 0, root: new Uint8Array(0) };
    memory.set(origin, { ...seen, keys: followed.keys });
    return true;
  }
  return false;
}

function readMemory(file: string): Map<string, Seen> {
  if (!existsSync(file)) return new Map();
  try {
    const { format, logs } = JSON.parse(readFileSync(file, 'utf8')) as {
      format: number;
      logs: { origin: string; size: number; root: string; keys?: string[] }[];
    };
    const rows = logs.map(({ origin, size, root, keys }) => [origin, { size, root: findHex(root), ...(keys ? { keys } : {}) }] as const);
    if (format !== 1 || rows.some(([, { size, root }]) => !Number.isSafeInteger(size) || root?.length !== 32))
      throw new RangeError('memory');
    return new Map(rows.map(([origin, seen]) => [origin, { ...seen, root: seen.root! }]));
  } catch (cause) {
    throw new ArchiveError('monitor/memory-malformed', 'corruption', {}, cause);
  }
}

function writeMemory(file: string, memory: ReadonlyMap<string, Seen>): void {
  mkdirSync(dirname(file), { recursive: true });
  const logs = [...memory].filter(([, { size }]) => size > 0).map(([origin, seen]) => ({ ...seen, origin, root: formatHex(seen.root) }));
  writeDurably(file, `${JSON.stringify({ format: 1, logs }, null, 2)}\n`, 0o644);
}

/** Serves a witness over HTTP: `POST /add-checkpoint` and nothing else. @throws ArchiveError `http/port-taken` (environment) */
export async function serveWitness(
  options: WitnessOptions,
  place: { readonly host: string; readonly port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const witness = openWitness(options);
  const server = createServer((request, response) => {
    const end = ({ status, type, body }: WitnessReply) => void response.writeHead(status, { 'content-type': type }).end(body);
    if (request.method !== 'POST' || request.url !== '/add-checkpoint') return end({ status: 404, type: 'text/plain', body: '' });
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > BODY_BYTES_MAX) request.destroy();
      else parts.push(part);
    });
    request.on('end', () => {
      witness.add(Buffer.concat(parts).toString('utf8')).then(end, () => end({ status: 503, type: 'text/plain', body: '' }));
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) => fail(new ArchiveError('http/port-taken', 'environment', { port: place.port }, cause)));
    server.listen(place.port, place.host, done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${place.host}:${port}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
