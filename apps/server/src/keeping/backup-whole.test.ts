import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '@lantai/policy/document';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTrialOwner, insertAccount } from '../access/index.ts';
import { type OpenArchive, openArchive } from '../app.ts';
import type { Archive } from '../archive/index.ts';
import { createDossier, findRootUnit } from '../catalogue/index.ts';
import { readConfig } from '../config.ts';
import { type Desk, deskTx, openDesk } from '../desk/index.ts';
import {
  activatePolicy,
  askConsultation,
  createOrganisation,
  createUnit,
  declareKinship,
  draftPolicy,
  givePost,
  mergeUnit,
  runReorganisation,
  tieSubject,
} from '../organisation/index.ts';
import { createArchive } from '../setup/index.ts';
import { REQUEST } from '../testing/approved-consultation.ts';
import { makeBackup } from './backup.ts';
import { BACKUP_TABLES, NOT_BACKED_UP } from './backup-format.ts';
import { restoreBackup } from './restore.ts';

const SLOW_MS = 300_000;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-whole-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (name: string) =>
  readConfig({ LANTAI_DATA: join(folder, name), LANTAI_KEYS: join(folder, `${name}-keys`), LANTAI_READERS: '0' }, folder);

/** Organisations, units merged in a circle, posts, ties, kinship, a consultation and a policy: what nothing else can bring back. */
async function fill(archive: Archive, desk: Desk): Promise<void> {
  const rootUnitId = await findRootUnit(archive, desk);
  const child = await createOrganisation(archive, desk, { code: 'Z001', name: '下属单位', parentId: desk.actor.fondsId });
  const unit = (code: string, parentId: string) =>
    createUnit(archive, desk, { code, name: `科室${code}`, fondsId: child.fondsId, parentId });
  const above = await unit('A', child.unitId);
  const below = await unit('B', above);
  const merged = await mergeUnit(archive, desk, await unit('C', above), below);
  await runReorganisation(archive, merged);
  // A later reorganisation may put a unit below one that went into it: no order of rows has every row after those it names.
  await archive.db.system('test').query('update unit set merged_into = $2 where id = $1', [above, below]);
  const dossier = (code: string, name: string) =>
    createDossier(archive, desk, { code, unitId: rootUnitId, scheme: 'cadre-2018', subject: { kind: 'person', name } });
  const [own, relative] = [(await dossier('P1', '孙一心')).dossierId, (await dossier('P2', '孙二新')).dossierId];
  const account = (name: string) =>
    archive.db.tx((tx) =>
      insertAccount(deskTx(tx, archive, null, 'administration'), archive, {
        name,
        role: 'reader',
        password: 'correct horse battery staple 7',
        fondsId: desk.actor.fondsId,
        unitId: rootUnitId,
        levelMax: 1,
        mustChangePassword: false,
      }),
    );
  const [first, second] = [await account('reader1'), await account('reader2')];
  await givePost(archive, desk, first, {
    role: 'unit_clerk',
    fondsId: child.fondsId,
    unitId: below,
    levelMax: 1,
    audiences: ['discipline'],
  });
  await tieSubject(archive, desk, first, own, true);
  await declareKinship(archive, desk, { accountId: first, dossierId: relative, relation: 'sibling' });
  // Only asked for: its words are what nothing else brings back.
  await askConsultation(desk, {
    request: REQUEST,
    target: { kind: 'dossier', id: own },
    readers: [first, second].map((accountId) => ({ accountId, partyMember: true })),
    rights: ['view'],
    purposes: ['verification'],
    audiences: [],
    fromMs: Date.now(),
    untilMs: Date.now() + 3_600_000,
  });
  await activatePolicy(desk, await draftPolicy(desk, DEFAULT_POLICY.replace('deployment-level: 3', 'deployment-level: 2')), 0);
}

/** Every table of a backup as one digest of its rows, but for the log, which goes on. */
async function digestsOf(archive: OpenArchive): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const table of BACKUP_TABLES) {
    if (table === 'entry' || table === 'checkpoint') continue;
    const row = await archive.db
      .system('test')
      .one<{ n: number; digest: string }>(
        `select count(*)::int as n, coalesce(md5(string_agg(line, e'\\n' order by line)), '') as digest from (select row_to_json(t)::text as line from ${table} t) lines`,
      );
    out[table] = `${row!.n} ${row!.digest}`;
  }
  return out;
}

describe('a backup', () => {
  it(
    'holds every table but those it says it need not, and brings each row back',
    async () => {
      const [config, backup, keyFile] = [configOf('then'), join(folder, 'backup'), join(folder, 'keys.lks')];
      await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '试验全宗' } });
      const archive = await openArchive(config, { reads: false });
      let before: Record<string, string>;
      try {
        await fill(archive, await openDesk(archive, (await findTrialOwner(archive))!, 'archive_work'));
        const tables = await archive.db
          .system('test')
          .query<{ name: string }>(
            `select table_name::text as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_version'`,
          );
        const known = new Set<string>([...BACKUP_TABLES, ...Object.keys(NOT_BACKED_UP)]);
        expect(tables.map((t) => t.name).filter((name) => !known.has(name))).toEqual([]);
        before = await digestsOf(archive);
        for (const table of ['policy_version', 'post', 'subject_tie', 'kinship', 'consultation', 'consultation_reader', 'reorganisation'])
          expect([table, before[table]?.startsWith('0 ')]).toEqual([table, false]);
        await archive.sequencer?.drain();
        await makeBackup(archive, backup, { keyFile });
      } finally {
        await archive.close();
      }
      const now = configOf('now');
      await restoreBackup(now, backup, { keyFile, rootKey: { file: join(config.keyFolder, 'root.key') } });
      const restored = await openArchive(now, { reads: false });
      try {
        expect(await digestsOf(restored)).toEqual(before);
      } finally {
        await restored.close();
      }
    },
    SLOW_MS,
  );
});
