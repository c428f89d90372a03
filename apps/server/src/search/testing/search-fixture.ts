import { deflateRawSync } from 'node:zlib';
import { NodePrimitives } from '@lantai/primitives-node';
import { joinLines, type TextLine } from '@lantai/search';
import { utf8 } from '@lantai/values';
import type { SuiteId } from '@lantai/vault';
import { MemoryKeyStore } from '@lantai/vault/memory';
import { type Clock, type Place, readingPlace, Sealer, systemClock } from '../../archive/index.ts';
import type { Db, Tx } from '../../db/index.ts';
import { type Actor, type Desk, openDesk } from '../../desk/index.ts';
import { indexPages, type PageToIndex } from '../index-page.ts';

/** A page for tests and benches: what was read on it, and where it lies. */
export interface FixturePage {
  readonly dossierId: string;
  readonly lines: readonly TextLine[];
  readonly classCode?: string | null;
  readonly materialYear?: number | null;
}

/** An archive with rows, keys and sealed readings like the product's own, without images and without a reader. */
export interface SearchFixture {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly fondsId: string;
  /** The root of the fonds' units, then the others, each under the root. */
  readonly unitIds: readonly string[];
  readonly entryId: string;
  addDossier(input: {
    unitId: string;
    category?: string;
    level?: number;
    fondsId?: string;
  }): Promise<{ dossierId: string; subjectId: string; place: Place }>;
  /** Makes the pages' rows and readings; index them with {@link indexPages}, or leave it to `indexed`. */
  addPages(tx: Tx, pages: readonly FixturePage[]): Promise<PageToIndex[]>;
  addIndexedPages(pages: readonly FixturePage[]): Promise<PageToIndex[]>;
  desk(actor: Partial<Actor>): Promise<Desk>;
}

interface State extends SearchFixture {
  readonly accountId: string;
  readonly objectAddress: Uint8Array;
  readonly dossiers: Map<string, { place: Place; sourceFileId: string; pageCount: number }>;
}

const LINE_HEIGHT = 60;
const ENGINE = { engine: 'fixture', version: '1' };

export interface FixtureOptions {
  /** How many units stand under the root. */
  readonly units: number;
  readonly suite?: SuiteId;
  /** Where keys come from; a bench that reopens its archive gives the same again. */
  readonly keyBytes?: (length: number) => Uint8Array;
}

/** Fills an empty, migrated database. */
export async function createSearchFixture(db: Db, opts: FixtureOptions): Promise<SearchFixture> {
  const primitives = new NodePrimitives();
  const keys = new MemoryKeyStore({
    random: opts.keyBytes ?? ((n) => primitives.random(n)),
    nowMs: () => Date.now(),
    ...(opts.suite ? { suite: opts.suite } : {}),
  });
  const sealer = new Sealer(primitives, keys, opts.suite ?? 'intl');
  const clock = systemClock();
  const [fondsId, rootId, accountId, entryId] = [clock.newId(), clock.newId(), clock.newId(), clock.newId()];
  await keys.createMany([
    { kind: 'fonds', id: fondsId, parent: null },
    { kind: 'purpose', id: 'audit', parent: null },
  ]);
  const unitIds = [rootId, ...Array.from({ length: opts.units }, () => clock.newId())];
  const nameless = sealer.sealBytes(
    { kind: 'fonds', id: fondsId },
    { table: 'fonds', column: 'name', rowId: fondsId, version: 1 },
    utf8('甲'),
  );
  await db.system('test').tx(async (tx) => {
    await tx.query('insert into fonds (id, code, name, created_at_ms) values ($1, $2, $3, 0)', [fondsId, fondsId, nameless]);
    await tx.query('insert into unit (id, fonds_id, parent_id, code, name) values ($1, $2, null, $4, $3)', [
      rootId,
      fondsId,
      nameless,
      rootId,
    ]);
    await tx.query(`insert into unit (id, fonds_id, parent_id, code, name) select u, $2, $3, u::text, $4 from unnest($1::uuid[]) u`, [
      unitIds.slice(1),
      fondsId,
      rootId,
      nameless,
    ]);
    await tx.query(
      `insert into account (id, name_token, name, role, password_hash, created_at_ms, password_changed_at_ms) values ($1, $2, $3, 'archivist', 'none', 0, 0)`,
      [accountId, utf8(accountId), nameless],
    );
    await tx.query(`insert into entry (id, kind, bytes, at_ms) values ($1, 'fixture.made', '\\x00', 0)`, [entryId]);
  });
  const state: State = {
    db,
    sealer,
    clock,
    fondsId,
    unitIds,
    entryId,
    accountId,
    objectAddress: primitives.random(32),
    dossiers: new Map(),
    addDossier: (input) => addDossier(state, input),
    addPages: (tx, pages) => addPages(state, tx, pages),
    addIndexedPages: (pages) =>
      db.system('test').tx(async (tx) => {
        const added = await addPages(state, tx, pages);
        await indexPages(tx, state, added);
        return added;
      }),
    desk: (actor) =>
      openDesk({ db, sealer, clock }, { accountId, role: 'archivist', fondsId, unitId: null, levelMax: 1, ...actor }, 'archive_work'),
  };
  return state;
}

async function addDossier(state: State, input: { unitId: string; category?: string; level?: number; fondsId?: string }) {
  const { clock, entryId, accountId } = state;
  const [dossierId, subjectId, importId, sourceFileId] = [clock.newId(), clock.newId(), clock.newId(), clock.newId()];
  const place: Place = {
    fondsId: input.fondsId ?? state.fondsId,
    unitId: input.unitId,
    category: input.category ?? 'cadre',
    level: input.level ?? 1,
  };
  await state.sealer.keys.create('dossier', dossierId, { kind: 'fonds', id: place.fondsId });
  const at = [place.fondsId, place.unitId, place.category, place.level];
  await state.db.system('test').tx(async (tx) => {
    await tx.query(
      `insert into subject (id, fonds_id, unit_id, category, level, kind, key_id, name, entry_id, created_at_ms) values ($1, $2, $3, $4, $5, 'person', $1, $6, $7, 0)`,
      [subjectId, ...at, utf8('sealed elsewhere'), entryId],
    );
    await tx.query(
      `insert into dossier (id, fonds_id, unit_id, category, level, subject_id, scheme, code, entry_id, created_at_ms, changed_at_ms) values ($1, $2, $3, $4, $5, $6, 'cadre-2018', $8, $7, 0, 0)`,
      [dossierId, ...at, subjectId, entryId, dossierId],
    );
    await tx.query(
      `insert into stored_object (address, fonds_id, unit_id, category, level, dossier_id, object_id, kind, suite, wrapped_key, sealed_bytes, plain_bytes, created_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, 'raw', 'intl', '\\x00', 0, 0, 0) on conflict do nothing`,
      [state.objectAddress, ...at, dossierId, clock.newId()],
    );
    await tx.query(
      `insert into import (id, fonds_id, unit_id, category, level, dossier_id, actor_id, started_at_ms) values ($1, $2, $3, $4, $5, $6, $7, 0)`,
      [importId, ...at, dossierId, accountId],
    );
    await tx.query(
      `insert into source_file (id, fonds_id, unit_id, category, level, dossier_id, import_id, content_key, name, byte_count, outcome, entry_id, created_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, '\\x00', 0, 'pages', $9, 0)`,
      [sourceFileId, ...at, dossierId, importId, utf8(sourceFileId), entryId],
    );
  });
  state.dossiers.set(dossierId, { place, sourceFileId, pageCount: 0 });
  return { dossierId, subjectId, place };
}

/** Lines with boxes, as a reading has them. */
const placedLines = (lines: readonly TextLine[]) =>
  lines.map((line, i) => ({ ...line, box: [200, 200 + i * LINE_HEIGHT, line.text.length * 45, 48], confidence01: 0.98, source: 'normal' }));

function sealReading(
  sealer: Sealer,
  pageId: string,
  dossierId: string,
  lines: readonly TextLine[],
): { text: Uint8Array; lines: Uint8Array } {
  const ref = { kind: 'dossier', id: dossierId } as const;
  const reading = { ...ENGINE, widthPx: 2480, heightPx: 3508, orientation: 0, skewDegrees: 0, lines: placedLines(lines), findings: [] };
  return {
    text: sealer.sealBytes(ref, readingPlace('text', pageId, ENGINE.engine, ENGINE.version), utf8(joinLines(lines))),
    lines: sealer.sealBytes(
      ref,
      readingPlace('lines', pageId, ENGINE.engine, ENGINE.version),
      deflateRawSync(JSON.stringify(reading), { level: 1 }),
    ),
  };
}

async function addPages(state: State, tx: Tx, pages: readonly FixturePage[]): Promise<PageToIndex[]> {
  const rows = pages.map((page) => {
    const dossier = state.dossiers.get(page.dossierId)!;
    const pageId = state.clock.newId();
    return { page, pageId, dossier, n: dossier.pageCount++, sealed: sealReading(state.sealer, pageId, page.dossierId, page.lines) };
  });
  const places = [
    rows.map((r) => r.dossier.place.fondsId),
    rows.map((r) => r.dossier.place.unitId),
    rows.map((r) => r.dossier.place.category),
    rows.map((r) => r.dossier.place.level),
  ];
  await tx.queryNamed(
    'fixture-pages',
    `insert into page (id, fonds_id, unit_id, category, level, dossier_id, arrival, class_code, material_year, source_file_id, source_index, origin, media_type,
       width_px, height_px, content_key, object_address, read_state, entry_id, created_at_ms)
     select id, f, u, c, l, d, n, k, y, s, n, 'as_received', 'image/jpeg', 2480, 3508, '\\x00', $11, 'read', $12, 0
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $6::uuid[], $7::int[], $8::text[], $9::smallint[], $10::uuid[]) as t(id, f, u, c, l, d, n, k, y, s)`,
    [
      rows.map((r) => r.pageId),
      ...places,
      rows.map((r) => r.page.dossierId),
      rows.map((r) => r.n),
      rows.map((r) => r.page.classCode ?? null),
      rows.map((r) => r.page.materialYear ?? null),
      rows.map((r) => r.dossier.sourceFileId),
      state.objectAddress,
      state.entryId,
    ],
  );
  await tx.queryNamed(
    'fixture-readings',
    `insert into reading (page_id, engine, version, fonds_id, unit_id, category, level, current, text, lines, orientation, skew_millidegrees, line_count, confidence01, entry_id, created_at_ms)
     select id, $6, $7, f, u, c, l, true, t, x, 0, 0, 1, 1, $8, 0 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $9::bytea[], $10::bytea[]) as t(id, f, u, c, l, t, x)`,
    [
      rows.map((r) => r.pageId),
      ...places,
      ENGINE.engine,
      ENGINE.version,
      state.entryId,
      rows.map((r) => r.sealed.text),
      rows.map((r) => r.sealed.lines),
    ],
  );
  return rows.map((r) => ({ pageId: r.pageId, dossierId: r.page.dossierId, place: r.dossier.place, lines: r.page.lines }));
}
