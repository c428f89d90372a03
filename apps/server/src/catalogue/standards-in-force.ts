import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DefectDictionary,
  type HolidayCalendar,
  loadCalendar,
  loadDefects,
  loadQualityStandard,
  loadScheme,
  type QualityStandard,
  type Scheme,
} from '@lantai/catalogue';
import { ArchiveError, assert } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Config } from '../config.ts';
import type { Sql } from '../db/index.ts';
import { policyInForce } from '../desk/index.ts';

/**
 * Classification schemes 分类方案, quality standards 质量标准, the defect dictionary 质检缺陷字典 and the calendar of working days 工作日历: data that
 * an archive may replace by versions of its own.
 */
export const STANDARD_KINDS = ['scheme', 'quality', 'defects', 'calendar'] as const;
export type StandardKind = (typeof STANDARD_KINDS)[number];

/** What a kind of standard is once read. */
export interface StandardOf {
  readonly scheme: Scheme;
  readonly quality: QualityStandard;
  readonly defects: DefectDictionary;
  readonly calendar: HolidayCalendar;
}

type OfProgram = Pick<Config, 'programFolder'>;

/** A standard with its text, as it came with the program. */
export interface ProgramStandard<K extends StandardKind> {
  readonly text: string;
  readonly standard: StandardOf[K];
}

const FOLDERS: Readonly<Record<StandardKind, readonly string[]>> = {
  scheme: ['schemes'],
  quality: ['schemes', 'quality'],
  defects: ['schemes', 'defects'],
  calendar: ['schemes', 'calendar'],
};
const READERS: { readonly [K in StandardKind]: (text: string) => StandardOf[K] } = {
  scheme: loadScheme,
  quality: loadQualityStandard,
  defects: loadDefects,
  calendar: loadCalendar,
};

/** Reads a text of a kind. @throws ArchiveError `scheme/invalid` (caller) with the first problem's line */
export const readStandard = <K extends StandardKind>(kind: K, text: string): StandardOf[K] => READERS[kind](text);

const ofProgram = new Map<string, readonly ProgramStandard<StandardKind>[]>();
/** By text: versions never change, but the archives of a test process have each their own version 2. */
const adopted = new Map<string, StandardOf[StandardKind]>();
const KEPT_MAX = 50;

/**
 * What came with the program, in the order of ids. Read once: a changed file is seen at the next start.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem's line, `scheme/id-twice` (caller)
 */
export function programStandards<K extends StandardKind>({ programFolder }: OfProgram, kind: K): readonly ProgramStandard<K>[] {
  const folder = join(programFolder, ...FOLDERS[kind]);
  const known = ofProgram.get(folder) as readonly ProgramStandard<K>[] | undefined;
  if (known) return known;
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const read = files.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return { text, standard: readStandard(kind, text) };
  });
  read.sort((a, b) => (a.standard.id < b.standard.id ? -1 : 1));
  const twice = read.find((s, i) => read[i + 1]?.standard.id === s.standard.id);
  if (twice) throw new ArchiveError('scheme/id-twice', 'caller', { scheme: twice.standard.id });
  ofProgram.set(folder, read);
  return read;
}

/** An adopted text, read once. */
export function readAdopted<K extends StandardKind>(kind: K, text: string): StandardOf[K] {
  const key = `${kind} ${text}`;
  const known = adopted.get(key) as StandardOf[K] | undefined;
  if (known) return known;
  const standard = readStandard(kind, text);
  if (adopted.size >= KEPT_MAX) adopted.clear();
  adopted.set(key, standard);
  return standard;
}

/** Today by the archive's own clock, `2026-11-22`: a version is in force from the first minute of its day on. */
export async function archiveToday(sql: Sql, clock: Archive['clock']): Promise<string> {
  const { utcOffsetMinutes } = await policyInForce(sql);
  return new Date(clock.nowMs() + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
}

/** Of adopted versions, the one in force on a day is the last to take effect; of one day the highest. */
export const IN_FORCE = `select distinct on (standard_id) standard_id, text from standard_version
  where kind = $1 and effective_on <= $2::date and withdrawn_at_ms is null order by standard_id, effective_on desc, version desc`;

/** All standards of a kind as they are in force now, in the order of ids. */
export async function standardsInForce<K extends StandardKind>(
  sql: Sql,
  archive: Pick<Archive, 'config' | 'clock'>,
  kind: K,
): Promise<StandardOf[K][]> {
  const own = programStandards(archive.config, kind);
  const today = await archiveToday(sql, archive.clock);
  const rows = await sql.queryNamed<{ standard_id: string; text: string }>('catalogue-standards-in-force', IN_FORCE, [kind, today]);
  return own.map(({ standard }) => {
    const row = rows.find((r) => r.standard_id === standard.id);
    return row ? readAdopted(kind, row.text) : standard;
  });
}

/** The only standard of a kind of which the program has one: the defect dictionary, the calendar. */
export async function onlyStandardInForce<K extends 'defects' | 'calendar'>(
  sql: Sql,
  archive: Pick<Archive, 'config' | 'clock'>,
  kind: K,
): Promise<StandardOf[K]> {
  const [standard] = await standardsInForce(sql, archive, kind);
  assert(standard !== undefined, 'the program comes with one of each kind');
  return standard;
}
