import { ArchiveError } from '@lantai/values';
import { getScheme, readSchemes, schemeView } from '../../catalogue/index.ts';
import type { Sql } from '../../db/index.ts';
import { type Desk, deskTx, madeObjects, scopeFonds, scopeSql } from '../../desk/index.ts';
import { PERSON } from '../../ingest/index.ts';
import type { Handlers } from '../handler.ts';

type OverviewHandlers = Pick<Handlers, 'getOverview' | 'listFonds' | 'listSchemes' | 'getScheme' | 'listFieldDefinitions' | 'defineField'>;

const COUNT_MAX = 1000;
const count = (n: number) => (n > COUNT_MAX ? { value: COUNT_MAX, more: true } : { value: n, more: false });
const NONE = { value: 0, more: false };

/** Counts a query's rows, stopping where nobody counts any further. */
async function countUpTo(sql: Sql, from: string, params: readonly unknown[]): Promise<{ value: number; more: boolean }> {
  const row = await sql.one<{ n: number }>(`select count(*)::int as n from (select 1 from ${from} limit ${COUNT_MAX + 1}) x`, params);
  return count(row?.n ?? 0);
}

async function overview(desk: Desk) {
  const dossiers = scopeSql(desk.scope('dossier.list'), 'd', 1);
  const pages = scopeSql(desk.scope('dossier.list'), 'p', 1);
  const materials = scopeSql(desk.scope('dossier.list'), 'm', 1);
  const d = (state?: string) =>
    countUpTo(desk.sql, `dossier d where ${dossiers.sql}${state ? ` and d.state = '${state}'` : ''}`, dossiers.params);
  const p = (condition: string) => countUpTo(desk.sql, `page p where ${pages.sql} and ${condition}`, pages.params);
  const [all, open, inReview, filed, closed, everyPage, unread, needs, loose, proposed] = await Promise.all([
    d(),
    d('open'),
    d('in_review'),
    d('filed'),
    d('closed'),
    p('true'),
    p(`p.read_state = 'waiting'`),
    p(`p.read_state = 'needs_person'`),
    p('p.material_id is null'),
    countUpTo(desk.sql, `material m where ${materials.sql} and m.state = 'proposed'`, materials.params),
  ]);
  return {
    dossiers: all,
    pages: everyPage,
    dossiersByState: { open, in_review: inReview, filed, closed },
    pagesUnread: unread,
    pagesNeedPerson: needs,
    materialsProposed: proposed,
    pagesLoose: loose,
  };
}

const NOTHING = {
  dossiers: NONE,
  pages: NONE,
  dossiersByState: { open: NONE, in_review: NONE, filed: NONE, closed: NONE },
  pagesUnread: NONE,
  pagesNeedPerson: NONE,
  materialsProposed: NONE,
  pagesLoose: NONE,
};

interface FieldRow {
  id: string;
  fonds_id: string;
  place: 'dossier' | 'material';
  code: string;
  kind: 'text' | 'number' | 'date' | 'choice';
  definition: { name: { zh: string; en: string }; choices: string[] };
}

const fieldView = (r: FieldRow) => ({
  id: r.id,
  fondsId: r.fonds_id,
  place: r.place,
  code: r.code,
  kind: r.kind,
  name: r.definition.name,
  choices: r.definition.choices,
});

export const overviewHandlers: OverviewHandlers = {
  getOverview: async ({ archive, desk }) => {
    const door = await desk();
    const mayList = door.may('dossier.list');
    const [counts, jobs, imports, last, rate] = await Promise.all([
      mayList ? overview(door) : NOTHING,
      archive.queue.count(archive.db, 'read'),
      archive.db.system('queue-counts').one<{ n: number }>(`select count(*)::int as n from import where state = 'running'`),
      archive.db.one<{ size: number; at_ms: number }>('select size, at_ms from checkpoint order by size desc limit 1'),
      archive.db
        .system('queue-counts')
        .one<{ n: number }>('select count(*)::int as n from reading where created_at_ms > $1 and engine <> $2', [
          archive.clock.nowMs() - 300_000,
          PERSON,
        ]),
    ]);
    const paused = await archive.queue.isPaused('read');
    const perMs = (rate?.n ?? 0) / 300_000;
    return {
      ...counts,
      jobsFailed: count(jobs.failed),
      importsRunning: imports?.n ?? 0,
      reading: { paused, queued: jobs.queued, leftMs: perMs && !paused ? Math.round(jobs.queued / perMs) : null },
      log: { size: last?.size ?? 0, checkpointAtMs: last?.at_ms ?? null },
    };
  },
  listFonds: async ({ archive, desk }) => {
    const { actor } = await desk();
    const fonds = await archive.db.query<{ id: string; code: string; name: Uint8Array; parent_id: string | null }>(
      'select id, code, name, parent_id from fonds where $1::uuid is null or id = $1 order by code',
      [actor.fondsId],
    );
    const units = await archive.db.query<{ id: string; fonds_id: string; parent_id: string | null; code: string; name: Uint8Array }>(
      `with recursive seen(id) as (select id from unit where ($1::uuid is null and parent_id is null) or id = $1 union all select u.id from unit u join seen s on u.parent_id = s.id)
       select u.id, u.fonds_id, u.parent_id, u.code, u.name from unit u join seen using (id) where u.merged_into is null order by u.code`,
      [actor.unitId],
    );
    const open = (table: string, id: string, fondsId: string, name: Uint8Array) =>
      archive.sealer.get({ kind: 'fonds', id: fondsId }, { table, column: 'name', rowId: id, version: 1 }, name);
    return {
      fonds: fonds.map((f) => ({
        id: f.id,
        code: f.code,
        name: open('fonds', f.id, f.id, f.name),
        parentId: f.parent_id,
        units: units
          .filter((u) => u.fonds_id === f.id)
          .map((u) => ({ id: u.id, code: u.code, name: open('unit', u.id, f.id, u.name), parentId: u.parent_id })),
      })),
    };
  },
  listSchemes: async ({ archive }) => ({
    schemes: (await readSchemes(archive.db, archive)).map(({ id, name, version, subject }) => ({ id, name, version, subject })),
  }),
  getScheme: async ({ archive, params }) => schemeView(await getScheme(archive.db, archive, params.schemeId)),
  listFieldDefinitions: async ({ archive, account }) => {
    const rows = await archive.db.query<FieldRow>(
      'select id, fonds_id, place, code, kind, definition from field_definition where $1::uuid is null or fonds_id = $1 order by place, code',
      [account.fondsId],
    );
    return { fields: rows.map(fieldView) };
  },
  defineField: async ({ archive, desk, body, reply }) => {
    const door = await desk();
    const fonds = scopeFonds(door.scope('dossier.change'));
    if (fonds !== 'all' && !fonds.includes(body.fondsId)) throw new ArchiveError('fonds/not-found', 'caller');
    const id = archive.clock.newId();
    const definition = { name: body.name, choices: body.choices ?? [] };
    await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, door.actor.accountId, 'archive_work');
      const rows = await tx.query(
        `insert into field_definition (id, fonds_id, place, code, kind, definition) values ($1, $2, $3, $4, $5, $6) on conflict (fonds_id, place, code) do nothing returning id`,
        [id, body.fondsId, body.place, body.code, body.kind, definition],
      );
      if (!rows.length) throw new ArchiveError('field/code-taken', 'caller');
      await tx.log({
        kind: 'field.defined',
        objectId: id,
        params: { place: body.place, field: body.kind },
        changed: [madeObjects('field_definition', [id])],
      });
    });
    return reply.status(201).send({ id, fondsId: body.fondsId, place: body.place, code: body.code, kind: body.kind, ...definition });
  },
};
