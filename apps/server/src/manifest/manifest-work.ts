import type { ManifestOrder } from '@lantai/contract';
import { ArchiveError, isArchiveError } from '@lantai/values';
import { findAccount } from '../access/index.ts';
import { type Archive, PURPOSE } from '../archive/index.ts';
import { findRootUnit } from '../catalogue/index.ts';
import { type Desk, openDesk } from '../desk/index.ts';
import { getUpload, type IncomingFile, readUpload, removeUpload } from '../ingest/index.ts';
import { type AppliedDossier, applyManifest } from './apply-manifest.ts';
import type { ManifestSource } from './check-manifest.ts';
import type { ManifestOptions } from './manifest-plan.ts';

/** How far a list has been filed. */
export interface ManifestProgress {
  readonly id: string;
  readonly state: 'filing' | 'done' | 'stopped';
  readonly code: string | null;
  readonly total: number;
  readonly done: number;
  readonly filed: number;
  readonly refused: number;
  readonly made: number;
  readonly changed: number;
  readonly pages: number;
  readonly attention: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

/** What the row of a list being filed keeps, sealed. */
interface KeptOrder {
  readonly order: ManifestOrder;
  readonly unitId: string;
  readonly plan: string;
}

/** A job lasts no longer, and hands the rest to the next: the queue takes a longer one for dead. */
const SLICE_MS = 5 * 60_000;
const bodyPlace = (id: string) => ({ table: 'manifest', column: 'body', rowId: id, version: 1 });
const KEY = { kind: 'purpose', id: PURPOSE.upload } as const;

/** The unit in which new dossiers of an order lie. @throws ArchiveError `unit/not-found` (caller) */
export async function unitOfOrder(archive: Archive, desk: Desk, { unitId }: Pick<ManifestOrder, 'unitId'>): Promise<string> {
  return unitId ?? desk.actor.unitId ?? (await findRootUnit(archive, desk));
}

/** The list of an order, opened. @throws ArchiveError `upload/not-found`, `upload/expired`, `upload/incomplete` (caller) */
export async function sourceOfOrder(
  archive: Archive,
  accountId: string,
  { uploadId, images, edits }: ManifestOrder,
): Promise<ManifestSource> {
  const byRow = new Map<number, Map<number, string>>();
  for (const { row, column, text } of edits) byRow.set(row, (byRow.get(row) ?? new Map<number, string>()).set(column, text));
  const bytes = await readUpload(archive, await getUpload(archive, accountId, uploadId));
  return { bytes, paths: images?.map((i) => i.path) ?? null, edits: byRow };
}

/** How an order is filed. */
export const optionsOfOrder = ({ scheme, dossierCode }: ManifestOrder, unitId: string): ManifestOptions => ({
  scheme,
  dossierCode,
  unitId,
});

/**
 * Puts a list on its way: from here on it is filed when the page is closed, and after a restart.
 * @throws ArchiveError `upload/not-found`, `upload/expired`, `upload/incomplete`, `unit/not-found`, `desk/not-allowed` (caller)
 */
export async function startManifest(archive: Archive, desk: Desk, order: ManifestOrder, plan: string): Promise<string> {
  for (const { uploadId } of [{ uploadId: order.uploadId }, ...(order.images ?? [])]) {
    const upload = await getUpload(archive, desk.actor.accountId, uploadId);
    if (upload.offset !== upload.byteCount) throw new ArchiveError('upload/incomplete', 'caller');
  }
  const id = archive.clock.newId();
  const kept: KeptOrder = { order, plan, unitId: await unitOfOrder(archive, desk, order) };
  await desk.act('dossier.create', async (tx) => {
    const now = archive.clock.nowMs();
    await tx.query(
      `insert into manifest (id, account_id, upload_id, body, state, created_at_ms, changed_at_ms) values ($1, $2, $3, $4, 'filing', $5, $5)`,
      [id, desk.actor.accountId, order.uploadId, archive.sealer.seal(KEY, bodyPlace(id), JSON.stringify(kept)), now],
    );
    await tx.log({ kind: 'manifest.started', objectId: id, params: { images: order.images?.length ?? 0 } });
    await archive.queue.send(tx, 'manifest', [{ data: { manifestId: id } }]);
  });
  archive.queue.wake();
  return id;
}

interface Row {
  id: string;
  account_id: string;
  upload_id: string | null;
  body: Uint8Array;
  state: ManifestProgress['state'];
  code: string | null;
  total: number;
  done: number;
  filed: number;
  refused: number;
  made: number;
  changed: number;
  pages: number;
  attention: number;
  created_at_ms: number;
  changed_at_ms: number;
}

/** How far a list of this account has come. @throws ArchiveError `manifest/not-found` (caller) */
export async function getManifestProgress(archive: Archive, accountId: string, id: string): Promise<ManifestProgress> {
  const row = await archive.db.one<Row>('select * from manifest where id = $1 and account_id = $2', [id, accountId]);
  if (!row) throw new ArchiveError('manifest/not-found', 'caller');
  const { state, code, total, done, filed, refused, made, changed, pages, attention } = row;
  const times = { createdAtMs: row.created_at_ms, changedAtMs: row.changed_at_ms };
  return { id, state, code, total, done, filed, refused, made, changed, pages, attention, ...times };
}

/**
 * The manifest job: files what is not filed yet of a list, for some minutes, and hands the rest to the next job. Run again after a crash it goes on.
 * Images of dossiers that were filed without a word are thrown away; the others stay for as long as uploads do.
 */
export async function fileManifest(archive: Archive, id: string): Promise<void> {
  const row = await archive.db.one<Row>(`select * from manifest where id = $1 and state = 'filing'`, [id]);
  const account = row && (await findAccount(archive, row.account_id));
  if (!row || !account) return;
  const { order, unitId, plan } = JSON.parse(archive.sealer.get(KEY, bodyPlace(id), row.body)) as KeptOrder;
  const desk = await openDesk(archive, account, 'archive_work');
  const set = (sql: string, values: readonly unknown[]) =>
    archive.db.query(`update manifest set ${sql}, changed_at_ms = $2 where id = $1`, [id, archive.clock.nowMs(), ...values]);
  const slice = AbortSignal.timeout(SLICE_MS);
  const images = new ImageUploads(archive, account.accountId, order.images ?? []);
  let done = 0;
  let refused = 0;
  try {
    await applyManifest(archive, desk, await sourceOfOrder(archive, account.accountId, order), {
      ...optionsOfOrder(order, unitId),
      // Begun once, the list goes on as it is: what was filed already is no longer what was shown.
      digest: row.total === 0 ? plan : null,
      file: (path) => images.take(path),
      signal: slice,
      onChecked: (report) => void set('total = $3', [report.dossiers.length]),
      onDossier: async (dossier) => {
        done++;
        if (dossier.outcome === 'refused') refused++;
        await images.settle(dossier);
        if (dossier.outcome !== 'nothing' || done % 100 === 0) await set(COUNTED, countsOf(dossier, done, refused));
      },
    });
    await set(`state = 'done', done = $3, refused = $4`, [done, refused]);
  } catch (error) {
    if (slice.aborted && isArchiveError(error, 'import/stopped')) return handOn(archive, desk, id);
    if (!isArchiveError(error) || error.fault !== 'caller') throw error;
    await set(`state = 'stopped', code = $3`, [error.code]);
  }
}

const COUNTED = `done = $3, refused = $4, filed = filed + $5, made = made + $6, changed = changed + $7, pages = pages + $8, attention = attention + $9`;

const countsOf = ({ outcome, made, changed, pages, attention }: AppliedDossier, done: number, refused: number) => [
  done,
  refused,
  outcome === 'filed' ? 1 : 0,
  made,
  changed,
  pages,
  attention,
];

async function handOn(archive: Archive, desk: Desk, manifestId: string): Promise<void> {
  await desk.tx((tx) => archive.queue.send(tx, 'manifest', [{ data: { manifestId } }]));
  archive.queue.wake();
}

/** The images of a list by path, each thrown away when its dossier was filed. */
class ImageUploads {
  readonly #byPath: ReadonlyMap<string, string>;
  #taken: string[] = [];

  constructor(
    private readonly archive: Archive,
    private readonly accountId: string,
    images: NonNullable<ManifestOrder['images']>,
  ) {
    this.#byPath = new Map(images.map((i) => [i.path, i.uploadId]));
  }

  take(path: string): IncomingFile {
    const uploadId = this.#byPath.get(path) ?? '';
    this.#taken.push(uploadId);
    const read = async () => readUpload(this.archive, await getUpload(this.archive, this.accountId, uploadId));
    // How many bytes it has is asked when it is read: a batch is cut by count alone.
    return { path, byteCount: 0, read };
  }

  async settle({ outcome, attention }: AppliedDossier): Promise<void> {
    const taken = this.#taken.splice(0);
    if (outcome === 'filed' && attention === 0) for (const uploadId of taken) await removeUpload(this.archive, uploadId);
  }
}
