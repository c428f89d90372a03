/** A value of JSON without fractions: what a manifest is made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * Canonical JSON of a value: members in code-unit order, no space, whole numbers. Members that are `undefined` are left out.
 * @throws RangeError for a number that is not a safe integer: its spelling would depend on the writer
 * Source: RFC 8785.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))) throw new RangeError('not a whole number');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).filter((member): member is [string, Json] => member[1] !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
