import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount, findTrialOwner, insertAccount } from '../access/index.ts';
import { type OpenArchive, openArchive } from '../app.ts';
import { isMarkedRestored } from '../archive/index.ts';
import { createDossier, findRootUnit } from '../catalogue/index.ts';
import { readConfig } from '../config.ts';
import { deskTx, openDesk } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { approveDestruction, decideRequest, listDestructions, makeRequest } from '../personal/index.ts';
import { createArchive } from '../setup/index.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { makeBackup } from './backup.ts';
import { checkArchive } from './fsck.ts';
import { writeKeyBackup } from './key-backup.ts';
import { recoverLog } from './recover-log.ts';
import { restoreBackup } from './restore.ts';

const SLOW_MS = 300_000;
let folder = '';
const at = (name: string) => join(folder, name);
const configOf = (name: string) => readConfig({ LANTAI_DATA: at(name), LANTAI_KEYS: at(`${name}-keys`), LANTAI_READERS: '0' }, folder);
const sqlOf = (archive: OpenArchive) => archive.db.system('test');

async function addDossier(archive: OpenArchive, code: string, name: string, n: number): Promise<string> {
  const desk = await openDesk(archive, (await findTrialOwner(archive))!, 'archive_work');
  const unitId = await findRootUnit(archive, desk);
  const { dossierId } = await createDossier(archive, desk, {
    code,
    unitId,
    scheme: 'employee-lifecycle',
    subject: { kind: 'person', name },
  });
  const bytes = makeSmallPng(n);
  await importFiles(archive, desk, dossierId, [{ path: '1.png', byteCount: bytes.length, read: async () => bytes }]);
  return dossierId;
}

/** A model that learned of both dossiers, as a training leaves it. */
async function plantModel(archive: OpenArchive, dossierIds: readonly string[]): Promise<void> {
  const sql = sqlOf(archive);
  const fonds = (await sql.one<{ id: string }>('select id from fonds'))!.id;
  for (const id of dossierIds)
    await sql.query(
      `insert into learning_example (material_id, dossier_id, body, stood, settled_at_ms, corrected, trained, laid_at_ms, entry_id)
       values (gen_random_uuid(), $1, '\\x00', '\\x00', 1, true, true, 1, (select id from entry limit 1))`,
      [id],
    );
  await sql.query(
    `insert into learning_model (id, fonds_id, scheme, number, state, body, digest, examples, corrected, evaluation, changes, made_at_ms, entry_id)
     values (gen_random_uuid(), $1, 'employee-lifecycle', 1, 'in_force', '\\x00', 'ab', 2, 2, '{}', '{}', 1, (select id from entry limit 1))`,
    [fonds],
  );
}

async function destroy(archive: OpenArchive, dossierId: string): Promise<void> {
  const owner = (await findTrialOwner(archive))!;
  const second = await archive.db.tx((tx) =>
    insertAccount(deskTx(tx, archive, null, 'administration'), archive, {
      name: 'second',
      role: 'archivist',
      password: 'wo-yao-xiao-hui-2026',
      fondsId: null,
      unitId: null,
      levelMax: 1,
      mustChangePassword: false,
    }),
  );
  const desk = await openDesk(archive, owner, 'archive_work');
  const request = await makeRequest(archive, desk, { dossierId, kind: 'delete', text: '已离职多年，请删除' });
  await decideRequest(desk, request, {
    decision: 'granted',
    reason: '保管期限届满',
    deletion: { ground: 'retention_over', endedOn: '2020-03-31' },
  });
  await approveDestruction(archive, await openDesk(archive, (await findAccount(archive, second))!, 'archive_work'), request);
}

describe('a backup older than a destruction', () => {
  let gone = '';
  let kept = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lantai-destroyed-'));
    await createArchive(configOf('then'), { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '试验全宗' } });
    const archive = await openArchive(configOf('then'), { reads: false });
    try {
      gone = await addDossier(archive, 'E1', '郭靖言', 1);
      kept = await addDossier(archive, 'E2', '黄守一', 2);
      await plantModel(archive, [gone, kept]);
      await archive.sequencer?.drain();
      await makeBackup(archive, at('backup'), { keyFile: at('before.lks') });
      await destroy(archive, gone);
      await archive.sequencer?.drain();
      await writeKeyBackup(archive, at('after.lks'));
    } finally {
      await archive.close();
    }
  }, SLOW_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const restore = async (name: string, keyFile: string, publishedLog: string | null = null) => {
    const rootKey = { file: join(configOf('then').keyFolder, 'root.key') };
    await restoreBackup(configOf(name), at('backup'), { keyFile: at(keyFile), rootKey, publishedLog });
    return configOf(name);
  };
  /** What is left of dossiers and models, and what the register says. */
  async function stateOf(config: ReturnType<typeof configOf>) {
    const archive = await openArchive(config, { reads: false });
    try {
      await archive.sequencer?.drain();
      const sql = sqlOf(archive);
      const dossiers = (await sql.query<{ id: string }>('select id from dossier')).map((d) => d.id);
      const models = await sql.query<{ state: string; body: Uint8Array | null }>('select state, body from learning_model');
      const examples = (await sql.query<{ id: string }>('select dossier_id as id from learning_example')).map((e) => e.id);
      const objects = await sql.query('select 1 from stored_object where dossier_id = $1', [gone]);
      const register = await listDestructions(await openDesk(archive, (await findTrialOwner(archive))!, 'archive_work'));
      const keyIsThere = archive.keys.find('dossier', gone) !== null;
      // The model and the examples were planted, so their sealed columns do not open; of everything else nothing is amiss.
      const amiss = (await checkArchive(archive)).findings
        .filter((f) => f.kind !== 'left_over' && !f.what.startsWith('learning_'))
        .map((f) => f.code);
      return {
        ...{ dossiers, models: models.map((m) => [m.state, m.body === null]), examples, objects: objects.length, keyIsThere, amiss },
        register: register.map((r) => [r.dossierId, r.ground, r.repeatedBy, r.doneAtMs !== null]),
        isMarked: isMarkedRestored(config),
      };
    } finally {
      await archive.close();
    }
  }
  const destroyedAgain = (by: string, ground: string) => ({
    ...{ dossiers: [kept], models: [['forgotten', true]], examples: [kept], objects: 0, keyIsThere: false, amiss: [], isMarked: false },
    register: [[gone, ground, by, true]],
  });

  it(
    'brings back neither the dossier nor a model of it where the key store knows of the destruction',
    async () => {
      const config = await restore('by-keys', 'after.lks');
      expect(isMarkedRestored(config)).toBe(true);
      expect(await stateOf(config)).toEqual(destroyedAgain('keys', 'unknown'));
    },
    SLOW_MS,
  );

  it(
    'nor where an older key backup would open it, and the published log tells of the destruction',
    async () => {
      const config = await restore('by-log', 'before.lks', join(configOf('then').dataFolder, 'log'));
      await recoverLog(config);
      // Entries that were put back speak of changes (an account made since) whose lines no backup held: that is so of every log put back.
      expect(await stateOf(config)).toEqual({ ...destroyedAgain('log', 'retention_over'), amiss: ['fsck/change-altered'] });
    },
    SLOW_MS,
  );

  it(
    'is left as it was where nothing that survived tells of it',
    async () => {
      const state = await stateOf(await restore('unknown', 'before.lks'));
      expect(state).toMatchObject({ models: [['in_force', false]], objects: 1, keyIsThere: true, register: [], isMarked: false });
      expect(state.dossiers.sort()).toEqual([gone, kept].sort());
    },
    SLOW_MS,
  );
});
