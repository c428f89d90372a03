import { entryRangeOfNumber, formatViewNumber, LOOK_KINDS, MarkFinder, numberOfEntry, timeOfNumberMs } from '@lantai/marks';
import { ArchiveError, isArchiveError } from '@lantai/values';
import { type Archive, PURPOSE } from '../archive/index.ts';
import type { DecodedReply, DecoderRequest } from '../children/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { markHmac } from './view-marks.ts';

/** A look that a picture comes from. */
export interface TracedLook {
  readonly entryId: string;
  readonly kind: string;
  readonly atMs: number;
  readonly account: { readonly id: string; readonly name: string } | null;
  readonly dossierCode: string | null;
  /** Null for thumbnails: the look was at the whole dossier. */
  readonly pageId: string | null;
}

/** What a picture, or a number read off it, says. */
export interface TraceOutcome {
  /** Number of the look, as the visible mark prints it; null: no mark of this archive could be read, and nothing can be said. */
  readonly number: string | null;
  /** When the look was opened, as the number says; also where its entry is not in this log. */
  readonly atMs: number | null;
  /** Empty though there is a number: the log here does not hold the look. Two only if two began in one millisecond with one number. */
  readonly looks: readonly TracedLook[];
  /** The entry of this tracing; it commits to the picture when there was one. */
  readonly entryId: string;
}

/** What a mark may name: a look at the screen, a face of paper, a copy handed out. */

/**
 * Reads the invisible mark of a picture and names the look behind it; an entry of the log, whatever comes out.
 * @param bytes a picture as it was found: any image that may be received
 * @throws ArchiveError `desk/not-allowed` (caller), `trace/no-picture` (caller) when it cannot be decoded
 */
export async function tracePicture(archive: Archive, desk: Desk, bytes: Uint8Array): Promise<TraceOutcome> {
  // Asked before anything is taken apart: whoever may not read the log learns nothing, not even that there is a mark.
  desk.scope('log.read');
  const answer = await archive.decoders
    .run<DecoderRequest, DecodedReply>({ kind: 'decode', turned: 0, by: 1 }, [bytes])
    .catch((cause: unknown) => {
      throw isArchiveError(cause, 'page/undecodable') ? new ArchiveError('trace/no-picture', 'caller', {}, cause) : cause;
    });
  const data = answer.bytes[0];
  if (!data) throw new ArchiveError('trace/no-picture', 'caller');
  const picture = { widthPx: answer.reply.widthPx, heightPx: answer.reply.heightPx, data: grayOf(data, answer.reply.channels) };
  const found = new MarkFinder(markHmac(archive)).find(picture);
  const contentSha256 = archive.sealer.primitives.hash('sha256', bytes);
  return traceMark(archive, desk, found?.number ?? null, contentSha256);
}

/** Names the look behind a number typed off a visible mark, or behind none; an entry of the log. @throws ArchiveError `desk/not-allowed` (caller) */
export function traceNumber(archive: Archive, desk: Desk, number: bigint | null): Promise<TraceOutcome> {
  return traceMark(archive, desk, number, undefined);
}

function traceMark(archive: Archive, desk: Desk, number: bigint | null, contentSha256: Uint8Array | undefined): Promise<TraceOutcome> {
  return desk.act('log.read', async (tx) => {
    const looks = number === null ? [] : await findLooks(archive, tx, number);
    const [first] = looks;
    const entryId = await tx.log({
      kind: 'picture.traced',
      ...(first ? { objectId: first.entryId } : {}),
      contentSha256,
      params: { looks: looks.length },
    });
    if (number === null) return { number: null, atMs: null, looks, entryId };
    return { number: formatViewNumber(number), atMs: timeOfNumberMs(number), looks, entryId };
  });
}

interface LookRow {
  id: string;
  kind: string;
  at_ms: number;
  actor_id: string | null;
  actor_name: Uint8Array | null;
  code: string | null;
  bytes: Uint8Array;
}

async function findLooks(archive: Archive, tx: DeskTx, number: bigint): Promise<TracedLook[]> {
  const { from, to } = entryRangeOfNumber(number);
  const rows = await tx.query<LookRow>(
    `select e.id, e.kind, e.at_ms, e.actor_id, a.name as actor_name, d.code, e.bytes
     from entry e left join dossier d on d.id = e.dossier_id left join account a on a.id = e.actor_id
     where e.id between $1 and $2 and e.kind = any($3) order by e.id`,
    [from, to, LOOK_KINDS],
  );
  const looks: TracedLook[] = [];
  for (const row of rows) {
    if (numberOfEntry(row.id) !== number) continue;
    const entry = JSON.parse(new TextDecoder().decode(row.bytes)) as { object?: string };
    looks.push({
      entryId: row.id,
      kind: row.kind,
      atMs: row.at_ms,
      account: row.actor_id ? { id: row.actor_id, name: accountName(archive, row.actor_id, row.actor_name) } : null,
      dossierCode: row.code,
      pageId: entry.object ?? null,
    });
  }
  return looks;
}

/** Also of an account that was closed since. Empty when its row is gone. */
function accountName({ sealer }: Archive, id: string, sealed: Uint8Array | null): string {
  return sealer.open({ kind: 'purpose', id: PURPOSE.account }, { table: 'account', column: 'name', rowId: id, version: 1 }, sealed) ?? '';
}

/** Luma of Rec. 601, as JPEG has it. */
function grayOf(data: Uint8Array, channels: 1 | 3): Uint8Array {
  if (channels === 1) return data;
  return Uint8Array.from(
    { length: data.length / 3 },
    (_, i) => (data[3 * i]! * 299 + data[3 * i + 1]! * 587 + data[3 * i + 2]! * 114 + 500) / 1000,
  );
}
