import type { Finding } from '@lantai/values';
import type { CheckedMaterial, SubjectFacts } from '../completeness.ts';
import { listTitles, type Scheme, type SchemeTitle } from '../scheme.ts';
import { suggestTitle, type TitleIndex } from '../titles.ts';
import type { Applies, Chased, ItemScore, QualityCheck, QualityItem, QualityScore, QualityStandard } from './model.ts';

/** What is judged. */
export interface Judged {
  readonly scheme: Scheme;
  readonly index: TitleIndex;
  readonly materials: readonly CheckedMaterial[];
  readonly facts: SubjectFacts;
  /** Pages with content that are in no material. */
  readonly loosePages: number;
  /** Of the checks of completeness and of the catalogue. */
  readonly findings: readonly Finding[];
  /** Points that a person took off, by code of the item; an item not named was not looked at. */
  readonly byPerson: Readonly<Record<string, number>>;
}

/** Materials by the title they bear. */
interface Held {
  readonly title: SchemeTitle;
  /** Of the title (`2010年度…`), else of the date. */
  readonly year: number | null;
  readonly dated: boolean;
}

interface Seen extends Judged {
  readonly held: readonly Held[];
  readonly titles: ReadonlyMap<string, SchemeTitle>;
}

const MISSING = ['completeness/missing', 'completeness/key-missing'];

/**
 * Judges a dossier by a standard: what each item costs and why, and what is to be chased. An item that does not concern the dossier costs nothing;
 * a condition that nobody has determined costs nothing and is asked for; what only a person can tell is open until somebody has said.
 * Source: docs/spec/quality.md; domain rules §1.1.4.
 */
export function scoreDossier(standard: QualityStandard, judged: Judged): QualityScore {
  const held = judged.materials.flatMap((m): Held[] => {
    const match = m.title === null ? null : suggestTitle(judged.index, m.title);
    return match ? [{ title: match.title, year: match.year ?? m.date?.year ?? null, dated: m.date !== null }] : [];
  });
  const seen: Seen = { ...judged, held, titles: new Map(listTitles(judged.scheme).map((t) => [t.name, t])) };
  const items = standard.items.map((item) => scoreItem(item, seen));
  const lost = items.reduce((sum, item) => sum + (item.veto ? 0 : item.lost), 0);
  // Points are halves and quarters of one: two places are exact.
  const score = Math.max(0, Math.round((standard.total - lost) * 100) / 100);
  const isVetoed = items.some((item) => item.veto && item.lost > 0);
  const grade = score >= standard.grades.excellent ? 'excellent' : score >= standard.grades.pass ? 'pass' : 'fail';
  return {
    score,
    grade: isVetoed ? 'vetoed' : grade,
    open: items.filter((i) => i.state === 'open' || i.reasons.some((r) => r.severity === 'info')).length,
    items,
    chased: listChased(seen, items),
  };
}

interface CheckOutcome {
  readonly applies: boolean;
  readonly reasons: readonly Finding[];
}

function scoreItem(item: QualityItem, seen: Seen): ItemScore {
  const outcomes = item.checks.map((check) => runCheck(check, seen));
  const reasons = outcomes.flatMap((o) => o.reasons);
  const asksPerson = item.checks.some((check, i) => check.kind === 'person' && outcomes[i]!.applies);
  const said = Object.hasOwn(seen.byPerson, item.code) ? seen.byPerson[item.code]! : null;
  if (asksPerson && said === null) reasons.push({ code: 'quality/unjudged', severity: 'info' });
  if (asksPerson && said) reasons.push({ code: 'quality/judged', severity: 'warning', params: { lost: said } });
  const sum = reasons.reduce((all, r) => all + Number(r.params?.lost ?? 0), 0);
  const lost = Math.min(item.points, sum);
  const isOpen = reasons.some((r) => r.severity === 'info');
  const concerns = outcomes.some((o) => o.applies) || isOpen;
  const { code, points, veto, text } = item;
  const state = lost > 0 ? 'lost' : isOpen ? 'open' : concerns ? 'full' : 'not_applicable';
  return { code, points, veto, text, state, lost, person: asksPerson ? { lost: said } : null, reasons };
}

function runCheck(check: QualityCheck, seen: Seen): CheckOutcome {
  const unknown = whatIsUnknown(check, seen);
  if (unknown === 'not') return { applies: false, reasons: [] };
  if (unknown) return { applies: true, reasons: [{ code: 'quality/condition-unknown', severity: 'info', params: { condition: unknown } }] };
  // Titles that the dossier's scheme has not are another scheme's business.
  if ('any' in check && !check.any.some((name) => seen.titles.has(name))) return { applies: false, reasons: [] };
  return { applies: true, reasons: faultsOf(check, seen) };
}

/** `not` when the check does not concern the dossier, the name of what nobody has determined, or null: it does. */
function whatIsUnknown({ when, begunBy, held }: Applies, { facts, held: there }: Seen): string | null {
  if (held.length && !there.some((h) => held.includes(h.title.name))) return 'not';
  const answers = when.map((code) => [code, facts.conditions[code]] as const);
  if (answers.some(([, holds]) => holds === false)) return 'not';
  if (begunBy !== null && facts.service && facts.service.firstYear > begunBy) return 'not';
  const open = answers.find(([, holds]) => holds === undefined);
  if (open) return open[0];
  return begunBy !== null && !facts.service ? 'service' : null;
}

function faultsOf(check: QualityCheck, seen: Seen): Finding[] {
  if (check.kind === 'person') return [];
  const { lost } = check;
  const fault = (code: string, params: NonNullable<Finding['params']>): Finding => ({
    code,
    severity: 'warning',
    params: { ...params, lost },
  });
  if (check.kind === 'loose') return seen.loosePages ? [fault('quality/loose', { count: seen.loosePages })] : [];
  if (check.kind === 'findings')
    return seen.findings
      .filter((f) => check.codes.includes(f.code))
      .map(({ code, params: { material: _, ...params } = {} }) => fault('quality/found', { ...params, found: code }));
  if (check.kind === 'needs')
    return seen.findings
      .filter((f) => MISSING.includes(f.code) && check.classes.includes(String(f.params?.class)))
      .map((f) => fault('quality/missing', { class: String(f.params?.class), title: String(f.params?.title) }));
  const mine = seen.held.filter((h) => check.any.includes(h.title.name));
  const title = seen.titles.get(check.any.find((name) => seen.titles.has(name)) ?? '');
  const named = { class: title?.classCode ?? '', title: (title?.name ?? '').replace('{year}', '') };
  if (check.kind === 'held') return isHeld(mine, check) ? [] : [fault('quality/missing', named)];
  if (check.kind === 'dated')
    return mine.filter((h) => !h.dated && (h.year === null || h.year >= check.from)).map(() => fault('quality/undated', named));
  if (check.kind === 'yearly') return gapsOfYears(mine, check.from, seen).map((year) => fault('quality/year-missing', { ...named, year }));
  return gapsOfChain(mine, check, seen).map(([from, until]) => fault('quality/gap', { ...named, from, until }));
}

/** An undated material may be of any year: what is missing is its date, which another item looks at. */
const isHeld = (mine: readonly Held[], { from, until }: { from: number | null; until: number | null }) =>
  mine.some((h) => h.year === null || ((from === null || h.year >= from) && (until === null || h.year <= until)));

/** First and last year that are asked for; null when nobody knows of any service and nothing is held. */
function yearsAsked(mine: readonly Held[], from: number, { facts }: Seen): readonly [number, number] | null {
  const years = mine.flatMap((h) => (h.year === null ? [] : [h.year]));
  if (!facts.service && !years.length) return null;
  const first = Math.max(from, facts.service?.firstYear ?? Math.min(...years));
  return [first, facts.service?.lastYear ?? Math.max(...years)];
}

function gapsOfYears(mine: readonly Held[], from: number, seen: Seen): number[] {
  const asked = yearsAsked(mine, from, seen);
  if (!asked) return [];
  const there = new Set(mine.map((h) => h.year));
  const gaps: number[] = [];
  for (let year = asked[0]; year <= asked[1]; year++) if (!there.has(year)) gaps.push(year);
  return gaps;
}

/** Stretches without a material longer than the gap allowed: before the first, between, and after the last. */
function gapsOfChain(mine: readonly Held[], { from, gapYears }: { from: number; gapYears: number }, seen: Seen): [number, number][] {
  const asked = yearsAsked(mine, from, seen);
  if (!asked) return [];
  const [first, last] = asked;
  const years = mine.flatMap((h) => (h.year === null || h.year < first || h.year > last ? [] : [h.year])).sort((a, b) => a - b);
  const stops = [first - 1, ...years, last + 1];
  return stops.flatMap((year, i): [number, number][] => {
    const next = stops[i + 1];
    return next !== undefined && next - year - 1 > gapYears ? [[year + 1, next - 1]] : [];
  });
}

/** Missing materials by what completeness and the items name, each once, in the order of the catalogue. */
function listChased({ scheme, findings }: Seen, items: readonly ItemScore[]): Chased[] {
  const chased = new Map<string, { classCode: string; title: string; year: number | null; key: boolean; items: string[] }>();
  const add = ({ params = {} }: Finding, item: string | null) => {
    const year = typeof params.year === 'number' ? params.year : null;
    const [classCode, title] = [String(params.class), String(params.title)];
    const name = `${classCode} ${title} ${year}`;
    const known = chased.get(name) ?? { classCode, title, year, key: false, items: [] };
    if (item !== null && !known.items.includes(item)) known.items.push(item);
    chased.set(name, known);
    return known;
  };
  for (const f of findings)
    if ([...MISSING, 'completeness/year-missing'].includes(f.code) && add(f, null) && f.code === 'completeness/key-missing')
      add(f, null).key = true;
  for (const item of items)
    for (const r of item.reasons) if (['quality/missing', 'quality/year-missing'].includes(r.code)) add(r, item.code);
  const place = new Map(scheme.classes.map((c, i) => [c.code, i]));
  const order = (c: Chased) => (place.get(c.classCode) ?? place.size) * 10_000 + (c.year ?? 0);
  return [...chased.values()].sort((a, b) => order(a) - order(b));
}
