import type { Words } from '../scheme.ts';

/** When the four properties are checked: at filing 归档, at hand-over 移交与接收, while kept 长期保存. */
export const PROPERTY_MOMENTS = ['filing', 'handover', 'keeping'] as const;
export type PropertyMoment = (typeof PROPERTY_MOMENTS)[number];

/** 真实性, 完整性, 可用性, 安全性. */
export const FOUR_PROPERTIES = ['authenticity', 'integrity', 'usability', 'security'] as const;
export type FourProperty = (typeof FOUR_PROPERTIES)[number];

/** What an item looks at. */
export const PROPERTY_OBJECTS = ['content', 'metadata', 'process', 'package', 'carrier', 'environment'] as const;
export type PropertyObject = (typeof PROPERTY_OBJECTS)[number];

/** What decides an item: code by its name, `person` who answers, `package` where there is an information package. */
export const PROPERTY_CHECKS = [
  'fixity',
  'length',
  'form',
  'range',
  'sense',
  'characters',
  'code',
  'twice',
  'attributes',
  'links',
  'count',
  'bytes',
  'elements',
  'obligatory',
  'process',
  'series',
  'whole',
  'parts',
  'scope',
  'readable',
  'format',
  'longterm',
  'scanner',
  'malware',
  'surplus',
  'person',
  'package',
] as const;
export type PropertyCheckKind = (typeof PROPERTY_CHECKS)[number];

/** INVARIANT: what did not run is `skipped` or `manual`, never `pass`. */
export const PROPERTY_RESULTS = ['pass', 'fail', 'warn', 'manual', 'skipped'] as const;
export type PropertyResult = (typeof PROPERTY_RESULTS)[number];

/** One item of a four-property check. */
export interface PropertyItem {
  /** Without the moment's prefix: `1-7`. */
  readonly code: string;
  readonly property: FourProperty;
  readonly name: Words;
  readonly object: PropertyObject;
  readonly moments: readonly PropertyMoment[];
  readonly check: PropertyCheckKind;
  /** Whether the check as a whole hangs on it. */
  readonly blocking: boolean;
}

/** The items of the four-property check as data. Written as YAML: docs/spec/four-properties.md. */
export interface PropertyStandard {
  readonly id: string;
  readonly version: number;
  readonly name: Words;
  /** Where the items come from; never a claim of conformity. */
  readonly source: string;
  readonly moments: readonly { readonly code: PropertyMoment; readonly prefix: string; readonly name: Words }[];
  readonly items: readonly PropertyItem[];
  /** Media types that are accepted, and whether they last. */
  readonly formats: ReadonlyMap<string, { readonly lasts: boolean }>;
}

/** The items of a moment with their printed codes (`GD-1-7`), in order. */
export function itemsAt(
  standard: PropertyStandard,
  moment: PropertyMoment,
): readonly { readonly printed: string; readonly item: PropertyItem }[] {
  const prefix = standard.moments.find((m) => m.code === moment)?.prefix ?? '';
  return standard.items.filter((item) => item.moments.includes(moment)).map((item) => ({ printed: `${prefix}-${item.code}`, item }));
}

/** What an item has to say of one thing. Ids, codes and counts only: never a name, title or text. */
export interface PropertyFinding {
  /** `four/…`, or a code of the check that found it (`code/gap`). */
  readonly code: string;
  /** `warn` asks for a look; `fail` fails the item. */
  readonly weight: 'fail' | 'warn';
  readonly object: { readonly kind: 'dossier' | 'material' | 'page' | 'file' | 'object' | 'entry'; readonly id: string };
  readonly params: Readonly<Record<string, string | number>>;
}

/** What a check that ran found. */
export interface PropertyOutcome {
  /** Things looked at. */
  readonly checked: number;
  readonly findings: readonly PropertyFinding[];
  /** What was measured, by name: counts and sizes. */
  readonly measured: Readonly<Record<string, string | number>>;
}

/**
 * The result of a check that ran. INVARIANT: where there was nothing to look at nothing was shown to hold: the caller says why it was skipped.
 */
export function resultOf({ findings }: Pick<PropertyOutcome, 'findings'>): 'pass' | 'warn' | 'fail' {
  if (findings.some((f) => f.weight === 'fail')) return 'fail';
  return findings.length ? 'warn' : 'pass';
}

/** What a check as a whole comes to. */
export type PropertyVerdict = 'passed' | 'failed' | 'open';

/**
 * One failed blocking item fails the whole; one that waits for a person, or did not run, leaves it open.
 * @param results with the answers of persons in place of `manual` and `skipped`
 */
export function verdictOf(
  results: readonly { readonly blocking: boolean; readonly result: PropertyResult; readonly answered: boolean }[],
): PropertyVerdict {
  const blocking = results.filter((r) => r.blocking);
  if (blocking.some((r) => r.result === 'fail')) return 'failed';
  const isOpen = blocking.some((r) => r.result === 'manual' || (r.result === 'skipped' && !r.answered));
  return isOpen || !blocking.length ? 'open' : 'passed';
}
