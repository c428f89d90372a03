import {
  checkCalendarFollows,
  checkDefectsFollow,
  checkQualityFollows,
  checkSchemeFollows,
  compareCalendars,
  compareDefects,
  compareSchemes,
  compareStandards,
  editQualityText,
  type ItemEdit,
  type QualityStandard,
  readScheme,
  type Scheme,
} from '@lantai/catalogue';
import { ArchiveError, type Finding, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Desk, madeObjects } from '../desk/index.ts';
import {
  archiveToday,
  programStandards,
  readAdopted,
  readStandard,
  STANDARD_KINDS,
  type StandardKind,
  type StandardOf,
  standardsInForce,
} from './standards-in-force.ts';

/** A version of a standard, of the program's or adopted by the archive. */
export interface StandardVersion {
  /** Null: it came with the program. */
  readonly id: string | null;
  readonly version: number;
  /** `2026-11-22`; null: since ever. */
  readonly effectiveOn: string | null;
  readonly madeBy: string | null;
  readonly madeAtMs: number | null;
  readonly state: 'in_force' | 'to_come' | 'former' | 'withdrawn';
}

/** A standard with its versions, the newest first. */
export interface StandardLine {
  readonly kind: StandardKind;
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly versions: readonly StandardVersion[];
}

interface Row {
  id: string;
  kind: StandardKind;
  standard_id: string;
  version: number;
  effective_on: string;
  text: string;
  made_by: string;
  made_at_ms: number;
  withdrawn_at_ms: number | null;
}

/** One that came with the program. @throws ArchiveError `standard/not-found` (caller) */
function ofProgram<K extends StandardKind>(archive: Pick<Archive, 'config'>, kind: K, id: string) {
  const own = programStandards(archive.config, kind).find(({ standard }) => standard.id === id);
  if (!own) throw new ArchiveError('standard/not-found', 'caller');
  return own;
}

const rowsOf = (sql: Sql, kind: StandardKind, id: string): Promise<Row[]> =>
  sql.query<Row>('select * from standard_version where kind = $1 and standard_id = $2 order by version desc', [kind, id]);

/** Every standard with its versions. It tells of nobody, so everybody who is signed in may see what the archive works by. */
export async function listStandards(sql: Sql, archive: Pick<Archive, 'config' | 'clock'>): Promise<StandardLine[]> {
  const today = await archiveToday(sql, archive.clock);
  const lines: StandardLine[] = [];
  for (const kind of STANDARD_KINDS) {
    const now = await standardsInForce(sql, archive, kind);
    for (const [i, { standard }] of programStandards(archive.config, kind).entries())
      lines.push({
        kind,
        id: standard.id,
        name: now[i]!.name,
        versions: versionsOf(await rowsOf(sql, kind, standard.id), standard.version, today),
      });
  }
  return lines;
}

function versionsOf(rows: readonly Row[], programVersion: number, today: string): StandardVersion[] {
  const standing = rows.filter((r) => r.withdrawn_at_ms === null);
  const begun = standing.filter((r) => r.effective_on <= today);
  const later = (a: Row, b: Row) => (a.effective_on === b.effective_on ? a.version > b.version : a.effective_on > b.effective_on);
  const last = begun.reduce<Row | null>((best, r) => (best === null || later(r, best) ? r : best), null);
  const stateOf = (r: Row): StandardVersion['state'] => {
    if (r.withdrawn_at_ms !== null) return 'withdrawn';
    if (r === last) return 'in_force';
    return r.effective_on > today ? 'to_come' : 'former';
  };
  return [
    ...rows.map((r) => ({
      id: r.id,
      version: r.version,
      effectiveOn: r.effective_on,
      madeBy: r.made_by,
      madeAtMs: r.made_at_ms,
      state: stateOf(r),
    })),
    { id: null, version: programVersion, effectiveOn: null, madeBy: null, madeAtMs: null, state: last ? 'former' : 'in_force' } as const,
  ];
}

/** The text of a version as it was written. @throws ArchiveError `standard/not-found` (caller) */
export async function readStandardText(
  sql: Sql,
  archive: Pick<Archive, 'config'>,
  { kind, id, version }: { readonly kind: StandardKind; readonly id: string; readonly version: number },
): Promise<string> {
  const own = ofProgram(archive, kind, id);
  const row = (await rowsOf(sql, kind, id)).find((r) => r.version === version);
  if (row) return row.text;
  if (own.standard.version !== version) throw new ArchiveError('standard/not-found', 'caller');
  return own.text;
}

/** The items of a quality standard's text; null when this program can no longer read it. */
export function findQualityItems(text: string): QualityStandard['items'] | null {
  try {
    return readAdopted('quality', text).items;
  } catch (error) {
    // A text of an older program stays readable as a text.
    if (isArchiveError(error, 'scheme/invalid')) return null;
    throw error;
  }
}

/** What adopting a text would do. `problems` empty: it can be adopted. */
export interface StandardTrial {
  readonly kind: StandardKind;
  /** Null when the text cannot be read. */
  readonly id: string | null;
  readonly version: number | null;
  /** The version it is compared with: the highest there is. */
  readonly base: number | null;
  readonly problems: readonly Finding[];
  readonly differences: readonly Finding[];
}

/** Whoever changes what a whole archive works by holds a post over the whole of it. @throws ArchiveError `desk/not-allowed` (caller) */
async function checkKeepsWhole(sql: Sql, desk: Desk): Promise<void> {
  desk.scope('dossier.change');
  const { role, unitId, fondsId } = desk.actor;
  const whole = (role === 'archivist' || role === 'trial_owner') && unitId === null;
  const others = fondsId === null ? null : await sql.one('select 1 from fonds where id <> $1 limit 1', [fondsId]);
  if (!whole || others) throw new ArchiveError('standard/whole-archive', 'caller');
}

/** Reads a text and compares it with the highest version there is. */
async function tryText(sql: Sql, archive: Archive, kind: StandardKind, text: string): Promise<StandardTrial> {
  const unread = (problems: readonly Finding[]): StandardTrial => ({
    kind,
    id: null,
    version: null,
    base: null,
    problems,
    differences: [],
  });
  const read = readText(kind, text);
  if ('problems' in read) return unread(read.problems);
  const next = read.standard;
  const own = programStandards(archive.config, kind).find(({ standard }) => standard.id === next.id);
  if (!own) return { ...unread([{ code: 'standard/not-found', severity: 'error', params: {} }]), id: next.id, version: next.version };
  const [last] = await rowsOf(sql, kind, next.id);
  const before = last && last.version > own.standard.version ? readAdopted(kind, last.text) : own.standard;
  const schemes = kind === 'quality' ? await standardsInForce(sql, archive, 'scheme') : [];
  return { kind, id: next.id, version: next.version, base: before.version, ...compareKind(kind, before, next, schemes) };
}

/** A text read, or everything wrong with it: of a scheme all problems, of the others the first. */
function readText(
  kind: StandardKind,
  text: string,
): { readonly standard: StandardOf[StandardKind] } | { readonly problems: readonly Finding[] } {
  if (kind === 'scheme') {
    const outcome = readScheme(text);
    return 'problems' in outcome ? outcome : { standard: outcome.scheme };
  }
  try {
    return { standard: readStandard(kind, text) };
  } catch (error) {
    if (!isArchiveError(error) || error.code !== 'scheme/invalid') throw error;
    const { problem, problems: _, ...params } = error.detail as Record<string, string | number>;
    return { problems: [{ code: String(problem), severity: 'error', params }] };
  }
}

type Compared = Pick<StandardTrial, 'problems' | 'differences'>;

/** What a version says otherwise than the one before, and why it cannot follow it. Both were read as of the kind. */
function compareKind(
  kind: StandardKind,
  before: StandardOf[StandardKind],
  next: StandardOf[StandardKind],
  schemes: readonly Scheme[],
): Compared {
  const by: { readonly [K in StandardKind]: (a: StandardOf[K], b: StandardOf[K]) => Compared } = {
    scheme: (a, b) => ({ problems: checkSchemeFollows(a, b), differences: compareSchemes(a, b) }),
    quality: (a, b) => ({ problems: checkQualityFollows(a, b, schemes), differences: compareStandards(a, b) }),
    defects: (a, b) => ({ problems: checkDefectsFollow(a, b), differences: compareDefects(a, b) }),
    calendar: (a, b) => ({ problems: checkCalendarFollows(a, b), differences: compareCalendars(a, b) }),
  };
  return (by[kind] as (a: StandardOf[StandardKind], b: StandardOf[StandardKind]) => Compared)(before, next);
}

/** Everything wrong with a text, and what it would change. @throws ArchiveError `standard/whole-archive`, `desk/not-allowed` (caller) */
export async function tryStandard(archive: Archive, desk: Desk, kind: StandardKind, text: string): Promise<StandardTrial> {
  await checkKeepsWhole(archive.db, desk);
  return tryText(archive.db, archive, kind, text);
}

/**
 * Adopts a text from a day on, today at the earliest. What was judged and arranged before stays as it is; what is done from that day on goes by it.
 * @throws ArchiveError `standard/refused` (caller) with the first problem, `standard/day-past`, `standard/whole-archive`, `desk/not-allowed` (caller)
 */
export function adoptStandard(
  archive: Archive,
  desk: Desk,
  { kind, text, effectiveOn }: { readonly kind: StandardKind; readonly text: string; readonly effectiveOn: string },
): Promise<{ id: string; standardId: string; version: number }> {
  return desk.act('dossier.change', async (tx) => {
    await checkKeepsWhole(tx, desk);
    await tx.query(`select pg_advisory_xact_lock(hashtext('lantai standards'))`);
    const trial = await tryText(tx, archive, kind, text);
    const [problem] = trial.problems;
    if (problem || trial.id === null || trial.version === null)
      throw new ArchiveError('standard/refused', 'caller', { ...problem?.params, problem: problem?.code ?? '' });
    if (effectiveOn < (await archiveToday(tx, archive.clock))) throw new ArchiveError('standard/day-past', 'caller');
    const id = archive.clock.newId();
    const entryId = archive.clock.newId();
    await tx.query(
      `insert into standard_version (id, kind, standard_id, version, effective_on, text, made_by, made_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, kind, trial.id, trial.version, effectiveOn, text, desk.actor.accountId, archive.clock.nowMs(), entryId],
    );
    await tx.log({
      id: entryId,
      kind: 'standard.adopted',
      objectId: id,
      params: { kind, standard: trial.id, version: trial.version, from: effectiveOn },
      changed: [madeObjects('standard_version', [id])],
    });
    return { id, standardId: trial.id, version: trial.version };
  });
}

/**
 * The text of a quality standard with items changed, one version higher than the highest; nothing is kept.
 * @throws ArchiveError `standard/not-found` (caller)
 */
export async function draftQuality(
  archive: Archive,
  desk: Desk,
  { id, source, edits }: { readonly id: string; readonly source: string | null; readonly edits: readonly ItemEdit[] },
): Promise<string> {
  await checkKeepsWhole(archive.db, desk);
  const own = ofProgram(archive, 'quality', id);
  const [last] = await rowsOf(archive.db, 'quality', id);
  const base = last && last.version > own.standard.version ? last : { text: own.text, version: own.standard.version };
  return editQualityText(base.text, base.version + 1, source, edits);
}

/**
 * Withdraws a version whose day has not come. One that is in force is followed by another, never taken back: dossiers were judged by it.
 * @throws ArchiveError `standard/not-found`, `standard/in-force`, `standard/whole-archive`, `desk/not-allowed` (caller)
 */
export function withdrawStandard(archive: Archive, desk: Desk, id: string): Promise<void> {
  return desk.act('dossier.change', async (tx) => {
    await checkKeepsWhole(tx, desk);
    await tx.query(`select pg_advisory_xact_lock(hashtext('lantai standards'))`);
    const row = await tx.one<Row>('select * from standard_version where id = $1 and withdrawn_at_ms is null', [id]);
    if (!row) throw new ArchiveError('standard/not-found', 'caller');
    if (row.effective_on <= (await archiveToday(tx, archive.clock))) throw new ArchiveError('standard/in-force', 'caller');
    const changed = [await tx.watch('standard_version', [id])];
    await tx.query('update standard_version set withdrawn_at_ms = $2 where id = $1', [id, archive.clock.nowMs()]);
    await tx.log({
      kind: 'standard.withdrawn',
      objectId: id,
      params: { kind: row.kind, standard: row.standard_id, version: row.version },
      changed,
    });
  });
}
