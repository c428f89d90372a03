import { ArchiveError } from '@lantai/values';
import type { Node } from 'yaml';
import type { Words } from '../scheme.ts';
import { YamlReader } from '../yaml-reader.ts';

/** Holidays and make-up working days of one year; days are written `2026-11-22`. */
export interface CalendarYear {
  readonly year: number;
  readonly source: string;
  /** Free days, weekends among them or not. */
  readonly off: readonly string[];
  /** Weekends that are worked (调休). */
  readonly work: readonly string[];
}

/** Public holidays by year (工作日历). What no year says is decided by the weekend. */
export interface HolidayCalendar {
  readonly id: string;
  readonly version: number;
  readonly name: Words;
  readonly source: string;
  /** In ascending order, each year once. */
  readonly years: readonly CalendarYear[];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SPAN = /^\d{4}-\d{2}-\d{2}(\/\d{4}-\d{2}-\d{2})?$/;
const LONGEST_SPAN_DAYS = 31;
const DAY_MS = 24 * 60 * 60_000;

/** Days since 1970-01-01 of a day written `2026-11-22`. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

/**
 * Reads a calendar of working days; nothing outside the written form is accepted: docs/spec/standards.md.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem, its line and how many there are
 */
export function loadCalendar(yamlText: string): HolidayCalendar {
  const r = new YamlReader();
  const calendar = readCalendar(r, yamlText);
  if (calendar && !r.problems.length) return calendar;
  const [first] = r.problems.sort((a, b) => a.params.line - b.params.line);
  throw new ArchiveError('scheme/invalid', 'caller', { ...first?.params, problem: first?.code ?? '', problems: r.problems.length });
}

function readCalendar(r: YamlReader, text: string): HolidayCalendar | null {
  const top = r.open(text);
  if (!top) return null;
  const f = r.fields(top, ['id', 'version', 'name', 'source', 'years'], []);
  const words = r.map(f.name, 'name');
  const name = words ? r.fields(words, ['zh', 'en'], []) : {};
  const years = r.list(f.years, 'years').flatMap((node) => readYear(r, node));
  for (const [i, { year }] of years.entries())
    if (i > 0 && year <= years[i - 1]!.year) r.sayAt('scheme/twice', f.years, { key: 'year', value: String(year) });
  return {
    id: r.text(f.id, 'id', /^[a-z][a-z0-9-]{1,40}$/),
    version: r.integer(f.version, 'version', 1, 9999),
    name: { zh: r.text(name.zh, 'zh'), en: r.text(name.en, 'en') },
    source: r.text(f.source, 'source'),
    years,
  };
}

function readYear(r: YamlReader, node: Node): CalendarYear[] {
  const map = r.map(node, 'years');
  if (!map) return [];
  const f = r.fields(map, ['year', 'source', 'off', 'work'], []);
  const year = r.integer(f.year, 'year', 1949, 2200);
  const off = r.list(f.off, 'off').flatMap((item) => daysOf(r, item, year, 'off'));
  const work = r.list(f.work, 'work').flatMap((item) => daysOf(r, item, year, 'work'));
  const seen = new Set<string>();
  for (const day of [...off, ...work]) {
    if (seen.has(day)) r.sayAt('scheme/twice', node, { key: 'day', value: day });
    seen.add(day);
  }
  return [{ year, source: r.text(f.source, 'source'), off, work }];
}

/** The days of `2026-10-01` or `2026-10-01/2026-10-07`, all of the year; a make-up day is one alone. */
function daysOf(r: YamlReader, item: Node, year: number, what: 'off' | 'work'): string[] {
  const text = r.text(item, what, what === 'off' ? SPAN : DAY);
  if (!text) return [];
  const [from = '', until = from] = text.split('/');
  const wrong = [from, until].some((day) => !isDay(day) || Number(day.slice(0, 4)) !== year);
  const [first, last] = wrong ? [0, -1] : [dayNumber(from), dayNumber(until)];
  if (wrong || last < first || last - first >= LONGEST_SPAN_DAYS) {
    r.sayAt('scheme/malformed', item, { key: what });
    return [];
  }
  return Array.from({ length: last - first + 1 }, (_, i) => new Date((first + i) * DAY_MS).toISOString().slice(0, 10));
}

/** A day that there is: 30 February is none. */
const isDay = (day: string): boolean => {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return DAY.test(day) && !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day;
};
