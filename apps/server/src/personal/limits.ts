import { ArchiveError } from '@lantai/values';
import type { Sql } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import { LIMITS, type LimitCode } from './law.ts';

/** A limit as it is now, with what it may be. */
export interface Limit {
  readonly code: LimitCode;
  readonly value: number;
  readonly default: number;
  readonly least: number;
  readonly most: number;
}

/** All limits: the archive's own where it set one. */
export async function readLimits(sql: Sql): Promise<Limit[]> {
  const rows = await sql.query<{ code: string; value: number }>('select code, value from personal_limit');
  const own = new Map(rows.map((r) => [r.code, r.value]));
  return (Object.keys(LIMITS) as LimitCode[]).map((code) => ({ code, ...LIMITS[code], value: own.get(code) ?? LIMITS[code].default }));
}

/** One limit. */
export async function readLimit(sql: Sql, code: LimitCode): Promise<number> {
  const row = await sql.one<{ value: number }>('select value from personal_limit where code = $1', [code]);
  return row?.value ?? LIMITS[code].default;
}

/** Sets a limit from now on; what runs keeps its date. @throws ArchiveError `limit/out-of-range` (caller) */
export async function setLimit(desk: Desk, code: LimitCode, value: number): Promise<void> {
  const { least, most } = LIMITS[code];
  if (!Number.isInteger(value) || value < least || value > most) throw new ArchiveError('limit/out-of-range', 'caller', { least, most });
  return desk.act('processing.keep', async (tx) => {
    const before = await readLimit(tx, code);
    const entryId = await tx.log({ kind: 'processing.limit-set', params: { limit: code, before, value } });
    await tx.query(
      `insert into personal_limit (code, value, changed_at_ms, entry_id) values ($1, $2, $3, $4)
       on conflict (code) do update set value = excluded.value, changed_at_ms = excluded.changed_at_ms, entry_id = excluded.entry_id`,
      [code, value, desk.clock.nowMs(), entryId],
    );
  });
}
