import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEntry, findNoteVerifier, isKeyChangeRight, type KeyChange, openCheckpoint } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTrialOwner, insertSession } from '../access/index.ts';
import { type OpenArchive, openArchive } from '../app.ts';
import { openKeys, PURPOSE } from '../archive/index.ts';
import { readConfig } from '../config.ts';
import { deskTx } from '../desk/index.ts';
import { visitLog } from '../evidence/index.ts';
import { checkRecoveryKit, confirmRecoveryKit, createArchive, isKitConfirmed, protectByPassphrase, unprotectRoot } from '../setup/index.ts';
import { checkArchive } from './fsck.ts';
import { recoverLog } from './recover-log.ts';
import { rekeyArchive } from './rekey.ts';
import { endSessions, rotateLogKey, rotateRootKey } from './rotate.ts';

// Whole archives are made and opened: on a machine at work that takes its time.
vi.setConfig({ testTimeout: 300_000 });

let folder = '';
const PASSPHRASE = 'a lantern over the terrace';
const config = () => readConfig({ LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), LANTAI_READERS: '0' }, folder);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-rotate-'));
  await createArchive(config(), { kind: 'trial', suite: 'intl', fonds: { code: 'Z001', name: '试验' } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withArchive(work: (archive: OpenArchive) => Promise<void>): Promise<void> {
  const archive = await openArchive(config(), { reads: false });
  try {
    await work(archive);
  } finally {
    await archive.close();
  }
}
const lastNote = async (archive: OpenArchive) =>
  (await archive.db.system('test').one<{ note: string }>('select note from checkpoint order by size desc limit 1'))!.note;
const isSignedBy = (note: string, keys: readonly string[]) =>
  openCheckpoint(
    note,
    keys.map((key) => findNoteVerifier(p, key)!),
  ).kind === 'opened';

describe('rotating keys', () => {
  it('gives the archive another root key, which an open store takes up; the old kit opens nothing, the new one is asked back', async () => {
    await withArchive(async (archive) => {
      await confirmRecoveryKit(archive);
      expect(await isKitConfirmed(archive)).toBe(true);
      // Another process of the archive, as a server would be.
      const server = await openKeys(config(), p);
      const audit = server.get('purpose', PURPOSE.audit);
      const before = await readFile(join(folder, 'keys', 'root.key'), 'utf8');
      const kit = await rotateRootKey(archive);
      expect(await readFile(join(folder, 'keys', 'root.key'), 'utf8')).not.toBe(before);
      expect(await isKitConfirmed(archive)).toBe(false);
      expect(await checkRecoveryKit(config(), kit.join('\n'))).toEqual({ isRight: true });
      // It reads, and it writes, under the root key that it was never told.
      await server.create('purpose', 'after-rotation', null);
      expect(server.get('purpose', PURPOSE.audit)).toEqual(audit);
      expect(archive.keys.get('purpose', 'after-rotation')).toEqual(server.get('purpose', 'after-rotation'));
      await server.close();
      const again = await rotateRootKey(archive);
      expect(again).not.toEqual(kit);
      expect(await checkRecoveryKit(config(), kit.join('\n'))).toMatchObject({ isRight: false });
      await protectByPassphrase(archive, PASSPHRASE);
      await expect(rotateRootKey(archive)).rejects.toMatchObject({ code: 'key/root-protected', fault: 'caller' });
      const asked = { ...archive, config: { ...config(), askRootSecret: async () => PASSPHRASE } };
      await unprotectRoot(asked);
    });
  });

  it('gives the log other keys by an entry that both sign; checkpoints of before stay valid, those after are signed anew', async () => {
    let before: { note: string; keys: readonly string[] } = { note: '', keys: [] };
    await withArchive(async (archive) => {
      await archive.sequencer?.drain();
      before = { note: await lastNote(archive), keys: archive.identity.logKeys };
      const place = join(folder, 'data', 'log');
      const visit = () => visitLog({ place, memoryFile: join(folder, 'monitor.json'), logKeys: before.keys, nowMs: 1 });
      expect(await visit()).toMatchObject({ kind: 'proved' });
      const keys = await rotateLogKey(archive);
      expect(keys).toHaveLength(4);
      expect(keys.slice(2)).toEqual(before.keys);
      // The log that runs takes them up with the entry that announces them, and whoever watches it with the old keys follows.
      await archive.sequencer?.drain();
      expect(archive.identity.logKeys).toEqual(keys);
      const now = await lastNote(archive);
      expect([isSignedBy(now, keys.slice(0, 2)), isSignedBy(now, before.keys)]).toEqual([true, false]);
      expect(await visit()).toMatchObject({ kind: 'proved', newKeys: keys.slice(0, 2) });
      await rekeyArchive(archive, { level: 'purpose' });
      // Rotating the purposes' keys leaves the log's alone: its generations are its own.
      expect(archive.keys.findFormer('purpose', PURPOSE.logSigner)).toHaveLength(1);
    });
    await withArchive(async (archive) => {
      await endSessions(archive);
      await archive.sequencer?.drain();
      const { logKeys, logOrigin } = archive.identity;
      const note = await lastNote(archive);
      expect(isSignedBy(before.note, logKeys)).toBe(true);
      expect(isSignedBy(note, logKeys.slice(0, 2))).toBe(true);
      expect(isSignedBy(note, before.keys)).toBe(false);
      expect((await readFile(join(folder, 'data', 'log.vkey'), 'utf8')).trim().split('\n')).toEqual(logKeys);
      const rows = await archive.db.system('test').query<{ bytes: Uint8Array }>(`select bytes from entry where kind = 'log-key.rotated'`);
      expect(rows).toHaveLength(1);
      const { purpose: _, ...change } = decodeEntry(rows[0]!.bytes).params as unknown as KeyChange & { purpose: string };
      expect(change.to).toBe(logKeys[0]);
      expect(isKeyChangeRight(p, logOrigin, before.keys[0]!, change)).toBe(true);
      expect(isKeyChangeRight(p, logOrigin, logKeys[0]!, change)).toBe(false);
      expect((await checkArchive(archive)).findings).toEqual([]);
    });
  });

  it('leaves the way back after a database that went back in time: what the new keys signed is believed by the key of before', async () => {
    const { restoredCount, size } = await recoverLog(config());
    expect([restoredCount, size > 0]).toEqual([0, true]);
    const changes = join(folder, 'data', 'log', 'key-changes');
    const announced = await readFile(changes, 'utf8');
    await writeFile(changes, '');
    await expect(recoverLog(config())).rejects.toMatchObject({ code: 'log/published-altered' });
    await writeFile(changes, announced);
  });

  it('writes down, at the next opening, a change of the log’s keys that a crash kept from being written', async () => {
    await withArchive((archive) => archive.keys.renew({ gets: ({ id }) => id === PURPOSE.logSigner }));
    await withArchive(async (archive) => {
      expect(await archive.db.system('test').query(`select id from entry where kind = 'log-key.rotated'`)).toHaveLength(2);
      expect(archive.identity.logKeys).toHaveLength(6);
    });
  });

  it('ends every session and says how many', async () => {
    await withArchive(async (archive) => {
      const owner = await findTrialOwner(archive);
      await archive.db.tx((tx) =>
        insertSession(deskTx(tx, archive, null, 'administration'), archive, owner!.accountId, {
          way: 'password',
          client: { address: '::1', browser: 'test' },
        }),
      );
      expect(await endSessions(archive)).toEqual({ sessions: 1, tokens: 0 });
      expect(await endSessions(archive)).toEqual({ sessions: 0, tokens: 0 });
    });
  });
});
