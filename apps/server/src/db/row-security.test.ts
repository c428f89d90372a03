import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSearchFixture, type SearchFixture } from '../search/testing/search-fixture.ts';
import { type Reach, reachSettings, type Tx } from './index.ts';
import { withClient } from './roles.ts';
import { useTestDatabase } from './test-database.ts';

/** Columns that say of a row whose it is. A table with one of them is guarded, or stands below with the reason. */
const TELLING = ['fonds_id', 'unit_id', 'dossier_id', 'page_id', 'subject_id', 'material_id', 'source_file_id', 'import_id'];

const UNGUARDED: Readonly<Record<string, string>> = {
  page_gram: 'keyed tokens: under a policy its GIN index is never used (0002); every search joins page',
  catalogue_gram: 'keyed tokens likewise; a hit is shown only joined with dossier, and its fields are sealed',
  capture_link: 'a leave of some minutes: ids and digests, found by its secret before there is a reach',
  entry: 'the log: opaque ids and keyed digests, read whole by auditors alone (ADR 0220); details are sealed under the audit key',
  account: 'who signs in: the place is that of the post',
  unit: 'the tree of organisations',
  reveal: 'what a session had shown for some minutes: ids and kinds, no data of anybody',
  post: 'who stands where: read before there is a reach, which is made of it',
  subject_tie: 'which subject an account is, by id: read before there is a reach',
  unit_leader: 'who leads which unit, by id: kept by whoever looks into no dossier, read by the watch',
  kinship: 'who must stay away, by id: read before there is a reach',
  consultation: 'what is named to whom, by id: read before there is a reach',
  code_taken: 'which codes of a fonds are taken: asked by the system alone, and no code names anybody',
  code_rule: 'by which form a fonds gives codes: no data of anybody',
  batch: 'a code and how it is worked: no data of anybody',
  batch_dossier: 'which dossier stands at which station, by id: read before there is a reach, which is made of claims',
  station_claim: 'who claimed what for how long, by id: read before there is a reach; the reason of a return is sealed',
  station_page: 'which pages were drawn for whom, by id: written with the claim, before it opens them',
  station_defect: 'codes of defects by id of the page',
  directory_source: 'where people are kept in step from: a kind, a fonds and a time',
  reorganisation: 'how far the move of a unit has come',
  learning_model: 'what a fonds learned: counts, and a model sealed under the key of the fonds; no data of a dossier',
  field_definition: 'what fields an archive defined: no data of anybody',
  countercheck_rule: 'which fonds asks for two persons under which scheme: no data of anybody',
  filing_check_rule: 'which fonds asks for a check before filing under which scheme: no data of anybody',
};

describe('row-level security', () => {
  const database = useTestDatabase();
  let fixture: SearchFixture;
  let [mine, foreign]: { dossierId: string; pageId: string }[] = [];
  let guarded: string[];
  beforeAll(async () => {
    fixture = await createSearchFixture(database.db, { units: 2 });
    const made = async (unitId: string) => {
      const { dossierId } = await fixture.addDossier({ unitId });
      const [page] = await fixture.addIndexedPages([{ dossierId, lines: [{ text: '任命苏志强为科长' }] }]);
      await addTheRest(fixture, dossierId, page!.pageId);
      return { dossierId, pageId: page!.pageId };
    };
    mine = await made(fixture.unitIds[1]!);
    foreign = await made(fixture.unitIds[2]!);
    const rows = await database.ownerDb.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity order by 1`,
    );
    guarded = rows.map((r) => r.name);
  });

  const reach = (change: Partial<Reach>) =>
    reachSettings({ levelMax: 1, closedCategories: [], fondsIds: [], unitIds: [], dossierIds: [], ownIds: [], ...change });
  const clerk = () => reach({ unitIds: [fixture.unitIds[1]!] });
  const count = async (sql: Pick<Tx, 'one'>, table: string) => (await sql.one<{ n: number }>(`select count(*)::int as n from ${table}`))?.n;

  it('stands, forced, on every table that says whose its rows are, or the exception says why not', async () => {
    const tables = await database.ownerDb.query<{ name: string; guarded: boolean; policies: string[] }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as guarded,
         array(select p.polname::text from pg_policy p where p.polrelid = c.oid order by 1) as policies
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and exists (
         select 1 from pg_attribute a where a.attrelid = c.oid and not a.attisdropped and a.attname = any($1::text[])) order by 1`,
      [[...TELLING]],
    );
    expect(tables.filter((t) => !t.guarded && !(t.name in UNGUARDED)).map((t) => t.name)).toEqual([]);
    // An exception that is guarded after all, or gone, is no exception.
    expect(Object.keys(UNGUARDED).filter((name) => !tables.some((t) => t.name === name && !t.guarded))).toEqual([]);
    for (const t of tables.filter((t) => t.guarded)) expect(t.policies).toEqual([`${t.name}_reached`, `${t.name}_whole`]);
    expect(guarded).toEqual(expect.arrayContaining(['subject', 'dossier', 'material', 'page', 'reading', 'finding', 'view_token']));
  });

  it('shows a statement that forgot its reach nothing, and the system all', async () => {
    for (const table of guarded) {
      expect([table, await count(database.db, table)]).toEqual([table, 0]);
      expect([table, await database.db.tx((tx) => count(tx, table))]).toEqual([table, 0]);
      expect([table, await count(database.systemDb, table)]).toEqual([table, 2]);
    }
  });

  it('shows a clerk the own unit alone, whatever the statement asks for, and forgets it with the transaction', async () => {
    for (const table of guarded) {
      expect([table, await database.db.tx((tx) => count(tx, table), { reach: clerk() })]).toEqual([table, 1]);
      expect([table, await count(database.db.within(clerk()), table)]).toEqual([table, 1]);
    }
    // Each connection of the pool has carried a reach by now.
    for (let i = 0; i < 12; i++) expect(await count(database.db, 'dossier')).toBe(0);
    const seen = await database.db.within(clerk()).query('select id from page');
    expect(seen).toEqual([{ id: mine!.pageId }]);
  });

  it('shows by fonds, by level and by category, and no more', async () => {
    const pages = (change: Partial<Reach>) => count(database.db.within(reach(change)), 'page');
    const { fondsId } = fixture;
    expect(await pages({ fondsIds: [fondsId] })).toBe(2);
    expect(await pages({ fondsIds: 'all' })).toBe(2);
    expect(await pages({ fondsIds: [randomUUID()] })).toBe(0);
    expect(await pages({ fondsIds: 'all', levelMax: 0 })).toBe(0);
    expect(await pages({ fondsIds: 'all', closedCategories: ['cadre'] })).toBe(0);
    expect(await pages({ fondsIds: 'all', closedCategories: ['discipline'] })).toBe(2);
  });

  it('shows whoever a dossier is named to all of that dossier and nothing of another', async () => {
    // A box is no dossier's: whoever reaches the dossier alone is told the box of its volumes, and no more of it.
    for (const table of guarded.filter((name) => name !== 'box')) {
      const rows = await count(database.db.within(reach({ dossierIds: [foreign!.dossierId] })), table);
      expect([table, rows]).toEqual([table, 1]);
    }
    const named = database.db.within(reach({ dossierIds: [foreign!.dossierId] }));
    expect(await named.query('select page_id from reading')).toEqual([{ page_id: foreign!.pageId }]);
    expect(await named.query('select page_id from page_subject')).toEqual([{ page_id: foreign!.pageId }]);
  });

  it('shows an account what it asked for itself and what is kept of its own subjects, also when the dossier is gone, and nobody else', async () => {
    const personal = ['consent', 'subject_request', 'subject_request_step', 'destruction'];
    const [one] = await database.systemDb.query<{ subject_id: string; made_by: string }>(
      'select subject_id, made_by from subject_request where dossier_id = $1',
      [mine!.dossierId],
    );
    const seenBy = async (...ownIds: string[]) => {
      const sql = database.db.within(reach({ ownIds }));
      return Promise.all(personal.map((table) => count(sql, table)));
    };
    expect(await seenBy(one!.subject_id)).toEqual([1, 1, 1, 1]);
    // Who wrote them down at the desk made both; consents say of nobody that they are the account's own.
    expect(await seenBy(one!.made_by)).toEqual([0, 2, 2, 2]);
    expect(await seenBy(randomUUID())).toEqual([0, 0, 0, 0]);
    expect(await seenBy()).toEqual([0, 0, 0, 0]);
    // A level above the account's own stays closed, one's own or not.
    expect(await count(database.db.within(reach({ levelMax: 0, ownIds: [one!.subject_id] })), 'subject_request')).toBe(0);
    const [own, other] = [one!.subject_id, randomUUID()].map((id) => database.db.within(reach({ ownIds: [id] })));
    const touch = 'update subject_request set version = version where dossier_id = $1';
    expect([await own!.execute(touch, [mine!.dossierId]), await other!.execute(touch, [mine!.dossierId])]).toEqual([1, 0]);
  });

  it('shows a restriction to whoever reaches any dossier of its subject', async () => {
    const named = (dossierId: string) => count(database.db.within(reach({ dossierIds: [dossierId] })), 'restriction');
    expect(await named(mine!.dossierId)).toBe(1);
    expect(await named(randomUUID())).toBe(0);
    const [{ id } = { id: '' }] = await database.systemDb.query<{ id: string }>(
      'update restriction set dossier_id = $2 where dossier_id = $1 returning id',
      [mine!.dossierId, randomUUID()],
    );
    expect(await named(mine!.dossierId)).toBe(1);
    expect(await named(foreign!.dossierId)).toBe(1);
    await database.systemDb.query('update restriction set dossier_id = $2 where id = $1', [id, mine!.dossierId]);
  });

  it('changes, removes and adds nothing beyond the reach', async () => {
    const sql = database.db.within(clerk());
    const to = (id: string) => [id, fixture.unitIds[2]!] as const;
    expect(await sql.execute('update dossier set version = version where id = $1', [foreign!.dossierId])).toBe(0);
    expect(await sql.execute('delete from page where id = $1', [foreign!.pageId])).toBe(0);
    expect(await sql.execute('update dossier set version = version where id = $1', [mine!.dossierId])).toBe(1);
    // Out of the own unit, and into the other one: neither is written.
    await expect(sql.query('update page set unit_id = $2 where id = $1', to(mine!.pageId))).rejects.toMatchObject({ code: 'db/forbidden' });
    const copy = (unitId: string) =>
      sql.execute(
        `insert into finding (id, fonds_id, unit_id, category, level, dossier_id, code, severity, step, version)
         values ($1, $2, $3, 'cadre', 1, $4, 'x/y', 'info', 'receive', '1')`,
        [randomUUID(), fixture.fondsId, unitId, mine!.dossierId],
      );
    await expect(copy(fixture.unitIds[2]!)).rejects.toMatchObject({ code: 'db/forbidden' });
    expect(await copy(fixture.unitIds[1]!)).toBe(1);
    await database.systemDb.query(`delete from finding where code = 'x/y'`);
  });

  it('lets the looks of a session that ends end with it, of nobody else', async () => {
    const all = () => database.systemDb.query<{ s: Buffer }>('select session_digest as s from view_token order by dossier_id');
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    await database.systemDb.query('update view_token set session_digest = case when dossier_id = $1 then $2::bytea else $3 end', [
      mine!.dossierId,
      a,
      b,
    ]);
    await database.db.query('select end_looks(null, $1, null)', [Buffer.from('c')]);
    expect(await all()).toHaveLength(2);
    await database.db.query('select end_looks(null, $1, null)', [a]);
    expect(await all()).toEqual([{ s: b }]);
    const { accountId } = (await fixture.desk({})).actor;
    await database.db.query('select end_looks($1, null, $2)', [accountId, b]);
    expect(await all()).toEqual([{ s: b }]);
    await database.db.query('select end_looks($1, null, $2)', [accountId, a]);
    expect(await all()).toEqual([]);
  });

  it('cannot be left from an ordinary connection', async () => {
    await withClient(database.connection, async (client) => {
      for (const role of ['lantai_system', 'lantai_owner', 'lantai_super'])
        await expect(client.query(`set role ${role}`)).rejects.toThrow(/permission denied|does not exist/);
      for (const statement of [
        'alter table page disable row level security',
        'drop policy page_reached on page',
        'alter role lantai_app bypassrls',
      ])
        await expect(client.query(statement)).rejects.toThrow(/must be owner|permission denied/);
      // Where a policy would hide rows this setting makes PostgreSQL refuse; it never shows them.
      await client.query('set row_security = off');
      await expect(client.query('select 1 from page')).rejects.toThrow('row-level security');
    });
  });

  it('leaves neither the system nor the owner outside: each sees by a policy of its own', async () => {
    const rows = await database.ownerDb.query(
      `select rolname from pg_roles where rolname in ('lantai_app', 'lantai_system', 'lantai_owner') and (rolsuper or rolbypassrls)`,
    );
    expect(rows).toEqual([]);
    await database.ownerDb.query('alter policy page_whole on page to lantai_system');
    expect(await count(database.ownerDb, 'page')).toBe(0);
    await database.ownerDb.query('alter policy page_whole on page to lantai_owner, lantai_system');
    expect(await count(database.ownerDb, 'page')).toBe(2);
  });
});

/** One row in each guarded table that the search's fixture leaves empty. */
async function addTheRest({ db, clock, entryId, desk }: SearchFixture, dossierId: string, pageId: string): Promise<void> {
  const { accountId } = (await desk({})).actor;
  const d = `(select fonds_id, unit_id, category, level from dossier where id = $1)`;
  await db.system('test').tx(async (tx) => {
    await tx.query(
      `insert into material (id, fonds_id, unit_id, category, level, dossier_id, sequence, entry_id, created_at_ms, changed_at_ms)
       select $2, d.*, $1, 1, $3, 0, 0 from ${d} d`,
      [dossierId, clock.newId(), entryId],
    );
    // The fixture keeps one object for all.
    await tx.query(
      `insert into stored_object (address, fonds_id, unit_id, category, level, dossier_id, object_id, kind, suite, wrapped_key, sealed_bytes, plain_bytes, created_at_ms)
       select uuid_send($1), d.*, $1, $1, 'raw', 'intl', '\\x00', 1, 1, 0 from ${d} d where not exists (select 1 from stored_object where dossier_id = $1)`,
      [dossierId],
    );
    await tx.query(
      `insert into optimised_image (page_id, fonds_id, unit_id, category, level, dossier_id, object_address, orientation, skew_millidegrees,
         recipe_version, width_px, height_px, recipe, version, entry_id, created_at_ms)
       select $2, d.*, $1, (select address from stored_object where dossier_id = $1 limit 1), 0, 0, '1', 1, 1, '\\x00', 1, $3, 0 from ${d} d`,
      [dossierId, pageId, entryId],
    );
    await tx.query(
      `insert into page_subject (page_id, subject_id, fonds_id, unit_id, category, level)
       select $2, (select subject_id from dossier where id = $1), d.* from ${d} d`,
      [dossierId, pageId],
    );
    await tx.query(
      `insert into finding (id, fonds_id, unit_id, category, level, dossier_id, code, severity, step, version)
       select $2, d.*, $1, 'page/blank', 'info', 'receive', '1' from ${d} d`,
      [dossierId, clock.newId()],
    );
    await tx.query(
      `insert into undo (id, fonds_id, unit_id, category, level, dossier_id, actor_id, kind, inverse, created_at_ms)
       select $2, d.*, $1, $3, 'bulk', '\\x00', 0 from ${d} d`,
      [dossierId, clock.newId(), accountId],
    );
    await tx.query(
      `insert into view_token (token_digest, account_id, purpose, kind, fonds_id, unit_id, category, level, dossier_id, entry_id, expires_at_ms)
       select uuid_send($1), $2, 'archive_work', 'thumbnails', d.*, $1, $3, 0 from ${d} d`,
      [dossierId, accountId, entryId],
    );
    await tx.query(
      `insert into dossier_code (id, fonds_id, unit_id, category, level, dossier_id, code, standing, since_ms, entry_id)
       select $2, d.*, $1, $4, 'former', 0, $3 from ${d} d`,
      [dossierId, clock.newId(), entryId, clock.newId()],
    );
    const boxId = clock.newId();
    await tx.query(
      `insert into box (id, fonds_id, unit_id, category, level, number, spine_mm, capacity_sheets, made_by, created_at_ms, entry_id)
       select $2, d.*, (select count(*)::int + 1 from box), 20, 10, $3, 0, $4 from ${d} d`,
      [dossierId, boxId, accountId, entryId],
    );
    await tx.query(
      'insert into box_volume (dossier_id, volume, box_id, position, sheets, put_at_ms, entry_id) values ($1, 1, $2, 1, 1, 0, $3)',
      [dossierId, boxId, entryId],
    );
    const uploadId = clock.newId();
    await tx.query('insert into upload (id, account_id, byte_count, created_at_ms, expires_at_ms) values ($1, $2, 1, 0, 0)', [
      uploadId,
      accountId,
    ]);
    await tx.query(
      `insert into import_upload (import_id, ordinal, upload_id, path) select id, 0, $2, '\\x00' from import where dossier_id = $1`,
      [dossierId, uploadId],
    );
    await tx.query(
      `insert into determination (id, dossier_id, fact, state, body, made_by, created_at_ms, entry_id) values ($2, $1, 'birthDate', 'proposed', '\\x00', $3, 0, $4)`,
      [dossierId, clock.newId(), accountId, entryId],
    );
    await tx.query(
      `insert into assertion_mark (id, dossier_id, material_id, fact, mark, reason, made_by, created_at_ms, entry_id)
       values ($2, $1, $2, 'birthDate', 'altered', '\\x00', $3, 0, $4)`,
      [dossierId, clock.newId(), accountId, entryId],
    );
    await tx.query(`insert into alteration_look (page_id, dossier_id, looked_as, entry_id, created_at_ms) values ($2, $1, '1 -', $3, 0)`, [
      dossierId,
      pageId,
      entryId,
    ]);
    await tx.query(
      `insert into alteration_hint (id, dossier_id, page_id, material_id, fact, code, box, turned, measured, limit_value, version, state, created_at_ms, entry_id)
       values ($2, $1, $3, $2, 'birthDate', 'ink', '{1,2,3,4}', 0, 2, 1, '1', 'open', 0, $4)`,
      [dossierId, clock.newId(), pageId, entryId],
    );
    await tx.query(
      `insert into determination_document (id, dossier_id, determination_id, material_id, way, made_by, created_at_ms, entry_id)
       select $2, $1, id, $2, 'made', $3, 0, $4 from determination where dossier_id = $1 limit 1`,
      [dossierId, clock.newId(), accountId, entryId],
    );
    await tx.query(
      `insert into countercheck (id, dossier_id, material_id, state, first_by, first_unknown, created_at_ms, entry_id)
       values ($2, $1, $2, 'waiting', array[$3::uuid], false, 0, $4)`,
      [dossierId, clock.newId(), accountId, entryId],
    );
    await tx.query(
      `insert into processing_slip (id, dossier_id, revision, sheets, faces, blank_faces, made_by, created_at_ms, entry_id) values ($2, $1, 1, 1, 2, 0, $3, 0, $4)`,
      [dossierId, clock.newId(), accountId, entryId],
    );
    await tx.query(
      `insert into count_exception (id, dossier_id, slip_id, kind, images, blank_images, difference, sheets_missing, state, made_by, created_at_ms, entry_id)
       select $2, $1, id, 'gap', 1, 0, -1, 0, 'open', $3, 0, $4 from processing_slip where dossier_id = $1`,
      [dossierId, clock.newId(), accountId, entryId],
    );
    const replacedId = clock.newId();
    await tx.query(
      `insert into page_replacement (id, fonds_id, unit_id, category, level, dossier_id, page_id, by_page_id, reason, made_by, created_at_ms, entry_id)
       select $2, d.*, $1, $3, $3, '\\x00', $4, 0, $5 from ${d} d`,
      [dossierId, replacedId, pageId, accountId, entryId],
    );
    await tx.query(
      `insert into material_version (id, fonds_id, unit_id, category, level, dossier_id, material_id, body, created_at_ms, entry_id)
       select $2, d.*, $1, $2, '\\x00', 0, $3 from ${d} d`,
      [dossierId, replacedId, entryId],
    );
    await tx.query(`insert into learning_example (material_id, dossier_id, body, laid_at_ms, entry_id) values ($2, $1, '\\x00', 0, $3)`, [
      dossierId,
      clock.newId(),
      entryId,
    ]);
    const checkId = clock.newId();
    await tx.query(
      `insert into property_check (id, dossier_id, moment, standard, state, made_by, created_at_ms, entry_id) values ($2, $1, 'filing', 's/1', 'running', $3, 0, $4)`,
      [dossierId, checkId, accountId, entryId],
    );
    await tx.query(
      `insert into property_answer (id, check_id, dossier_id, item, result, words, made_by, created_at_ms, entry_id)
       values ($2, $3, $1, 'GD-3-4', 'pass', '\\x00', $4, 0, $5)`,
      [dossierId, clock.newId(), checkId, accountId, entryId],
    );
    await addPersonal(tx, { dossierId, accountId, entryId, newId: () => clock.newId() });
  });
}

/** What was asked, agreed to, restricted and destroyed by law. */
async function addPersonal(tx: Tx, of: { dossierId: string; accountId: string; entryId: string; newId: () => string }): Promise<void> {
  const { dossierId, accountId, entryId } = of;
  const d = `select $2::uuid, fonds_id, unit_id, category, level, id, subject_id`;
  await tx.query(
    `insert into processing_purpose (code, version, body, basis, made_by, made_at_ms, entry_id) values ('p', 1, '{}', 'consent', $1, 0, $2) on conflict do nothing`,
    [accountId, entryId],
  );
  await tx.query(
    `insert into notice (code, version, kind, purpose_code, purpose_version, text, digest, made_by, made_at_ms, entry_id)
     values ('n', 1, 'consent', 'p', 1, '{}', '\\x00', $1, 0, $2) on conflict do nothing`,
    [accountId, entryId],
  );
  await tx.query(
    `insert into consent (id, fonds_id, unit_id, category, level, dossier_id, subject_id, notice_code, notice_version, way, given_at_ms, given_by, entry_id)
     ${d}, 'n', 1, 'paper', 0, $3, $4 from dossier where id = $1`,
    [dossierId, of.newId(), accountId, entryId],
  );
  const [requestId, secondId] = [of.newId(), of.newId()];
  await tx.query(
    `insert into account (id, name_token, name, role, password_hash, created_at_ms, password_changed_at_ms)
     values ($1, uuid_send($1), '\\x00', 'archivist', 'none', 0, 0)`,
    [secondId],
  );
  await tx.query(
    `insert into subject_request (id, fonds_id, unit_id, category, level, dossier_id, subject_id, kind, state, way, received_at_ms, due_at_ms, made_by, entry_id)
     ${d}, 'delete', 'received', 'desk', 0, 1, $3, $4 from dossier where id = $1`,
    [dossierId, requestId, accountId, entryId],
  );
  await tx.query(
    `insert into subject_request_step (id, request_id, kind, text, actor_id, at_ms, entry_id) values ($1, $2, 'received', '\\x00', $3, 0, $4)`,
    [of.newId(), requestId, accountId, entryId],
  );
  await tx.query(
    `insert into restriction (id, fonds_id, dossier_id, subject_id, request_id, from_ms, made_by, entry_id)
     select $2, fonds_id, id, subject_id, $3, 0, $4, $5 from dossier where id = $1`,
    [dossierId, of.newId(), requestId, accountId, entryId],
  );
  await tx.query(
    `insert into destruction (dossier_id, fonds_id, unit_id, category, level, subject_id, with_subject, code, ground, approved_by, second_by,
       intended_at_ms, entry_id, page_count, object_count, backups_until_ms)
     select id, fonds_id, unit_id, category, level, subject_id, true, code, 'retention_over', $2, $4, 0, $3, 1, 1, 0 from dossier where id = $1`,
    [dossierId, accountId, entryId, secondId],
  );
}
