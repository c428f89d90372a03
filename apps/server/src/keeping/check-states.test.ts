import type { Operation } from '@lantai/contract';
import { decodeEntry } from '@lantai/log';
import { beforeAll, describe, expect, it } from 'vitest';
import { editDossiers, openDossierDesk, operateDossier, undoBulkEdit } from '../catalogue/index.ts';
import { isStateOf, type ObjectClass, openDesk, STATE_FORMS } from '../desk/index.ts';
import { createUnit, declareKinship, endPost, givePost, mergeUnit, runReorganisation } from '../organisation/index.ts';
import { nameToReaders } from '../testing/approved-consultation.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { checkContradictions } from './check-rows.ts';
import { checkStates } from './check-states.ts';
import { FsckWalk } from './fsck-report.ts';
import { checkArchive } from './index.ts';

const a = useArchive();
/** What the parts of fsck that ask after states find; the whole of it walks every object and the log, once below. */
const findings = async (): Promise<string[][]> => {
  const walk = new FsckWalk();
  await checkStates(a.archive, walk);
  await checkContradictions(a.archive, walk);
  return walk.findings.filter((f) => f.kind !== 'left_over').map((f) => [f.kind, f.code, f.what]);
};

interface Line {
  object_class: ObjectClass;
  object_id: string;
  place: number;
  form: number;
  key_id: string | null;
  before: string | null;
  after: string | null;
  entry_id: string;
}

const linesOf = (objectClass: ObjectClass, id: string) =>
  a.archive.db
    .system('test')
    .query<Line>('select * from change where object_class = $1 and object_id = $2 order by place', [objectClass, id]);
const bytesOf = async (id: string) =>
  (await a.archive.db.system('test').one<{ bytes: Uint8Array }>('select bytes from entry where id = $1', [id]))!.bytes;

describe('digests before and after each change', () => {
  let dossierId = '';
  let materialId = '';
  let pageId = '';
  let readerId = '';
  let archivistId = '';
  let version = 0;

  const operate = async (...operations: Operation[]) => {
    const done = await operateDossier(a.archive, await a.desk(), dossierId, { baseVersion: version, operations });
    version = done.version;
    return done;
  };

  beforeAll(async () => {
    dossierId = await a.addDossier({ name: '沈九如' });
    await a.importPages(dossierId, ['1.png', '2.png', '3.png', '4.png', '5.png']);
    const view = await openDossierDesk(a.archive, await a.desk(), dossierId);
    version = view.version;
    const loose = view.pages.filter((p) => p.fileName.startsWith('3') || p.fileName.startsWith('4')).map((p) => p.id);
    pageId = loose[0]!;
    const made = await operate({ type: 'assemble', pageIds: loose, edit: { classCode: '1', title: '干部履历表', date: '1998-03' } });
    materialId = made.materials.find((m) => m.title === '干部履历表')!.id;
    await operate({ type: 'edit', materialId, edit: { title: '干部履历表（更改）' } });
    const turned = await operate({ type: 'turnPage', pageId, turned: 90 }, { type: 'namePersons', pageId, names: ['钱穆清'] });
    await operate({ type: 'undo', operationId: turned.undo!.operationId });
    await operate({ type: 'turnPage', pageId, turned: 180 });
    await operate({ type: 'editDossier', facts: { conditions: { veteran: true }, service: null } });
    const moved = await a.addUnit('MOVED');
    const bulk = await editDossiers(a.archive, await a.desk(), [dossierId], { unitId: moved, addTags: ['借出'], level: 2 });
    await undoBulkEdit(a.archive, await a.desk(), bulk.undoToken!);
    await editDossiers(a.archive, await a.desk(), [dossierId], { unitId: moved });
    const desk = await a.desk();
    const into = await createUnit(a.archive, desk, { code: 'INTO', name: '并入处', fondsId: a.fondsId, parentId: a.rootUnitId });
    await runReorganisation(a.archive, await mergeUnit(a.archive, desk, moved, into));
    readerId = (await a.addAccount({ role: 'reader' })).accountId;
    archivistId = (await a.addAccount({ role: 'archivist' })).accountId;
    const post = { role: 'unit_clerk', fondsId: a.fondsId, unitId: into, levelMax: 1, audiences: [] } as const;
    const first = await givePost(a.archive, desk, archivistId, post);
    await endPost(desk, archivistId, first.id);
    await givePost(a.archive, desk, archivistId, post);
    await declareKinship(a.archive, desk, { accountId: archivistId, dossierId, relation: 'sibling' });
    const nowMs = a.archive.clock.nowMs();
    const asker = await openDesk(a.archive, await a.addAccount({ role: 'archivist' }), 'archive_work');
    await nameToReaders(
      { asker, approver: desk },
      {
        target: { kind: 'dossier', id: dossierId },
        readers: [{ accountId: readerId, partyMember: true }],
        rights: ['view'],
        purposes: ['personnel_decision'],
        audiences: [],
        fromMs: nowMs,
        untilMs: nowMs + 60_000,
      },
    );
  });

  it('agree with every object as the archive wrote it', async () => {
    const { findings: all } = await checkArchive(a.archive);
    expect(all.filter((f) => f.kind !== 'left_over')).toEqual([]);
    const kinds = await a.archive.db
      .system('test')
      .query<{ kind: string }>('select distinct e.kind from change c join entry e on e.id = c.entry_id order by 1');
    expect(kinds.map((k) => k.kind)).toEqual(
      [
        'account.created',
        'archive.created',
        'consultation.approved',
        'consultation.requested',
        'dossier.arranged',
        'dossier.changed',
        'dossier.created',
        'dossier.moved',
        'kinship.declared',
        'post.ended',
        'post.given',
        'subject.named',
        'unit.created',
        'unit.merged',
      ].sort(),
    );
  });

  it('prove to whoever has the keys what a state was, and to nobody else', async () => {
    const { sealer } = a.archive;
    const lines = await linesOf('dossier', dossierId);
    expect(lines.map((l) => l.place)).toEqual(lines.map((_, i) => i + 1));
    expect(lines[0]).toMatchObject({ before: null, key_id: dossierId });
    const row = (await a.archive.db
      .system('test')
      .one<Record<string, string | number>>(
        'select fonds_id, unit_id, category, level, subject_id, scheme, copy_set, code, state from dossier where id = $1',
        [dossierId],
      ))!;
    const last = lines.at(-1)!;
    const of = { objectClass: last.object_class, form: last.form, objectId: dossierId, keyId: last.key_id };
    const state = { ...row, tags: null, fields: null, facts: JSON.stringify({ conditions: { veteran: true }, service: null }) };
    expect(isStateOf(sealer, of, last.after!, state)).toBe(true);
    expect(isStateOf(sealer, of, last.after!, { ...state, level: 2 })).toBe(false);
    expect(isStateOf(sealer, { ...of, objectId: materialId }, last.after!, state)).toBe(false);
    // The same state under the key of another dossier is another digest: a stranger's guess is confirmed by nothing in the log.
    const other = await a.addDossier({ name: '韦一笑' });
    expect(isStateOf(sealer, { ...of, keyId: other }, last.after!, state)).toBe(false);
    const { params } = decodeEntry(await bytesOf(last.entry_id));
    expect(params).toMatchObject({
      states: 1,
      stateBefore: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      stateAfter: expect.any(String),
    });
    expect(params?.stateBefore).not.toBe(params?.stateAfter);
  });

  it('leave nothing when nothing changed', async () => {
    const before = await linesOf('dossier', dossierId);
    await editDossiers(a.archive, await a.desk(), [dossierId], { removeTags: ['没有的标签'] });
    expect(await linesOf('dossier', dossierId)).toEqual(before);
  });

  it('find rows that were altered by hand, and say which and since when', async () => {
    const lastOf = async (objectClass: ObjectClass, id: string) => (await linesOf(objectClass, id)).at(-1)!.entry_id;
    const cases: [ObjectClass, string, string, string][] = [
      ['account', archivistId, 'update account set level_max = 9 where id = $1', 'update account set level_max = 3 where id = $1'],
      ['account', readerId, 'update account set disabled = true where id = $1', 'update account set disabled = false where id = $1'],
      ['dossier', dossierId, `update dossier set state = 'closed' where id = $1`, `update dossier set state = 'open' where id = $1`],
      ['material', materialId, `update material set class_code = '2' where id = $1`, `update material set class_code = '1' where id = $1`],
      ['page', pageId, 'update page set turned = 90 where id = $1', 'update page set turned = 180 where id = $1'],
    ];
    for (const [, id, change] of cases) await a.database.ownerDb.query(change, [id]);
    const seen = await findings();
    for (const [, id, , back] of cases) await a.database.ownerDb.query(back, [id]);
    const expected: string[][] = [];
    for (const [objectClass, id] of cases)
      expected.push(['altered', 'fsck/state-altered', `${objectClass}/${id} entry/${await lastOf(objectClass, id)}`]);
    const byName = (x: string[], y: string[]) => (x[2]! < y[2]! ? -1 : 1);
    expect(seen.sort(byName)).toEqual(expected.sort(byName));
    expect(await findings()).toEqual([]);
  });

  it('find what was taken away, what nobody made and what lies elsewhere than its dossier', async () => {
    const owner = a.database.ownerDb;
    const [kinship] = await owner.query<{ id: string; row: object }>('select id, to_json(k) as row from kinship k');
    const [post] = await owner.query<{ row: object }>('select to_json(p) as row from post p where ended_at_ms is null');
    const put = (table: string, row: object) =>
      owner.query(`insert into ${table} select * from json_populate_record(null::${table}, $1::json)`, [JSON.stringify(row)]);
    const id = a.archive.clock.newId();
    await owner.query('delete from kinship where id = $1', [kinship!.id]);
    await put('post', { ...post!.row, id, level_max: 3 });
    await owner.query('update material set level = level + 1 where id = $1', [materialId]);
    const seen = await findings();
    await put('kinship', kinship!.row);
    await owner.query('delete from post where id = $1', [id]);
    await owner.query('update material set level = level - 1 where id = $1', [materialId]);
    expect(seen).toHaveLength(3);
    expect(seen).toContainEqual(['missing', 'fsck/object-gone', expect.stringContaining(`kinship/${kinship!.id} entry/`)]);
    expect(seen).toContainEqual(['altered', 'fsck/object-unlogged', `post/${id}`]);
    expect(seen).toContainEqual(['altered', 'fsck/place-differs', `material of dossier/${dossierId}`]);
    expect(await findings()).toEqual([]);
  });

  it('find a change by hand that a later change in order has covered', async () => {
    const other = await a.addDossier({ name: '莫大先' });
    await a.database.ownerDb.query('update dossier set level = 3 where id = $1', [other]);
    await editDossiers(a.archive, await a.desk(), [other], { level: 1 });
    const [, second] = await linesOf('dossier', other);
    expect(await findings()).toEqual([['altered', 'fsck/changed-between', `dossier/${other} entry/${second!.entry_id}`]]);
    await a.database.ownerDb.query('delete from change where object_id = $1 and place = 2', [other]);
    expect(await findings()).toContainEqual(['altered', 'fsck/change-altered', `entry/${second!.entry_id}`]);
    await a.database.ownerDb.query(
      'insert into change (object_class, object_id, place, form, key_id, before, after, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [
        second!.object_class,
        other,
        2,
        second!.form,
        second!.key_id,
        (await linesOf('dossier', other))[0]!.after,
        second!.after,
        second!.entry_id,
      ],
    );
    // The chain is mended, but the entry holds the digest of the line as it was.
    expect(await findings()).toEqual([['altered', 'fsck/change-altered', `entry/${second!.entry_id}`]]);
  });

  it('say nothing any more of a dossier whose key is destroyed', async () => {
    const gone = await a.addDossier({ name: '任盈盈' });
    const before = await findings();
    const [line] = await linesOf('dossier', gone);
    await a.archive.keys.destroy('dossier', gone);
    expect(await findings()).toEqual(before);
    const of = { objectClass: 'dossier', form: 1, objectId: gone, keyId: gone } as const;
    expect(() => isStateOf(a.archive.sealer, of, line!.after!, {})).toThrow(expect.objectContaining({ code: 'key/destroyed' }));
  });

  it('hold columns that are there', async () => {
    for (const [name, form] of Object.entries(STATE_FORMS))
      expect({ name, clear: Object.keys(form.clear).length > 0 }).toEqual({ name, clear: true });
  });
});
