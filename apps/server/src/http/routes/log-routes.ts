import { findTile, formatBase64 } from '@lantai/log';
import { ArchiveError, isArchiveError } from '@lantai/values';
import type { FastifyReply } from 'fastify';
import { findAccount } from '../../access/index.ts';
import { findCosigned, getNewestCheckpoint, printCheckpoint } from '../../anchors/index.ts';
import type { Archive } from '../../archive/index.ts';
import { type Desk, scopeSql } from '../../desk/index.ts';
import { receiptWhenReady } from '../../pages/index.ts';
import type { Handlers } from '../handler.ts';

type LogHandlers = Pick<
  Handlers,
  | 'listEntries'
  | 'getEntryProof'
  | 'getReceipt'
  | 'getCheckpoint'
  | 'printCheckpoint'
  | 'getLogKey'
  | 'getKeyChanges'
  | 'proveConsistency'
  | 'getTile'
  | 'getEntryTile'
>;

interface EntryRow {
  id: string;
  kind: string;
  position: number | null;
  at_ms: number;
  bytes: Uint8Array;
  actor_id: string | null;
  dossier_id: string | null;
  dossier_code: string | null;
}

const COLUMNS = 'e.id, e.kind, e.position, e.at_ms, e.bytes, e.actor_id, e.dossier_id, d.code as dossier_code';
const PAGE_LIMIT = 100;

/** What an account may see of the log: an audit administrator all of it, others their own acts, or those on a dossier they may read. */
async function visible(desk: Desk, dossierId: string | undefined): Promise<{ sql: string; params: unknown[] }> {
  const { accountId } = desk.actor;
  if (desk.may('log.read')) return { sql: 'true', params: [] };
  if (dossierId) {
    const seen = scopeSql(desk.scope('dossier.read'), 'd', 2);
    const inside = await desk.sql.one(`select d.id from dossier d where d.id = $1 and ${seen.sql}`, [dossierId, ...seen.params]);
    if (!inside) throw new ArchiveError('dossier/not-found', 'caller');
    return { sql: 'true', params: [] };
  }
  return { sql: 'e.actor_id = $1', params: [accountId] };
}

async function toEntry(archive: Archive, names: Map<string, string>, row: EntryRow) {
  const params = (JSON.parse(new TextDecoder().decode(row.bytes)) as { params?: Record<string, string | number>; object?: string }) ?? {};
  if (row.actor_id && !names.has(row.actor_id)) names.set(row.actor_id, (await findAccount(archive, row.actor_id))?.name ?? '');
  return {
    id: row.id,
    position: row.position,
    atMs: row.at_ms,
    kind: row.kind,
    actor: row.actor_id ? { id: row.actor_id, name: names.get(row.actor_id) ?? '' } : null,
    dossier: row.dossier_id ? { id: row.dossier_id, code: row.dossier_code ?? '' } : null,
    objectId: params.object ?? null,
    params: params.params ?? {},
  };
}

async function findEntryRow(desk: Desk, entryId: string): Promise<EntryRow> {
  const row = await desk.sql.one<EntryRow>(`select ${COLUMNS} from entry e left join dossier d on d.id = e.dossier_id where e.id = $1`, [
    entryId,
  ]);
  if (!row) throw new ArchiveError('entry/not-found', 'caller');
  const own = row.actor_id === desk.actor.accountId;
  if (own) return row;
  const seen = await visible(desk, row.dossier_id ?? undefined).catch((error: unknown) => {
    // What one may not see is not found; a database that fails is said.
    if (isArchiveError(error) && error.fault === 'caller') return null;
    throw error;
  });
  if (seen?.sql !== 'true') throw new ArchiveError('entry/not-found', 'caller');
  return row;
}

/** What the log publishes is for any page and program: a checkpoint is asked for anew each time, a tile never changes (C2SP tlog-tiles). */
function publish(reply: FastifyReply, cacheControl: string): FastifyReply {
  return reply.headers({
    'cache-control': cacheControl,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  });
}

export const logHandlers: LogHandlers = {
  listEntries: async ({ archive, query, desk }) => {
    const door = await desk();
    const seen = await visible(door, query.dossierId);
    const params = [...seen.params];
    const parts = [seen.sql];
    const add = (sql: string, value: unknown) => {
      if (value === undefined) return;
      params.push(value);
      parts.push(sql.replace('?', `$${params.length}`));
    };
    add('e.dossier_id = ?', query.dossierId);
    add('e.actor_id = ?', query.actorId);
    add('e.kind = ?', query.kind);
    add('e.at_ms >= ?', query.fromMs);
    add('e.at_ms <= ?', query.toMs);
    add('e.id < ?::uuid', query.cursor);
    const limit = query.limit ?? PAGE_LIMIT;
    const rows = await door.sql.query<EntryRow>(
      `select ${COLUMNS} from entry e left join dossier d on d.id = e.dossier_id where ${parts.join(' and ')} order by e.id desc limit ${limit + 1}`,
      params,
    );
    const names = new Map<string, string>();
    const items = [];
    for (const row of rows.slice(0, limit)) items.push(await toEntry(archive, names, row));
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },
  getEntryProof: async ({ archive, params, desk }) => {
    const row = await findEntryRow(await desk(), params.entryId);
    const proof = row.position === null ? null : await archive.log.proveInclusion(archive.db, row.position);
    return {
      entry: await toEntry(archive, new Map(), row),
      bytes: formatBase64(row.bytes),
      checkpoint: proof?.checkpointNote ?? null,
      inclusion: proof ? proof.proof.map(formatBase64) : null,
    };
  },
  getReceipt: async ({ archive, params, desk, reply }) => {
    const row = await findEntryRow(await desk(), params.entryId);
    return reply.type('text/plain; charset=utf-8').send(await receiptWhenReady(archive, row.id));
  },
  getCheckpoint: async ({ archive, query, reply }) => {
    const note = query.cosigned === 'true' ? await findCosigned(archive.db) : await getNewestCheckpoint(archive);
    if (!note) throw new ArchiveError('checkpoint/not-found', 'caller');
    return publish(reply, 'no-cache').type('text/plain; charset=utf-8').send(note);
  },
  printCheckpoint: async ({ archive, desk, language, reply }) => {
    const made = await printCheckpoint(archive, await desk(), language);
    return reply
      .type('application/pdf')
      .header('content-disposition', `attachment; filename="${made.fileName}"`)
      .send(Buffer.from(made.bytes));
  },
  getLogKey: async ({ archive, reply }) => {
    publish(reply, 'no-cache');
    return { origin: archive.identity.logOrigin, verifierKeys: [...archive.identity.logKeys] };
  },
  proveConsistency: async ({ archive, query, reply }) => {
    publish(reply, 'no-cache');
    const proof = await archive.log.proveConsistencyBetween(archive.db, query.from, query.to);
    if (!proof) throw new ArchiveError('log/size-impossible', 'caller');
    return { from: query.from, to: query.to, hashes: proof.map(formatBase64) };
  },
  getTile: async ({ archive, params, reply }) => {
    const path = `tile/${params['*']}`;
    // However the address was written: bundles of entries have a route and a right of their own.
    const bytes = findTile(path)?.level === 'entries' ? null : await archive.log.findTileBytes(path);
    if (!bytes) throw new ArchiveError('tile/not-found', 'caller');
    return publish(reply, 'public, max-age=31536000, immutable').type('application/octet-stream').send(Buffer.from(bytes));
  },
  getEntryTile: async ({ archive, params, reply }) => {
    const bytes = await archive.log.findTileBytes(`tile/entries/${params['*']}`);
    if (!bytes) throw new ArchiveError('tile/not-found', 'caller');
    return reply.type('application/octet-stream').send(Buffer.from(bytes));
  },
  getKeyChanges: async ({ archive, reply }) =>
    publish(reply, 'no-cache')
      .type('text/plain; charset=utf-8')
      .send(await archive.log.findKeyChanges()),
};
