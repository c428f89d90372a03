import { type SeparatedFile, separate } from '@lantai/catalogue';
import { type Finding, formatHex, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { findDossierByCode, getScheme, type LaidPlace } from '../catalogue/index.ts';
import type { CodesReply, DecoderRequest } from '../children/index.ts';
import { type Desk, scopeSql } from '../desk/index.ts';
import { FILE_BYTES_MAX, type IncomingFile } from './folder-source.ts';
import { type ImportResult, type ImportWatcher, runImport, type StartedImport, startImport } from './import-files.ts';
import type { BatchLayout } from './layout.ts';
import { receiveBatch } from './receive-batch.ts';

/** A file of a batch with the separators before it taken into account. */
interface Sorted extends SeparatedFile {
  readonly file: IncomingFile;
  /** Digest of the separator sheet that began its material. */
  readonly begunBy: string | null;
  /** SHA-256, hexadecimal; empty where it could not be read. */
  readonly digest: string;
  /** Place in the batch as scanned. */
  readonly rank: number;
}

/** A batch that goes on: it was begun, and some of it settled, before. */
export interface BegunBatch {
  readonly started: StartedImport;
  /** Places of the files in the batch as scanned. */
  readonly ranks: readonly number[];
}

/** What became of a batch, by dossier. */
export interface SeparatedResult extends Omit<ImportResult, 'importId'> {
  /** Separator sheets, kept beside the pages. */
  readonly separators: number;
  readonly dossiers: number;
}

/** Files looked at together. */
const AT_ONCE = 4;

/**
 * Imports a batch in the order scanned, in which separator sheets say what belongs where: each switches dossier, class and material for what follows
 * and is itself kept, never filed as a page. What stands before the first belongs to `home`. Behind a separator that is damaged, or names a class or
 * dossier that there is not, everything is refused up to the next good one: nothing is filed by guess.
 * What goes into other dossiers has an import of its own there, which names this one.
 * @param begun left out: the batch begins here
 * @throws ArchiveError as importFiles
 */
export async function importSeparated(
  archive: Archive,
  desk: Desk,
  home: { readonly dossierId: string; readonly code: string; readonly scheme: string },
  files: readonly IncomingFile[],
  watcher: Pick<ImportWatcher, 'onOutcome' | 'signal'> = {},
  begun?: BegunBatch,
): Promise<SeparatedResult> {
  const started = begun?.started ?? (await startImport(archive, desk, home.dossierId, files.length, { separated: true }));
  const sorted = await sort(archive, home.scheme, files, begun?.ranks);
  const groups = new Map<string, Sorted[]>();
  const sum = { files: 0, pages: 0, refused: 0, duplicates: 0, needsPerson: 0 };
  const refuse = async (one: Sorted, code: string) => {
    sum.files++;
    sum.refused++;
    await recordRefused(archive, desk, started, one, code);
    await watcher.onOutcome?.({ file: one.path, outcome: 'refused', pages: 0, code, detail: {} });
  };
  for (const one of sorted) {
    if (one.problem) await refuse(one, one.kind === 'separator' ? `separator/${one.problem}` : 'separator/behind-unsure');
    else {
      const code = one.dossier ?? home.code;
      groups.set(code, [...(groups.get(code) ?? []), one]);
    }
  }
  let dossiers = 0;
  const take = async (group: readonly Sorted[], into: StartedImport) => {
    const incoming = group.map((g) => g.file);
    const result = await runImport(archive, desk, into, incoming, { ...watcher, separated: new SeparatedLayout(group) });
    for (const key of ['files', 'pages', 'refused', 'duplicates', 'needsPerson'] as const) sum[key] += result[key];
  };
  for (const [code, group] of groups) {
    if (code === home.code) continue;
    const dossierId = await findOther(archive, desk, code, home.scheme);
    if (dossierId === null) for (const one of group) await refuse(one, 'separator/dossier-unknown');
    else {
      dossiers++;
      await take(group, await startImport(archive, desk, dossierId, group.length, { ofImport: started.importId }));
    }
  }
  // The batch's own import ends with it: it is the last, though nothing may be left for it.
  const own = groups.get(home.code) ?? [];
  if (own.length > 0) dossiers++;
  await take(own, started);
  return { ...sum, separators: sorted.filter((s) => s.kind === 'separator' && !s.problem).length, dossiers };
}

/** What is refused is written down with the batch, so that whoever sent it and went away finds it. */
async function recordRefused(archive: Archive, desk: Desk, to: StartedImport, one: Sorted, code: string): Promise<void> {
  if (one.digest === '') return;
  const sha256 = new Uint8Array(Buffer.from(one.digest, 'hex'));
  const contentKey = archive.sealer.contentKey(to.place.fondsId, sha256);
  const decoded = { kind: 'refused', code, detail: {} } as const;
  const file = { path: one.path, byteCount: one.file.byteCount, body: new Uint8Array(), sha256, contentKey, decoded, arrival: to.arrival };
  await receiveBatch(archive, desk, to, [file]);
}

/** Another dossier of the same scheme that pages may be put into; null when there is none. */
async function findOther(archive: Archive, desk: Desk, code: string, scheme: string): Promise<string | null> {
  const head = await findDossierByCode(archive, desk, code);
  if (!head || head.scheme !== scheme) return null;
  const where = scopeSql(desk.scope('page.import'), 'd', 2);
  const row = await desk.sql.one<{ id: string }>(`select d.id from dossier d where d.id = $1 and ${where.sql}`, [
    head.dossierId,
    ...where.params,
  ]);
  return row?.id ?? null;
}

async function sort(
  archive: Archive,
  schemeId: string,
  files: readonly IncomingFile[],
  ranks: readonly number[] = files.map((_, at) => at),
): Promise<Sorted[]> {
  const looked: { readonly path: string; readonly codes: readonly string[]; readonly digest: string }[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE)
    looked.push(...(await Promise.all(files.slice(at, at + AT_ONCE).map((f) => look(archive, f)))));
  let begunBy: string | null = null;
  return separate(await getScheme(archive.db, archive, schemeId), looked).map((told, at) => {
    if (told.kind === 'separator') begunBy = told.material === null ? null : looked[at]!.digest;
    return { ...told, file: files[at]!, begunBy, digest: looked[at]!.digest, rank: ranks[at]! };
  });
}

/** The codes of one file; none where it cannot be read or decoded: what becomes of it is for the import to say. */
async function look(archive: Archive, file: IncomingFile): Promise<{ path: string; codes: string[]; digest: string }> {
  const bytes = file.byteCount > FILE_BYTES_MAX ? null : await file.read().catch(() => null);
  if (!bytes) return { path: file.path, codes: [], digest: '' };
  const digest = formatHex(archive.sealer.primitives.hash('sha256', bytes));
  try {
    const { reply } = await archive.decoders.run<DecoderRequest, CodesReply>({ kind: 'codes' }, [bytes]);
    return { path: file.path, codes: reply.codes.map((c) => c.text), digest };
  } catch (error) {
    // A file that kills its reader has no codes; the import keeps it for a person.
    if (isArchiveError(error) && /^child\/(?:killed|timeout|memory|protocol|failed)$/.test(error.code))
      return { path: file.path, codes: [], digest };
    throw error;
  }
}

/** Where the pages of one dossier belong by the separators of a batch. */
class SeparatedLayout implements BatchLayout {
  readonly #byPath: ReadonlyMap<string, Sorted>;

  constructor(group: readonly Sorted[]) {
    this.#byPath = new Map(group.map((one) => [one.path, one]));
  }

  find(path: string): LaidPlace | null {
    const found = this.#byPath.get(path);
    if (!found || found.kind === 'separator') return null;
    const { classCode, material, begunBy, rank } = found;
    if (material === null || begunBy === null) return { key: null, material: null, order: 0, rank, classCode };
    const laid = { classCode, number: null, title: null, titleKnown: false, date: null, paths: [] };
    // The sheet itself names the material: the same batch finds it again, and another batch, whose sheets are other scans, never does.
    return { key: `separator/${begunBy}`, material: laid, order: material, rank, classCode };
  }

  /** Members of a container lie where the container itself lies: they cannot be told apart by sheets. */
  addContainer(): void {}

  findSeparator(path: string): Finding | null {
    const one = this.#byPath.get(path);
    if (one?.kind !== 'separator') return null;
    return { code: 'separator/kept', severity: 'info', params: { class: one.classCode ?? '–', material: one.material ?? 0 } };
  }
}
