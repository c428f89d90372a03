import { findSensitive, SENSITIVE_KINDS, type SensitiveKind, type SensitivePlace, SHOWS } from './sensitive.ts';

/** Stands for each hidden letter or digit. */
export const MASK = '*';
/** So many in a row are no writing of a person. */
const MASKED_RUN = /\*{4,}/;

/** Kinds that are shown; none by default. */
export type Shown = ReadonlySet<SensitiveKind>;
export const SHOW_NOTHING: Shown = new Set();
export const SHOW_ALL: Shown = new Set(SENSITIVE_KINDS);

const isHideable = (unit: string): boolean => /[\p{L}\p{N}\ud800-\udfff]/u.test(unit);

/** One place with its letters and digits hidden but for those that stay; spaces, hyphens and line ends stand. */
function maskPlace(text: string, { shows: [first, last] }: SensitivePlace): string {
  const units = text.split('');
  const hideable = units.flatMap((unit, i) => (isHideable(unit) ? [i] : []));
  for (const at of hideable.slice(first, last ? -last : undefined)) units[at] = MASK;
  return units.join('');
}

/**
 * A text with what is sensitive hidden: exactly as long as it was, so that offsets, boxes and marks of hits stay right; masking twice changes nothing.
 * @param show kinds that stay to be seen
 */
export function maskText(source: string, show: Shown = SHOW_NOTHING): string {
  let masked = '';
  let from = 0;
  for (const place of findSensitive(source)) {
    if (show.has(place.kind)) continue;
    masked += source.slice(from, place.start) + maskPlace(source.slice(place.start, place.end), place);
    from = place.end;
  }
  return masked + source.slice(from);
}

/** Lines of a page, masked as the one text they are: a number broken across lines is hidden too. */
export function maskLines(lines: readonly string[], show: Shown = SHOW_NOTHING): string[] {
  if (show.size === SENSITIVE_KINDS.length) return [...lines];
  const masked = maskText(lines.join('\n'), show);
  let at = 0;
  return lines.map((line) => {
    const part = masked.slice(at, at + line.length);
    at += line.length + 1;
    return part;
  });
}

/** What a field holds by its code, whatever its value looks like. */
const KIND_OF_FIELD: readonly (readonly [SensitiveKind, RegExp])[] = [
  ['id_number', /^id_?(number|card)|^citizen_?id|身份证/i],
  ['phone', /phone|mobile|^tel|电话|手机/i],
  ['bank_account', /bank|account_?(no|number)|银行|账号|帐号|卡号/i],
  ['address', /address|residence|住址|地址|住所/i],
];

/**
 * The value of a field. One that is sensitive by its code or name is hidden as its kind asks, though it be written in no known form.
 * @param name code of the field, and its name when the archive gave one
 */
export function maskField(name: string, value: string, show: Shown = SHOW_NOTHING): string {
  const kind = KIND_OF_FIELD.find(([, pattern]) => pattern.test(name))?.[0];
  if (!kind || maskText(value) !== value) return maskText(value, show);
  if (show.has(kind)) return value;
  const [first, last] = SHOWS[kind];
  return maskPlace(value, { kind, start: 0, end: value.length, shows: value.length > 2 * (first + last) ? [first, last] : [0, 0] });
}

/** A citizen's ID number as lists show it. */
export const maskIdNumber = (idNumber: string): string => maskField('idNumber', idNumber);

/** Whether a value holds a mask, and so is not what it seems. */
export const isMasked = (value: string): boolean => MASKED_RUN.test(value);

/** Masks the parts of one answer, and remembers which kinds it hid: what the screen offers to show. */
export class Masker {
  readonly #hidden = new Set<SensitiveKind>();

  constructor(readonly show: Shown = SHOW_NOTHING) {}

  /** Kinds hidden so far, in their order. */
  get hidden(): SensitiveKind[] {
    return SENSITIVE_KINDS.filter((kind) => this.#hidden.has(kind));
  }

  text(source: string): string {
    const masked = maskText(source, this.show);
    if (masked !== source) for (const { kind } of findSensitive(source)) if (!this.show.has(kind)) this.#hidden.add(kind);
    return masked;
  }

  /** As {@link maskLines}. */
  lines(lines: readonly string[]): string[] {
    const masked = maskLines(lines, this.show);
    if (masked.some((line, i) => line !== lines[i])) this.text(lines.join('\n'));
    return masked;
  }

  /** As {@link maskField}. */
  field(name: string, value: string): string {
    const masked = maskField(name, value, this.show);
    if (masked !== value) this.#hidden.add(kindOfField(name, value));
    return masked;
  }
}

/** The kind a field is hidden for: what its value is, or else what it is called. */
const kindOfField = (name: string, value: string): SensitiveKind =>
  findSensitive(value)[0]?.kind ?? KIND_OF_FIELD.find(([, pattern]) => pattern.test(name))?.[0] ?? 'id_number';
