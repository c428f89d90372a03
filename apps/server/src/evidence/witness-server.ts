import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { type Cosigner, findNoteVerifier, judgeAddCheckpoint, type NoteVerifier, treeHash, type WitnessMemory } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, findHex, formatHex } from '@lantai/values';
import { writeDurably } from '../archive/index.ts';

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
  readonly nowMs: () => number;
}

/**
 * A witness (C2SP tlog-witness): cosigns checkpoints of the logs it knows, each only when it is proved to continue the last.
 * @throws ArchiveError `log/key-malformed` (caller), `monitor/memory-malformed` (corruption)
 */
export function openWitness(options: WitnessOptions): { add(body: string): WitnessReply } {
  const verifiers = options.logKeys.map((key) => findNoteVerifier(nodePrimitives, key));
  if (!verifiers.length || verifiers.some((v) => v === null)) throw new ArchiveError('log/key-malformed', 'caller');
  const known = verifiers.filter((v): v is NoteVerifier => v !== null);
  const memory = readMemory(options.memoryFile);
  const ofOrigin = (origin: string) => {
    const keys = known.filter(({ name }) => name === origin);
    return keys.length ? keys : null;
  };
  return {
    add: (body) => {
      const judged = judgeAddCheckpoint(hash, body, ofOrigin, (origin) => memory.get(origin) ?? null);
      if (judged.kind === 'conflict') return { status: 409, type: 'text/x.tlog.size', body: `${judged.knownSize}\n` };
      if (judged.kind === 'refused') return { status: judged.status, type: 'text/plain', body: '' };
      const { origin, size, root } = judged.checkpoint;
      // INVARIANT: what is cosigned is durably remembered before, so that after a crash no two histories are cosigned.
      writeMemory(options.memoryFile, new Map([...memory, [origin, { size, root }]]));
      memory.set(origin, { size, root });
      const note = body.slice(body.indexOf('\n\n') + 2);
      const cosigned = options.cosigner.cosign(note, Math.floor(options.nowMs() / 1000));
      return { status: 200, type: 'text/plain', body: cosigned.slice(note.length) };
    },
  };
}

function readMemory(file: string): Map<string, WitnessMemory> {
  if (!existsSync(file)) return new Map();
  try {
    const { format, logs } = JSON.parse(readFileSync(file, 'utf8')) as {
      format: number;
      logs: { origin: string; size: number; root: string }[];
    };
    const rows = logs.map(({ origin, size, root }) => [origin, { size, root: findHex(root) }] as const);
    if (format !== 1 || rows.some(([, { size, root }]) => !Number.isSafeInteger(size) || root?.length !== 32))
      throw new RangeError('memory');
    return new Map(rows.map(([origin, { size, root }]) => [origin, { size, root: root! }]));
  } catch (cause) {
    throw new ArchiveError('monitor/memory-malformed', 'corruption', {}, cause);
  }
}

function writeMemory(file: string, memory: ReadonlyMap<string, WitnessMemory>): void {
  mkdirSync(dirname(file), { recursive: true });
  const logs = [...memory].map(([origin, { size, root }]) => ({ origin, size, root: formatHex(root) }));
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
    request.on('end', () => end(witness.add(Buffer.concat(parts).toString('utf8'))));
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
