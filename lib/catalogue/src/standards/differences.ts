import type { Finding } from '@lantai/values';
import type { CalendarYear, HolidayCalendar } from '../calendar/index.ts';
import type { QualityItem, QualityStandard } from '../quality/index.ts';
import type { Retention, Scheme, SchemeClass, SchemeTitle } from '../scheme.ts';
import type { DefectDictionary } from '../stations/index.ts';

/** One thing that two versions say differently, as a coded sentence: `standard/…` with what it is about. */
export type StandardDifference = Finding;

const told = (code: string, params: Record<string, string | number>): StandardDifference => ({ code, severity: 'info', params });
const refused = (code: string, params: Record<string, string | number> = {}): Finding => ({ code, severity: 'error', params });
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Why a version of a scheme cannot follow another; empty when it can. What is filed must keep its place: a version may add classes and titles and
 * change everything said of them, but no class may be lost or cease to hold materials, and its number must be higher.
 */
export function checkSchemeFollows(before: Scheme, after: Scheme): Finding[] {
  const found: Finding[] = [];
  if (after.version <= before.version) found.push(refused('standard/version-not-higher', { version: before.version }));
  if (after.subject !== before.subject) found.push(refused('standard/subject-changed'));
  for (const old of before.classes) {
    const now = after.classes.find((c) => c.code === old.code);
    if (!now) found.push(refused('standard/class-lost', { class: old.code }));
    else if (old.holdsMaterials && !now.holdsMaterials) found.push(refused('standard/class-holds-none', { class: old.code }));
  }
  return found;
}

/** Why a version of a quality standard cannot follow another, or judge by these schemes; empty when it can. */
export function checkQualityFollows(before: QualityStandard, after: QualityStandard, schemes: readonly Scheme[]): Finding[] {
  const found: Finding[] = [];
  if (after.version <= before.version) found.push(refused('standard/version-not-higher', { version: before.version }));
  const judged = schemes.filter((s) => after.schemes.includes(s.id));
  for (const id of after.schemes) if (!judged.some((s) => s.id === id)) found.push(refused('standard/unknown-scheme', { scheme: id }));
  const titles = new Set(judged.flatMap((s) => s.classes.flatMap((c) => c.titles.map((t) => t.name))));
  const conditions = new Set(judged.flatMap((s) => Object.keys(s.conditions)));
  const classes = new Set(judged.flatMap((s) => s.classes.map((c) => c.code)));
  for (const item of after.items)
    for (const check of item.checks) {
      const named = [...('any' in check ? check.any : []), ...check.held];
      for (const title of named) if (!titles.has(title)) found.push(refused('standard/unknown-title', { item: item.code, title }));
      for (const when of check.when)
        if (!conditions.has(when)) found.push(refused('standard/unknown-condition', { item: item.code, when }));
      for (const code of check.kind === 'needs' ? check.classes : [])
        if (!classes.has(code)) found.push(refused('standard/unknown-class', { item: item.code, class: code }));
    }
  return found;
}

/** What two versions of a scheme say differently, in the order of the later one's classes. */
export function compareSchemes(before: Scheme, after: Scheme): StandardDifference[] {
  const out: StandardDifference[] = [];
  for (const part of ['name', 'source', 'codes', 'sheet', 'inspection', 'conditions'] as const)
    if (!same(before[part], after[part])) out.push(told('standard/part-changed', { part }));
  for (const now of after.classes) {
    const old = before.classes.find((c) => c.code === now.code);
    if (!old) out.push(told('standard/class-added', { class: now.code, name: now.name.zh }));
    else out.push(...compareClasses(old, now));
  }
  const places = (scheme: Scheme) => scheme.classes.map((c) => c.code).filter((code) => before.classes.some((c) => c.code === code));
  if (!same(places(before), places(after))) out.push(told('standard/part-changed', { part: 'order' }));
  return out;
}

function compareClasses(old: SchemeClass, now: SchemeClass): StandardDifference[] {
  const out: StandardDifference[] = [];
  const about = { class: now.code };
  const { titles: oldTitles, retention: oldRetention, ...oldSelf } = old;
  const { titles: nowTitles, retention: nowRetention, ...nowSelf } = now;
  if (!same(oldSelf, nowSelf)) out.push(told('standard/class-changed', about));
  out.push(...compareRetention('class-retention', about, oldRetention, nowRetention));
  const find = (titles: readonly SchemeTitle[], name: string) => titles.find((t) => t.name === name);
  for (const title of nowTitles) {
    const was = find(oldTitles, title.name);
    if (!was) out.push(told('standard/title-added', { ...about, title: title.name }));
    else {
      const named = { ...about, title: title.name };
      if (!same({ ...was, retention: null }, { ...title, retention: null })) out.push(told('standard/title-changed', named));
      out.push(...compareRetention('retention', named, was.retention, title.retention));
    }
  }
  for (const title of oldTitles)
    if (!find(nowTitles, title.name)) out.push(told('standard/title-removed', { ...about, title: title.name }));
  return out;
}

/** A period is told with both codes, `—` for none; of one that stays, that it counts from another day. */
function compareRetention(
  what: 'retention' | 'class-retention',
  about: Record<string, string>,
  old: Retention | null,
  now: Retention | null,
): StandardDifference[] {
  const [before, after] = [old?.code ?? '—', now?.code ?? '—'];
  if (before !== after) return [told(`standard/${what}-changed`, { ...about, before, after })];
  return old?.from === now?.from ? [] : [told(`standard/${what}-start-changed`, about)];
}

/** What two versions of a quality standard say differently, in the order of the later one's items. */
export function compareStandards(before: QualityStandard, after: QualityStandard): StandardDifference[] {
  const out: StandardDifference[] = [];
  for (const part of ['name', 'source', 'schemes', 'total', 'grades'] as const)
    if (!same(before[part], after[part])) out.push(told('standard/part-changed', { part }));
  const find = (standard: QualityStandard, code: string): QualityItem | undefined => standard.items.find((i) => i.code === code);
  for (const now of after.items) {
    const old = find(before, now.code);
    if (!old) out.push(told('standard/item-added', { item: now.code, points: now.points }));
    else {
      if (old.points !== now.points) out.push(told('standard/points-changed', { item: now.code, before: old.points, after: now.points }));
      if (!same({ ...old, points: 0 }, { ...now, points: 0 })) out.push(told('standard/item-changed', { item: now.code }));
    }
  }
  for (const old of before.items) if (!find(after, old.code)) out.push(told('standard/item-removed', { item: old.code }));
  return out;
}

/** Why a version of a defect dictionary cannot follow another: what was found keeps its words, so no code may go. */
export function checkDefectsFollow(before: DefectDictionary, after: DefectDictionary): Finding[] {
  const found: Finding[] = [];
  if (after.version <= before.version) found.push(refused('standard/version-not-higher', { version: before.version }));
  for (const { code } of before.defects)
    if (!after.defects.some((d) => d.code === code)) found.push(refused('standard/defect-lost', { defect: code }));
  return found;
}

/** What two versions of a defect dictionary say differently, in the order of the later one. */
export function compareDefects(before: DefectDictionary, after: DefectDictionary): StandardDifference[] {
  const out: StandardDifference[] = [];
  for (const part of ['name', 'source'] as const) if (!same(before[part], after[part])) out.push(told('standard/part-changed', { part }));
  for (const now of after.defects) {
    const old = before.defects.find((d) => d.code === now.code);
    const about = { defect: now.code, name: now.name.zh };
    if (!old) out.push(told('standard/defect-added', about));
    else if (!same(old, now)) out.push(told('standard/defect-changed', about));
  }
  return out;
}

/** Why a version of a calendar cannot follow another: a year that was known stays known, though it may be said otherwise. */
export function checkCalendarFollows(before: HolidayCalendar, after: HolidayCalendar): Finding[] {
  const found: Finding[] = [];
  if (after.version <= before.version) found.push(refused('standard/version-not-higher', { version: before.version }));
  for (const { year } of before.years)
    if (!after.years.some((y) => y.year === year)) found.push(refused('standard/year-lost', { year: String(year) }));
  return found;
}

/** What two versions of a calendar say differently, year by year and day by day. */
export function compareCalendars(before: HolidayCalendar, after: HolidayCalendar): StandardDifference[] {
  const out: StandardDifference[] = [];
  for (const part of ['name', 'source'] as const) if (!same(before[part], after[part])) out.push(told('standard/part-changed', { part }));
  for (const now of after.years) {
    const old = before.years.find((y) => y.year === now.year);
    if (old) out.push(...compareYears(old, now));
    else out.push(told('standard/year-added', { year: String(now.year), off: now.off.length, work: now.work.length }));
  }
  return out;
}

function compareYears(old: CalendarYear, now: CalendarYear): StandardDifference[] {
  const kindOf = (year: CalendarYear, day: string) => (year.off.includes(day) ? 'off' : year.work.includes(day) ? 'work' : 'plain');
  const days = [...new Set([...old.off, ...old.work, ...now.off, ...now.work])].sort();
  const changed = days.filter((day) => kindOf(old, day) !== kindOf(now, day));
  return changed.map((day) => told(`standard/day-${kindOf(now, day)}`, { day }));
}
