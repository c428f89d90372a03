import { join } from 'node:path';
import {
  findBundle,
  findEntry,
  findInclusionFault,
  findNoteVerifier,
  formatTilePath,
  HashTile,
  hashLeaf,
  openCheckpoint,
  proveInclusion,
  type Tile,
  treeHash,
} from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogSigners } from '../archive/index.ts';
import { visitLog } from '../evidence/index.ts';
import { type Sequencer, startSequencer } from '../sequencer/index.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();
const hash = treeHash(p);
let sequencer: Sequencer;

beforeAll(async () => {
  const { archive } = web;
  const [signer, ...moreSigners] = openLogSigners(archive.sealer, archive.identity.logOrigin);
  const folder = join(archive.config.dataFolder, 'log');
  sequencer = startSequencer({ db: archive.db, folder, signer, moreSigners, origin: signer.name, intervalMs: 20 });
});
afterAll(() => sequencer.stop());

const bytesAt = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await web.app.inject({ method: 'GET', url: path, headers });
  return { status: answer.statusCode, headers: answer.headers, bytes: new Uint8Array(answer.rawPayload) };
};

/** An account of this role with a token of this scope, as a monitor elsewhere holds it. */
async function tokenOf(role: 'audit_admin' | 'archivist', scope: string): Promise<string> {
  const account = await web.enter(role);
  return (await account.call('POST', '/api/v1/tokens', { label: 'monitor', scopes: [scope], days: 7 })).body.token as string;
}
const auditor = async () => ({ authorization: `Bearer ${await tokenOf('audit_admin', 'log.read')}` });

describe('what the log publishes', () => {
  it('is a checkpoint with a line by Ed25519 and one by SM2, either of which suffices', async () => {
    await sequencer.drain();
    const stranger = web.visitor();
    const { verifierKeys } = (await stranger.call('GET', '/api/v1/log/key')).body;
    const note: string = (await stranger.call('GET', '/log/checkpoint')).body;
    expect(verifierKeys).toHaveLength(2);
    for (const [i, key] of (verifierKeys as string[]).entries()) {
      const opened = openCheckpoint(note, [findNoteVerifier(p, key)!]);
      expect(opened).toMatchObject({ kind: 'opened', signedBy: [{ algorithm: ['ed25519', 'sm2'][i] }] });
      const altered = note.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`);
      expect(openCheckpoint(altered, [findNoteVerifier(p, key)!])).toEqual({ kind: 'refused', fault: 'signature-wrong' });
    }
  });

  it('leads an auditor from checkpoint through tiles and bundles to each entry; tiles are for any origin, and caches may keep them', async () => {
    await web.addDossier({ name: '钱二泉' });
    await sequencer.drain();
    const published = await bytesAt('/log/checkpoint');
    expect(published.headers).toMatchObject({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
    expect(published.headers['content-type']).toContain('text/plain');
    const key = findNoteVerifier(p, web.archive.identity.logKey)!;
    const opened = openCheckpoint(new TextDecoder().decode(published.bytes), [key]);
    if (opened.kind === 'refused') throw new Error(opened.fault);
    const { size, root } = opened.checkpoint;
    const bundle = await bytesAt(`/log/${formatTilePath({ level: 'entries', index: 0, width: size })}`, await auditor());
    expect(bundle.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/octet-stream' });
    const tile = await bytesAt(`/log/${formatTilePath({ level: 0, index: 0, width: size })}`);
    expect(tile.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'application/octet-stream',
      'cross-origin-resource-policy': 'cross-origin',
    });
    const source = (tiles: readonly Tile[]) =>
      Promise.all(tiles.map(async (tile) => new HashTile(hash, (await bytesAt(`/log/${formatTilePath(tile)}`)).bytes)));
    const entries = findBundle(bundle.bytes)!;
    expect(entries).toHaveLength(size);
    for (const [position, bytes] of entries.entries()) {
      const proof = await proveInclusion(hash, source, position, size);
      expect(findInclusionFault(hash, { position, size, leafHash: hashLeaf(hash, bytes), proof, root })).toBeNull();
    }
  });

  it('is followed by a monitor over HTTP, from visit to visit', async () => {
    const url = await web.app.listen({ port: 0, host: '127.0.0.1' });
    const memoryFile = join(web.folder, 'monitor.json');
    const visit = (token?: string) =>
      visitLog({
        place: `${url}/log`,
        memoryFile,
        logKeys: web.archive.identity.logKeys,
        nowMs: web.archive.clock.nowMs(),
        ...(token ? { token } : {}),
      });
    const first = await visit();
    await web.addDossier();
    const size = await sequencer.drain();
    const fromSize = first.kind === 'proved' ? first.size : 0;
    expect(fromSize).toBeGreaterThan(0);
    const proved = { kind: 'proved', fromSize, signedBy: ['ed25519', 'sm2'] };
    expect(await visit()).toEqual({ ...proved, size, over: 'hashes' });
    const token = await tokenOf('audit_admin', 'log.read');
    const later = await sequencer.drain();
    expect(await visit(token)).toEqual({ ...proved, fromSize: size, size: later, over: 'entries' });
  });

  it('holds entries and nothing else: no name of the archive in clear', async () => {
    const opened = openCheckpoint((await web.visitor().call('GET', '/log/checkpoint')).body, [
      findNoteVerifier(p, web.archive.identity.logKey)!,
    ]);
    const size = opened.kind === 'opened' ? opened.checkpoint.size : 0;
    const { bytes } = await bytesAt(`/log/${formatTilePath({ level: 'entries', index: 0, width: size })}`, await auditor());
    for (const entry of findBundle(bytes)!) expect(findEntry(entry)).not.toBeNull();
    const text = new TextDecoder().decode(bytes);
    for (const name of ['钱二泉', '试验全宗', 'Z999']) expect(text).not.toContain(name);
  });

  it('gives no entry to anybody but auditors, however the address is written', async () => {
    const path = `/log/${formatTilePath({ level: 'entries', index: 0, width: 1 })}`;
    for (const spelt of [
      path,
      path.replace('entries', '%65ntries'),
      path.replace('/entries', '//entries'),
      path.replace('/tile', '/tile/.'),
    ]) {
      const answer = await bytesAt(spelt);
      expect([spelt, [401, 404].includes(answer.status)]).toEqual([spelt, true]);
      expect(answer.headers['content-type']).toContain('problem+json');
    }
    expect((await bytesAt(path)).status).toBe(401);
    for (const role of ['archivist', 'system_admin', 'security_admin', 'unit_clerk', 'person'] as const)
      expect([role, (await (await web.enter(role, { unitId: web.rootUnitId })).call('GET', path)).status]).toEqual([role, 403]);
    const otherScope = { authorization: `Bearer ${await tokenOf('archivist', 'search')}` };
    expect((await bytesAt(path, otherScope)).status).toBe(403);
    const note: string = (await web.visitor().call('GET', '/log/checkpoint')).body;
    const whole = `/log/${formatTilePath({ level: 'entries', index: 0, width: Number(note.split('\n')[1]) })}`;
    expect((await (await web.enter('audit_admin')).call('GET', whole)).status).toBe(200);
    expect((await bytesAt(whole, await auditor())).status).toBe(200);
    expect((await bytesAt(whole)).status).toBe(401);
    expect((await bytesAt('/log/key-changes')).status).toBe(200);
  });

  it('is not found beyond the tree, outside the log, or written to', async () => {
    for (const path of ['tile/0/999', 'tile/7/000', 'tile/%2e%2e/%2e%2e/log.vkey', 'tile/0/67', 'tmp/x'])
      expect((await bytesAt(`/log/${path}`)).status, path).toBe(404);
    expect((await bytesAt('/log/tile/entries/999', await auditor())).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE'] as const)
      for (const path of ['/log/checkpoint', '/log/tile/0/000'])
        expect((await web.visitor().call(method, path)).status, `${method} ${path}`).toBe(404);
  });
});
