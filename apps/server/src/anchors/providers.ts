import { findWitness, formatAnchors } from '@lantai/log';
import type { Action } from '@lantai/policy';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { type AnchorRow, checkpointOf, findAnchored } from './anchor-rows.ts';
import { type AnchorCheck, askProvider, checkAnchor } from './anchor-work.ts';
import { type AnchorWork, actOf } from './failures.ts';
import { chainAddressOf, checkRoots } from './open-provider.ts';
import { allProviders, liveProviders, type ProviderRow, type ProviderSettings } from './provider-rows.ts';

/** A provider as its administrators see it. */
export interface ProviderState {
  readonly id: string;
  readonly name: string;
  readonly settings: ProviderSettings;
  readonly everyMinutes: number;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
  readonly lastSize: number | null;
  readonly lastAtMs: number | null;
  readonly nextAtMs: number;
  readonly failures: number;
  readonly fault: { readonly code: string; readonly reason: string | null } | null;
}

/** One anchor in the list. */
export interface AnchorLine {
  readonly id: string;
  readonly providerId: string;
  readonly provider: string;
  readonly size: number;
  readonly state: AnchorRow['state'];
  readonly anchoredAtMs: number | null;
  readonly checkedAtMs: number | null;
}

const MINUTE_MS = 60_000;
/** More than anybody asks; each is work at every interval. */
const PROVIDERS_MAX = 20;

/** The system administrator sets anchors, the audit administrator sees them: two rights, for no right is shared by two administrators. */
export const rightToSee = (desk: Desk): Action => (desk.may('log.read') ? 'log.read' : 'anchor.change');

/** Every provider, those that were ended too, with how it stands. */
export async function listProviders(desk: Desk): Promise<{ items: ProviderState[]; chainAddress: string }> {
  const right = rightToSee(desk);
  desk.scope(right);
  const chainAddress = await chainAddressOf(desk.sealer);
  return desk.act(rightToSee(desk), async (tx) => {
    const sizes = await tx.query<{ provider_id: string; size: number }>(
      `select provider_id, max(size) as size from anchor where state = 'held' group by 1
       union all select provider_id, max(size) from cosignature group by 1`,
    );
    const sizeOf = new Map(sizes.map((row) => [row.provider_id, row.size]));
    return { items: (await allProviders(tx)).map((row) => toState(row, sizeOf.get(row.id) ?? null)), chainAddress };
  });
}

const toState = (row: ProviderRow, lastSize: number | null): ProviderState => ({
  id: row.id,
  name: row.name,
  settings: row.settings,
  everyMinutes: Math.round(row.interval_ms / MINUTE_MS),
  createdAtMs: row.created_at_ms,
  endedAtMs: row.ended_at_ms,
  lastSize,
  lastAtMs: row.done_at_ms,
  nextAtMs: row.next_at_ms,
  failures: row.failures,
  fault: row.fault === null ? null : { code: row.fault, reason: row.fault_reason },
});

/**
 * Adds a provider; it is asked within a quarter of a minute for the first time.
 * @throws ArchiveError `anchor/url-with-secret`, `anchor/roots-malformed`, `log/key-malformed`, `anchor/name-taken`, `anchor/too-many` (caller)
 */
export async function addProvider(
  desk: Desk,
  input: { readonly name: string; readonly everyMinutes: number; readonly settings: ProviderSettings },
): Promise<string> {
  desk.scope('anchor.change');
  await checkSettings(input.settings);
  return desk.act('anchor.change', async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('lantai anchors'))`);
    const live = await liveProviders(tx);
    if (live.length >= PROVIDERS_MAX) throw new ArchiveError('anchor/too-many', 'caller', { max: PROVIDERS_MAX });
    if (live.some(({ name }) => name === input.name)) throw new ArchiveError('anchor/name-taken', 'caller');
    const id = desk.clock.newId();
    const entryId = await tx.log(
      actOf('anchor.provider-added', { id, name: input.name }, { how: input.settings.kind, minutes: input.everyMinutes }),
    );
    await tx.query(
      `insert into anchor_provider (id, kind, name, settings, interval_ms, created_at_ms, entry_id, next_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $6)`,
      [id, input.settings.kind, input.name, JSON.stringify(input.settings), input.everyMinutes * MINUTE_MS, desk.clock.nowMs(), entryId],
    );
    return id;
  });
}

async function checkSettings(settings: ProviderSettings): Promise<void> {
  const { username, password } = new URL(settings.url);
  if (username || password) throw new ArchiveError('anchor/url-with-secret', 'caller');
  if (settings.kind === 'rfc3161') await checkRoots(settings.roots);
  if (settings.kind === 'witness' && !findWitness(nodePrimitives, settings.key)) throw new ArchiveError('log/key-malformed', 'caller');
}

/** Asks a provider no more. Its anchors and cosignatures stay. @throws ArchiveError `anchor/not-found` (caller) */
export function endProvider(desk: Desk, providerId: string): Promise<void> {
  return desk.act('anchor.change', async (tx) => {
    const row = (await liveProviders(tx)).find(({ id }) => id === providerId);
    if (!row) throw new ArchiveError('anchor/not-found', 'caller');
    await tx.query('update anchor_provider set ended_at_ms = $2 where id = $1', [providerId, desk.clock.nowMs()]);
    await tx.query(`delete from anchor where provider_id = $1 and state = 'waiting'`, [providerId]);
    await tx.log(actOf('anchor.provider-ended', row, {}));
  });
}

/** Anchors, the newest first. */
export function listAnchors(
  desk: Desk,
  page: { readonly providerId?: string | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: AnchorLine[]; nextCursor: string | null }> {
  return desk.act(rightToSee(desk), async (tx) => {
    const rows = await tx.query<Omit<AnchorRow, 'note' | 'proof'> & { name: string }>(
      `select a.id, a.provider_id, p.name, a.size, a.state, a.anchored_at_ms, a.checked_at_ms
       from anchor a join anchor_provider p on p.id = a.provider_id
       where ($1::uuid is null or a.provider_id = $1) and ($2::uuid is null or a.id < $2) order by a.id desc limit $3`,
      [page.providerId ?? null, page.cursor ?? null, page.limit + 1],
    );
    const items = rows.slice(0, page.limit).map((r) => ({
      id: r.id,
      providerId: r.provider_id,
      provider: r.name,
      size: r.size,
      state: r.state,
      anchoredAtMs: r.anchored_at_ms,
      checkedAtMs: r.checked_at_ms,
    }));
    return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
  });
}

/** Lets every anchor be checked, and every provider be asked, at the next look. @returns the anchors due */
export function makeAllDue(desk: Desk): Promise<number> {
  return desk.act('anchor.change', async (tx) => {
    const nowMs = desk.clock.nowMs();
    const due = await tx.query(
      `update anchor a set check_at_ms = $1 from anchor_provider p where p.id = a.provider_id and p.ended_at_ms is null and a.state = 'held' returning a.id`,
      [nowMs],
    );
    await tx.query('update anchor_provider set next_at_ms = least(next_at_ms, $1) where ended_at_ms is null', [nowMs]);
    await tx.log({ kind: 'anchor.check-asked', params: { anchors: due.length } });
    return due.length;
  });
}

const CHECKS_AT_ONCE = 500;

/** Asks every provider and checks every anchor again at once, for the command line. @returns what each check came to */
export async function checkAllNow(archive: Archive, desk: Desk, onAlarm: AnchorWork['onAlarm']): Promise<AnchorCheck[]> {
  await makeAllDue(desk);
  const work: AnchorWork = { archive, onAlarm, isStopping: () => false };
  const checks: AnchorCheck[] = [];
  for (const provider of await liveProviders(archive.db)) {
    const rows = await archive.db.query<AnchorRow>(
      `select a.id, a.provider_id, a.size, a.state, a.proof, a.anchored_at_ms, a.created_at_ms, a.checked_at_ms, c.note
       from anchor a join checkpoint c on c.size = a.size where a.provider_id = $1 and a.state = 'held' order by a.id desc limit ${CHECKS_AT_ONCE}`,
      [provider.id],
    );
    for (const row of rows) checks.push(await checkAnchor(work, provider, row));
    await askProvider(work, provider);
  }
  return checks;
}

/** The anchored checkpoint that covers an entry, or the newest one. @throws ArchiveError `anchor/not-found` (caller) */
export async function getAnchored(archive: Pick<Archive, 'db'>, position: number | null) {
  const found = await findAnchored(archive.db, position);
  if (!found) throw new ArchiveError('anchor/not-found', 'caller');
  return found;
}

/**
 * A receipt under the checkpoint that is anchored, with the file of its anchors: one proof leads from the entry to them.
 * @throws ArchiveError `entry/not-found`, `anchor/not-found` (caller: not anchored yet)
 */
export async function anchoredReceipt(
  archive: Pick<Archive, 'db' | 'log'>,
  entryId: string,
): Promise<{ readonly receipt: string; readonly anchors: string }> {
  const row = await archive.db.one<{ position: number | null }>('select position from entry where id = $1', [entryId]);
  if (!row) throw new ArchiveError('entry/not-found', 'caller');
  if (row.position === null) throw new ArchiveError('anchor/not-found', 'caller');
  const { size, note, anchors } = await getAnchored(archive, row.position);
  const made = await archive.log.makeReceipt(archive.db, entryId, { size, note, root: checkpointOf({ size, note }).root });
  if (made.kind !== 'receipt') throw new ArchiveError('anchor/not-found', 'caller');
  return { receipt: made.text, anchors: formatAnchors([{ note, anchors }]) };
}
