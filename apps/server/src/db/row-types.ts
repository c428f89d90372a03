import pg from 'pg';

const { builtins } = pg.types;
/** `int8[]`, which the driver's list of names leaves out. */
const INT8_ARRAY = 1016;
const parseTextArray = pg.types.getTypeParser(INT8_ARRAY as number as typeof builtins.INT8) as (text: string) => (string | null)[];

/** Counts and positions stay numbers while they are exact; beyond 2^53 a bigint, never a rounded number. */
function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

const parseText = (text: string): string => text;

const PARSERS = new Map<number, (text: string) => unknown>([
  [builtins.INT8, parseInt8],
  [INT8_ARRAY, (text) => parseTextArray(text).map((item) => (item === null ? null : parseInt8(item)))],
  // The driver would make a local-midnight Date of it, which is another day elsewhere.
  [builtins.DATE, parseText],
]);

/** How column values become JavaScript values; only what differs from the driver's own rules is named here. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : PARSERS.get(oid);
    return own ?? pg.types.getTypeParser(oid, format as 'text');
  },
};
