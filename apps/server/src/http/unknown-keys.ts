type Plain = Readonly<Record<string, unknown>>;
/** An object of keys and values, whatever made it: the parser of query strings has a prototype of its own. */
const isPlain = (value: unknown): value is Plain => Object.prototype.toString.call(value) === '[object Object]';

/**
 * The first key of a request that its schema does not know, as a JSON pointer; null when all are known.
 * A schema drops what it does not know; here it is told instead, so that nothing rides along unseen (mass assignment) and a mistyped filter
 * is no filter left out.
 * @param sent the JSON as it came
 * @param parsed the same after the schema
 */
export function findUnknownKey(sent: unknown, parsed: unknown, place = ''): string | null {
  if (Array.isArray(sent) && Array.isArray(parsed)) {
    for (const [i, item] of sent.entries()) {
      const found = findUnknownKey(item, parsed[i], `${place}/${i}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isPlain(sent) || !isPlain(parsed)) return null;
  for (const key of Object.keys(sent)) {
    const at = `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(parsed, key)) return at;
    const found = findUnknownKey(sent[key], parsed[key], at);
    if (found !== null) return found;
  }
  return null;
}
