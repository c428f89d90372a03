import type { Archive } from '../archive/index.ts';
import { proposeDossier } from '../catalogue/index.ts';
import { FailureLog } from '../desk/index.ts';
import { importUploads, readPage } from '../ingest/index.ts';
import { examineDossier, queueExaminations } from '../keyfacts/index.ts';

/**
 * The pipeline of a page, one line a step; each is keyed by page, step and engine version, so running it again changes nothing.
 *
 * import    `importUploads` uploaded files, one import after another
 * receive   `receiveBatch`  bytes sealed and on disk, then page row, entry and the next job in one transaction
 * read      `readPage`      recognised in a child process; reading, findings (a sheet fed twice among them) and search tokens in one transaction
 * propose   `proposeDossier` of a dossier that was read to the end: grouping, class, title, date and fields of its loose pages, for a person to check
 * examine   `examineDossier` of the fields that key facts rest on: hints of alteration, for a person to look at
 */
export function startPipeline(archive: Archive, readerCount: number): void {
  const failures = new FailureLog(archive);
  archive.queue.onFailed((queue, jobId, { dossierId }, code) =>
    failures.note({ kind: 'job.failed', actorId: null, objectId: jobId, ...(dossierId ? { dossierId } : {}), params: { queue, code } }),
  );
  archive.queue.work('import', 1, (data) => importUploads(archive, data.importId ?? ''));
  if (archive.readers && readerCount > 0)
    archive.queue.work('read', readerCount, (data, attempt) => readPage(archive, data.pageId ?? '', attempt));
  archive.queue.work('propose', 1, async ({ dossierId = '' }) => {
    await proposeDossier(archive, dossierId);
    await queueExaminations(archive, dossierId);
  });
  archive.queue.work('examine', 1, ({ dossierId = '' }) => examineDossier(archive, dossierId));
}
