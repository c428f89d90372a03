import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { importUploads, startUploadImport, type UploadedFile } from './import-uploads.ts';
import { appendUpload, createUpload, getUpload, removeUpload } from './upload-store.ts';

/** Digits of a face's number in its name: faces sort as they were scanned. */
const NUMBER_DIGITS = 5;

/**
 * The faces of a stack as a scanner gives them: each is sealed and durable as soon as it came, under the upload key, and becomes a page when the
 * stack is whole. So nothing of it lies clear anywhere, and separator sheets are read over the whole of it.
 */
export class ScanBatch {
  readonly #uploads: UploadedFile[] = [];

  /** @param name what the faces are called, with their number; no name of anybody */
  constructor(
    private readonly archive: Archive,
    private readonly desk: Desk,
    private readonly name: string,
  ) {}

  /** Faces taken so far. */
  get count(): number {
    return this.#uploads.length;
  }

  /** Takes the next face; resolves when it is durable. @throws ArchiveError `upload/too-large` (caller), `blob/…` (environment) */
  async add(bytes: Uint8Array): Promise<void> {
    const { accountId } = this.desk.actor;
    const uploadId = await createUpload(this.archive, accountId, bytes.length);
    await appendUpload(this.archive, await getUpload(this.archive, accountId, uploadId), 0, once(bytes));
    this.#uploads.push({ uploadId, path: `${this.name}-${String(this.#uploads.length + 1).padStart(NUMBER_DIGITS, '0')}.png` });
  }

  /**
   * Puts the faces on their way into a dossier, and takes them unless a running server does.
   * @param desk the account's own, opened since; left out: the one that the batch was begun at
   * @returns the import's id
   * @throws ArchiveError as startUploadImport and importUploads
   */
  async finish(dossierId: string, separated: boolean, isTakenElsewhere: boolean, desk: Desk = this.desk): Promise<string> {
    const importId = await startUploadImport(this.archive, desk, dossierId, this.#uploads, { separated });
    if (!isTakenElsewhere) await importUploads(this.archive, importId);
    return importId;
  }

  /** Throws the faces away. */
  async discard(): Promise<void> {
    for (const { uploadId } of this.#uploads.splice(0)) await removeUpload(this.archive, uploadId);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
