import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createNoteSigner,
  EMPTY_EDGE,
  encodeEntry,
  findCosignatures,
  findNoteVerifier,
  findWitness,
  formatAddCheckpoint,
  formatKeyChanges,
  formatTilePath,
  growEdge,
  KEY_CHANGE_KIND,
  makeKeyChange,
  type NoteSigner,
  openCheckpoint,
  rootOfEdge,
  signCheckpoint,
  type TreeEdge,
  treeHash,
} from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { formatHex, utf8 } from '@lantai/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { visitLog } from './monitor.ts';
import { openWitnessKey } from './witness-key.ts';
import { openWitness } from './witness-server.ts';

const ORIGIN = 'log.example/monitored';
const hash = treeHash(p);
const makeSigner = (): NoteSigner => createNoteSigner(p, { name: ORIGIN, algorithm: 'ed25519', ...p.generateSigner('ed25519') });

let folder: string;
let signer: NoteSigner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-monitor-'));
  signer = makeSigner();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = () => join(folder, 'log');
const visit = (logKeys: readonly string[] = [signer.verifierKey]) =>
  visitLog({ place: log(), memoryFile: join(folder, 'memory', 'seen.json'), logKeys, nowMs: 1_800_000_000_000 });
const entryNumber = (n: number) => utf8(`entry ${n}`);

/** Publishes a log that grew by these steps, as the sequencer lays it out; `entryOf` says which history. */
function publish(sizes: readonly number[], entryOf: (n: number) => Uint8Array = entryNumber, by: NoteSigner = signer): void {
  let edge: TreeEdge = EMPTY_EDGE;
  for (const size of sizes) {
    const from = edge.size;
    const grown = growEdge(
      hash,
      edge,
      Array.from({ length: size - from }, (_, i) => entryOf(from + i)),
    );
    for (const { tile, bytes } of grown.tiles) write(formatTilePath(tile), bytes);
    edge = grown.edge;
  }
  write('checkpoint', utf8(signCheckpoint({ origin: ORIGIN, size: edge.size, root: rootOfEdge(hash, edge) }, [by])));
}

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(log(), path)), { recursive: true });
  writeFileSync(join(log(), path), bytes);
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(join(log(), path));
  bytes[at]! ^= 1;
  writeFileSync(join(log(), path), bytes);
}

describe('a monitor', () => {
  it('checks every entry at the first visit, then each newer one, and remembers', async () => {
    expect(await visit()).toEqual({ kind: 'empty' });
    const visits: [number[], number, number][] = [
      [[3], 3, 0],
      [[3, 300], 300, 3],
      [[3, 300], 300, 300],
      [[3, 300, 512], 512, 300],
      [[3, 300, 512, 9000], 9000, 512],
    ];
    for (const [i, [sizes, size, fromSize]] of visits.entries()) {
      publish(sizes);
      expect(await visit(i === 0 ? undefined : [])).toEqual({ kind: 'proved', size, fromSize, signedBy: ['ed25519'], over: 'entries' });
    }
  });

  it('wants the key at the first visit and refuses another one later', async () => {
    publish([3]);
    await expect(visit([])).rejects.toMatchObject({ code: 'monitor/key-needed' });
    await expect(visit(['x'])).rejects.toMatchObject({ code: 'log/key-malformed' });
    await visit();
    expect(await visit([makeSigner().verifierKey])).toMatchObject({ kind: 'alarm', code: 'monitor/key-differs' });
    const stranger = makeSigner();
    publish([3, 4], entryNumber, stranger);
    const key = formatHex(stranger.keyId);
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/key-unannounced', detail: { key } });
    write('checkpoint', utf8('not a checkpoint'));
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/signature' });
    publish([3, 4]);
    expect(await visit()).toMatchObject({ kind: 'proved', size: 4 });
  });

  it('alarms when history was rewritten and signed again, keeps the contradicting note, and goes on alarming', async () => {
    publish([300]);
    await visit();
    for (const sizes of [[300], [700]]) {
      publish(sizes, (n) => utf8(`another ${n}`));
      const outcome = await visit();
      expect(outcome).toMatchObject({ kind: 'alarm', code: 'monitor/fork', detail: { fromSize: 300, size: sizes[0] } });
      const kept = outcome.kind === 'alarm' ? readFileSync(outcome.evidenceFile!, 'utf8') : '';
      expect(kept).toBe(readFileSync(join(log(), 'checkpoint'), 'utf8'));
    }
    publish([300, 301]);
    expect(await visit()).toMatchObject({ kind: 'proved', size: 301, fromSize: 300 });
  });

  it('alarms when a single old entry was rewritten under a longer tree', async () => {
    publish([300]);
    await visit();
    publish([400], (n) => (n === 7 ? utf8('something else') : entryNumber(n)));
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/fork' });
  });

  it('alarms when the log got shorter, to less or to nothing', async () => {
    publish([300]);
    await visit();
    publish([20]);
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/shorter', detail: { fromSize: 300, size: 20 } });
    rmSync(join(log(), 'checkpoint'));
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/shorter', detail: { size: 0 } });
  });

  it('names the file that was altered or is gone', async () => {
    const damages: [string, () => void, string][] = [
      ['monitor/tile-altered', () => flip('tile/0/001', 40), 'tile/0/001'],
      ['monitor/bundle-altered', () => flip('tile/entries/001', 10), 'tile/entries/001'],
      ['monitor/tile-altered', () => flip('tile/1/000.p/2', 40), 'tile/1/000.p/2'],
      ['monitor/tile-missing', () => rmSync(join(log(), 'tile/0/000')), 'tile/0/000'],
      ['monitor/tile-missing', () => rmSync(join(log(), 'tile/entries/002.p/88')), 'tile/entries/002.p/88'],
      ['monitor/tile-missing', () => writeFileSync(join(log(), 'tile/0/001'), new Uint8Array(31)), 'tile/0/001'],
    ];
    for (const [code, damage, path] of damages) {
      rmSync(join(folder, 'log'), { recursive: true, force: true });
      publish([600]);
      damage();
      expect(await visit()).toMatchObject({ kind: 'alarm', code, detail: { path } });
    }
    publish([600]);
    expect(await visit()).toMatchObject({ kind: 'proved', size: 600, fromSize: 0 });
  });

  it('of two witnesses cosigns what it proved, and nothing that contradicts it', async () => {
    const names = ['witness.example/a', 'witness.example/b'];
    const witnesses = names.map((name, i) => openWitnessKey(join(folder, `witness-${i}.key`), name));
    const ask = (i: number) =>
      visitLog({
        place: log(),
        memoryFile: join(folder, `w${i}.json`),
        logKeys: [signer.verifierKey],
        nowMs: 1_800_000_000_000,
        witness: witnesses[i]!,
      });
    const cosignedBy = (i: number) => readFileSync(join(folder, `w${i}.json.cosigned`), 'utf8');
    publish([300]);
    for (const i of [0, 1]) expect(await ask(i)).toMatchObject({ kind: 'proved', size: 300 });
    const published = readFileSync(join(log(), 'checkpoint'), 'utf8');
    const both = published + [0, 1].map((i) => cosignedBy(i).slice(published.length)).join('');
    const known = witnesses.map((w) => findWitness(p, w.verifierKey)!);
    expect(findCosignatures(p, both, known)).toEqual({ seenBy: names.map((name) => ({ name, atSeconds: 1_800_000_000 })), wrong: [] });
    expect(openCheckpoint(both, [findNoteVerifier(p, signer.verifierKey)!])).toMatchObject({ kind: 'opened', checkpoint: { size: 300 } });
    publish([301], (n) => utf8(`another ${n}`));
    const before = [0, 1].map(cosignedBy);
    for (const i of [0, 1]) expect(await ask(i)).toMatchObject({ kind: 'alarm', code: 'monitor/fork' });
    expect([0, 1].map(cosignedBy)).toEqual(before);
    // The key file is the witness's own: the same name and key again, and nobody else may read it.
    expect(openWitnessKey(join(folder, 'witness-0.key'), names[0]!).verifierKey).toBe(witnesses[0]!.verifierKey);
    expect(statSync(join(folder, 'witness-0.key')).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, 'witness-0.key'), 'x');
    expect(() => openWitnessKey(join(folder, 'witness-0.key'), names[0]!)).toThrow('monitor/witness-key-malformed');
  });

  it('says that its memory is damaged, and that a log cannot be reached, instead of an alarm', async () => {
    publish([3]);
    await visit();
    writeFileSync(join(folder, 'memory', 'seen.json'), '{"format":1,"keys":');
    await expect(visit()).rejects.toMatchObject({ code: 'monitor/memory-malformed', fault: 'corruption' });
    const nowhere = visitLog({ place: 'http://127.0.0.1:1/log', memoryFile: join(folder, 'm'), logKeys: [signer.verifierKey], nowMs: 0 });
    await expect(nowhere).rejects.toMatchObject({ code: 'monitor/unreachable', fault: 'environment' });
  });
});

describe('a change of the log’s keys', () => {
  const POSITION = 300;
  /** The entry that announces the key `to`, signed by `from`, and the log that holds it at its place. */
  const announce = (from: NoteSigner, to: NoteSigner, sm2 = makeSigner()) => {
    const params = { ...makeKeyChange(ORIGIN, from, to, sm2) };
    return encodeEntry({ id: '0190a000-0000-7000-8000-000000000001', atMs: 1, kind: KEY_CHANGE_KIND, actor: 'system', params });
  };
  const publishChanged = (entry: Uint8Array, sizes: readonly number[], by: NoteSigner, said = entry) => {
    publish(sizes, (n) => (n === POSITION ? entry : entryNumber(n)), by);
    write('key-changes', utf8(formatKeyChanges([{ position: POSITION, entryBytes: said }])));
  };

  it('is followed when the key before announced it in the log, from the checkpoint on that holds it, and remembered', async () => {
    publish([300]);
    await visit();
    const next = makeSigner();
    const entry = announce(signer, next);
    publishChanged(entry, [300, 301], next);
    expect(await visit()).toMatchObject({ kind: 'proved', size: 301, newKeys: [next.verifierKey, expect.any(String)] });
    publishChanged(entry, [300, 301, 320], next);
    expect(await visit(), 'the key given at first is one it once believed').toMatchObject({ kind: 'proved', size: 320 });
    expect(await visit([makeSigner().verifierKey])).toMatchObject({ kind: 'alarm', code: 'monitor/key-differs' });
    publishChanged(entry, [300, 301, 320, 330], signer);
    expect(await visit(), 'the key before has no say any more').toMatchObject({ kind: 'alarm', code: 'monitor/key-unannounced' });
  });

  it('is an alarm when it was not announced, not by the key before, or not in the log', async () => {
    publish([300]);
    await visit();
    const [next, thief] = [makeSigner(), makeSigner()];
    publish([300, 301], entryNumber, next);
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/key-unannounced', detail: { key: formatHex(next.keyId) } });
    // A change that a thief of nothing made is none from a key that is believed; one that claims to be, and was altered, is refused.
    publishChanged(announce(thief, next), [300, 301], next);
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/key-unannounced' });
    const honest = new TextDecoder().decode(announce(signer, next));
    const altered = utf8(honest.replace(next.verifierKey, thief.verifierKey));
    publishChanged(altered, [300, 301], thief);
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/key-change-wrong', detail: { position: POSITION } });
    publishChanged(entryNumber(POSITION), [300, 301], next, announce(signer, next));
    expect(await visit()).toMatchObject({ kind: 'alarm', code: 'monitor/key-change-wrong', detail: { position: POSITION } });
    publishChanged(announce(signer, next), [300, 301], next);
    expect(await visit()).toMatchObject({ kind: 'proved', size: 301 });
  });

  it('is followed by a witness that knows where the log is published, and by no other', async () => {
    const witness = (places: readonly string[]) => {
      const cosigner = openWitnessKey(join(folder, 'w.key'), 'witness.example/w');
      return openWitness({
        cosigner,
        logKeys: [signer.verifierKey],
        memoryFile: join(folder, 'w.json'),
        nowMs: () => 1_800_000_000_000,
        places,
      });
    };
    const next = makeSigner();
    publishChanged(announce(signer, next), [301], next);
    const note = readFileSync(join(log(), 'checkpoint'), 'utf8');
    const asked = formatAddCheckpoint({ oldSize: 0, proof: [], note });
    expect((await witness([]).add(asked)).status).toBe(403);
    expect((await witness([log()]).add(asked)).status).toBe(200);
    // It remembers the key that holds: started again without the place, it knows it, and the one before no more.
    expect((await witness([]).add(formatAddCheckpoint({ oldSize: 301, proof: [], note }))).status).toBe(200);
    publishChanged(announce(signer, next), [301, 302], signer);
    const old = readFileSync(join(log(), 'checkpoint'), 'utf8');
    expect((await witness([log()]).add(formatAddCheckpoint({ oldSize: 301, proof: [], note: old }))).status).toBe(403);
  });
});
