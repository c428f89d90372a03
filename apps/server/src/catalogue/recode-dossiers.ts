import { type CodeStandard, findCodeParts, getCodeForm, type Scheme } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { type CodeRule, nextCodeBy, readCodeRule } from './dossier-codes.ts';
import { reindexDossier } from './reindex-dossier.ts';
import { getScheme } from './schemes.ts';

/** How far dossiers have followed the rule of their codes. */
export interface Recoded {
  /** Given another leading code; the former one is kept. */
  readonly changed: number;
  /** Given a second code, or another. */
  readonly second: number;
  /** Codes that could not be made: the fonds' or unit's code does not fit the standard. */
  readonly unfit: number;
  /** Go on behind this dossier; null: all have been looked at. */
  readonly after: string | null;
}

interface Row {
  readonly id: string;
  readonly fonds_id: string;
  readonly fonds_code: string;
  readonly unit_id: string;
  readonly unit_code: string;
  readonly category: string;
  readonly level: number;
  readonly code: string;
  readonly year: number;
  readonly second: string | null;
  /** Codes that it had, the newest first. */
  readonly former: readonly string[];
}

/** Dossiers of one call: a transaction each, so that what was done stays. */
const AT_ONCE = 50;

/**
 * Writes the codes of dossiers by the rule of their fonds (重编档号), some at a time: the leading code anew with its materials' codes, the former one
 * kept; the second code beside it. What is written by its rule already is left alone, so a run that broke off goes on where it was.
 * @throws ArchiveError `scheme/not-found`, `desk/not-allowed` (caller)
 */
export async function recodeDossiers(
  archive: Archive,
  desk: Desk,
  order: { readonly fondsId: string; readonly schemeId: string; readonly after: string | null },
): Promise<Recoded> {
  const scheme = await getScheme(archive.db, archive, order.schemeId);
  const rule = await readCodeRule(desk.sql, order.fondsId, order.schemeId);
  const ids = await listBehind(desk, order);
  const sum = { changed: 0, second: 0, unfit: 0 };
  for (const id of ids.slice(0, AT_ONCE)) {
    const done = await desk.act('dossier.change', (tx, scope) => recodeOne(archive, desk, tx, scope, { scheme, rule, id }));
    for (const key of ['changed', 'second', 'unfit'] as const) sum[key] += done[key] ? 1 : 0;
  }
  return { ...sum, after: ids.length > AT_ONCE ? (ids[AT_ONCE - 1] ?? null) : null };
}

async function listBehind(
  desk: Desk,
  { fondsId, schemeId, after }: { fondsId: string; schemeId: string; after: string | null },
): Promise<string[]> {
  const seen = scopeSql(desk.scope('dossier.change'), 'd', 4);
  const rows = await desk.sql.query<{ id: string }>(
    `select d.id from dossier d where d.fonds_id = $1 and d.scheme = $2 and ($3::uuid is null or d.id > $3) and ${seen.sql} order by d.id limit ${AT_ONCE + 1}`,
    [fondsId, schemeId, after, ...seen.params],
  );
  return rows.map((r) => r.id);
}

/** One dossier, in a transaction of its own. */
async function recodeOne(
  archive: Archive,
  desk: Desk,
  tx: DeskTx,
  scope: Scope,
  { scheme, rule, id }: { readonly scheme: Scheme; readonly rule: CodeRule; readonly id: string },
): Promise<{ changed: boolean; second: boolean; unfit: boolean }> {
  const nothing = { changed: false, second: false, unfit: false };
  const seen = scopeSql(scope, 'd', 3);
  const row = await tx.one<Row>(
    `select d.id, d.fonds_id, f.code as fonds_code, d.unit_id, u.code as unit_code, d.category, d.level, d.code,
       extract(year from to_timestamp((d.created_at_ms + $2::bigint * 60000) / 1000.0) at time zone 'UTC')::int as year,
       (select c.code from dossier_code c where c.dossier_id = d.id and c.standing = 'second') as second,
       array(select c.code from dossier_code c where c.dossier_id = d.id and c.standing = 'former' order by c.id desc) as former
     from dossier d join fonds f on f.id = d.fonds_id join unit u on u.id = d.unit_id where d.id = $1 and ${seen.sql} for no key update of d`,
    [id, desk.utcOffsetMinutes, ...seen.params],
  );
  if (!row) return nothing;
  await lockSeries(tx, row.fonds_id);
  const leading = await wanted(archive, scheme, rule.leading, row);
  const second = await wanted(archive, scheme, rule.second, row);
  const isLed = rule.leading !== null && leading !== null && leading !== row.code;
  const isSeconded = rule.second === null ? row.second !== null : second !== null && second !== row.second;
  const unfit = (rule.leading !== null && leading === null) || (rule.second !== null && second === null);
  if (!isLed && !isSeconded) return { ...nothing, unfit };
  await writeCodes(archive, desk, tx, row, {
    leading: isLed ? leading : null,
    second: isSeconded ? { code: second, form: rule.second } : null,
  });
  return { changed: isLed, second: isSeconded, unfit };
}

/** INVARIANT: one at a time numbers the codes of a fonds; the register of codes holds it besides. */
const lockSeries = (tx: DeskTx, fondsId: string) =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('lantai/code/' || $1, 0))`, [fondsId]);

/** The code by a standard: one that the dossier has already, or had, whatever its standing; else the next. */
async function wanted(archive: Archive, scheme: Scheme, standard: CodeStandard | null, row: Row): Promise<string | null> {
  if (standard === null) return null;
  const template = scheme.codes.standards[standard];
  const own = [row.code, ...(row.second === null ? [] : [row.second]), ...row.former];
  const known = template === undefined ? undefined : own.find((code) => findCodeParts([getCodeForm(template)], code));
  if (known !== undefined) return known;
  return nextCodeBy(archive, scheme, standard, {
    fondsId: row.fonds_id,
    fondsCode: row.fonds_code,
    unitCode: row.unit_code,
    year: row.year,
    code: row.code,
  });
}

interface NewCodes {
  /** Null: the leading one stays. */
  readonly leading: string | null;
  /** Null: the second one stays; a code of null: it goes. */
  readonly second: { readonly code: string | null; readonly form: CodeStandard | null } | null;
}

/**
 * Writes what changes. A code that the dossier had is kept as former, also a second one that goes: labels bear it. The dossier's materials follow, for
 * their codes hold the dossier's.
 */
async function writeCodes(archive: Archive, desk: Desk, tx: DeskTx, row: Row, { leading, second }: NewCodes): Promise<void> {
  const place: Place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
  const materials =
    leading === null
      ? []
      : await tx.query<{ id: string }>('select id from material where dossier_id = $1 and code is not null order by id', [row.id]);
  const kept = await tx.query<{ id: string }>('select id from dossier_code where dossier_id = $1 order by id for no key update', [row.id]);
  const made = [desk.clock.newId(), desk.clock.newId(), desk.clock.newId()];
  const watched = [
    await tx.watch('dossier', leading === null ? [] : [row.id]),
    await tx.watch(
      'material',
      materials.map((m) => m.id),
    ),
    await tx.watch('dossier_code', [...kept.map((k) => k.id), ...made]),
  ];
  const entryId = desk.clock.newId();
  const insert = (id: string | undefined, code: string, form: CodeStandard | null, standing: 'second' | 'former') =>
    tx.query(
      `insert into dossier_code (id, fonds_id, unit_id, category, level, dossier_id, code, form, standing, since_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [id, place.fondsId, place.unitId, place.category, place.level, row.id, code, form, standing, desk.clock.nowMs(), entryId],
    );
  const forget = (code: string) => tx.query('delete from dossier_code where dossier_id = $1 and code = $2', [row.id, code]);
  // What it had as second and shall have as leading, or the other way round, is free only after it was given up.
  if (second && row.second !== null) {
    await forget(row.second);
    if (row.second !== leading) await insert(made[0], row.second, null, 'former');
  }
  if (leading !== null) {
    await forget(leading);
    await tx.query('update dossier set code = $2, changed_at_ms = $3 where id = $1', [row.id, leading, desk.clock.nowMs()]);
    if (row.code !== second?.code) await insert(made[1], row.code, null, 'former');
    await tx.query(
      `update material set code = $3 || substr(code, length($2) + 1) where dossier_id = $1 and code is not null and starts_with(code, $2)`,
      [row.id, row.code, leading],
    );
  }
  if (second && second.code !== null) {
    await forget(second.code);
    await insert(made[2], second.code, second.form, 'second');
  }
  if (leading !== null) await reindexDossier(tx, archive, row.id);
  const params = { leading: leading === null ? 0 : 1, second: second ? 1 : 0, materials: materials.length };
  await tx.log({ id: entryId, kind: 'dossier.recoded', place, dossierId: row.id, objectId: row.id, params, changed: watched });
}

/** A dossier that was just made gets its second code in the same transaction, where its fonds keeps one. */
export async function giveSecondCode(
  archive: Archive,
  desk: Desk,
  tx: DeskTx,
  {
    scheme,
    dossierId,
    place,
    code,
    entryId,
  }: { readonly scheme: Scheme; readonly dossierId: string; readonly place: Place; readonly code: string; readonly entryId: string },
): Promise<string | null> {
  const { second } = await readCodeRule(tx, place.fondsId, scheme.id);
  if (second === null) return null;
  await lockSeries(tx, place.fondsId);
  const names = await tx.one<{ fonds: string; unit: string }>(
    'select f.code as fonds, u.code as unit from unit u join fonds f on f.id = u.fonds_id where u.id = $1',
    [place.unitId],
  );
  if (!names) throw new ArchiveError('unit/not-found', 'caller');
  const year = new Date(archive.clock.nowMs() + desk.utcOffsetMinutes * 60_000).getUTCFullYear();
  const made = await nextCodeBy(archive, scheme, second, {
    fondsId: place.fondsId,
    fondsCode: names.fonds,
    unitCode: names.unit,
    year,
    code,
  });
  if (made === null || made === code) return null;
  const id = archive.clock.newId();
  await tx.query(
    `insert into dossier_code (id, fonds_id, unit_id, category, level, dossier_id, code, form, standing, since_ms, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'second', $9, $10)`,
    [id, place.fondsId, place.unitId, place.category, place.level, dossierId, made, second, archive.clock.nowMs(), entryId],
  );
  return id;
}
