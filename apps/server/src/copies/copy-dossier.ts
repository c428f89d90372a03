import { createHash } from 'node:crypto';
import { COPY_PAGES_MAX } from '@lantai/contract';
import type { CopyAbout, CopyForm, CopyPage } from '@lantai/documents/copies';
import { formatViewNumber, numberOfEntry } from '@lantai/marks';
import { SENSITIVE_KINDS } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import { type Archive, formatWallTime } from '../archive/index.ts';
import { type Act, type Desk, scopeSql } from '../desk/index.ts';
import type { PageImages } from '../pages/index.ts';
import { type CopiedPage, type CopiedThing, getCopiedThing, textLayer } from './copied-pages.ts';
import { writeCopyInThread } from './copy-thread.ts';
import { getTakenPages } from './taken-pages.ts';

/** What is asked for as a copy. */
export interface CopyInput {
  readonly dossierId: string;
  /** Of these materials alone; null: of all that the dossier holds. */
  readonly materialIds: readonly string[] | null;
  readonly form: CopyForm;
  /** ID numbers, phones, addresses and accounts stand in the text layer as they were read; else they are masked there. */
  readonly showsSensitive: boolean;
  /** In words; sealed for auditors. */
  readonly reason: string;
  /** Account name, for the marks. */
  readonly name: string;
  readonly language: 'zh' | 'en';
}

/** A copy that is being made. Clear: it goes to the one who asked, never to a disk. */
export interface MadeCopy {
  /** Of the request. */
  readonly entryId: string;
  readonly number: string;
  readonly dossierCode: string;
  readonly mediaType: string;
  /** `J001-RS_GB-000001-copy-01JD-9K3Z-T5QW.pdf`: code and number, never a person. */
  readonly fileName: string;
  readonly pages: number;
  /** Its bytes as they are made; to be read once. */
  bytes(): AsyncGenerator<Uint8Array>;
}

/** The whole page at its own size. */
const WHOLE = { region: 'full', size: 'max', rotation: '0', qualityFormat: 'default.jpg' } as const;
/** Pages marked and logged at once: one transaction for them, and what lies in memory beside the page that is being written. */
const BATCH_PAGES = 4;
const FILES = { 'pdf-a-1b': ['pdf', 'application/pdf'], 'pdf-a-2b': ['pdf', 'application/pdf'], ofd: ['ofd', 'application/ofd'] } as const;

/**
 * Makes a dual-layer copy of a dossier or of materials of it: pictures with both marks of their own entries, the words under them, the keeper's mark.
 * The request is an entry (`copy.begun`) before anything is made; each page is one (`page.copied`) before its bytes leave, and the right is asked for
 * again then; the whole is one (`copy.made`) before that leaves without which the document does not open.
 * @throws ArchiveError `page/not-found`, `desk/not-allowed`, `copy/too-many` (caller), `sheet/…` (environment), `blob/…`, `object/…`, `child/…`
 */
export async function copyDossier(archive: Archive, desk: Desk, images: PageImages, input: CopyInput): Promise<MadeCopy> {
  const entryId = archive.clock.newId();
  const number = formatViewNumber(numberOfEntry(entryId));
  const thing = await beginCopy(archive, desk, input, entryId);
  const madeAtMs = archive.clock.nowMs();
  const about: CopyAbout = {
    form: input.form,
    title: thing.materialCode ?? thing.dossierCode,
    keeper: thing.keeper,
    number,
    entryId,
    madeAt: formatWallTime(madeAtMs, desk.utcOffsetMinutes),
    madeAtMs,
    language: input.language,
    pages: thing.pages.length,
  };
  const work: CopyWork = { archive, desk, images, input, thing, entryId };
  // What cannot be made at all is an answer with a code, not a file that breaks off.
  const first = await copyBatch(work, 0);
  const [ending, mediaType] = FILES[input.form];
  return {
    entryId,
    number,
    dossierCode: thing.dossierCode,
    mediaType,
    fileName: `${thing.dossierCode.replace(/[^A-Za-z0-9-]/g, '_')}-copy-${number}.${ending}`,
    pages: thing.pages.length,
    bytes: () => writeLogged(work, about, first),
  };
}

interface CopyWork {
  readonly archive: Archive;
  readonly desk: Desk;
  readonly images: PageImages;
  readonly input: CopyInput;
  readonly thing: CopiedThing;
  readonly entryId: string;
}

/** Finds what may be copied and says in the log that it is going to be. */
async function beginCopy(archive: Archive, desk: Desk, input: CopyInput, entryId: string): Promise<CopiedThing> {
  return desk.act('page.copy', async (tx, scope) => {
    const thing = await getCopiedThing(tx, archive, scope, input);
    if (thing.pages.length > COPY_PAGES_MAX) throw new ArchiveError('copy/too-many', 'caller', { pagesMax: COPY_PAGES_MAX });
    const { dossierId, place, pages } = thing;
    const about = { place, dossierId, objectId: dossierId } as const;
    const acts: Act[] = [
      { ...about, id: entryId, kind: 'copy.begun', params: { form: input.form, pages: pages.length }, detail: input.reason },
    ];
    if (input.showsSensitive) {
      const where = scopeSql(desk.scope('sensitive.reveal'), 'd', 2);
      const row = await tx.one(`select 1 as one from dossier d where d.id = $1 and ${where.sql}`, [dossierId, ...where.params]);
      if (!row) throw new ArchiveError('page/not-found', 'caller');
      acts.push({
        ...about,
        kind: 'sensitive.revealed',
        params: { kinds: SENSITIVE_KINDS.join('+'), request: entryId },
        detail: input.reason,
      });
    }
    await tx.logMany(acts);
    return thing;
  });
}

/** INVARIANT: a page whose entry could not be written is not handed on, and the right is asked for again with each batch. */
async function copyBatch({ archive, desk, images, input, thing, entryId }: CopyWork, from: number): Promise<CopyPage[]> {
  const batch = thing.pages.slice(from, from + BATCH_PAGES);
  const drawn: { page: CopiedPage; id: string; jpeg: Uint8Array; widthPx: number; heightPx: number }[] = [];
  for (const page of batch) {
    const id = archive.clock.newId();
    const looker = { entryId: id, name: input.name, utcOffsetMinutes: desk.utcOffsetMinutes };
    const { bytes: jpeg, widthPx, heightPx } = await images.tile(page, WHOLE, looker);
    drawn.push({ page, id, jpeg, widthPx, heightPx });
  }
  const acts = drawn.map(({ page, id, jpeg }, i): Act => {
    const params = { request: entryId, page: from + i + 1, pages: thing.pages.length };
    const contentSha256 = archive.sealer.primitives.hash('sha256', jpeg);
    return { id, kind: 'page.copied', place: page.place, dossierId: page.dossierId, objectId: page.pageId, contentSha256, params };
  });
  return desk.act('page.copy', async (tx, scope) => {
    const ids = batch.map((page) => page.pageId);
    await getTakenPages(tx, scope, input.dossierId, ids);
    const made: CopyPage[] = [];
    for (const { page, jpeg, widthPx, heightPx } of drawn) {
      const { resolutionDpi, bookmarks } = page;
      made.push({ jpeg, widthPx, heightPx, resolutionDpi, bookmarks, lines: await textLayer(tx, archive, page, input.showsSensitive) });
    }
    await tx.logMany(acts);
    return made;
  });
}

/** INVARIANT: the part without which the copy does not open is given out when the entry of the whole is in the log. */
async function* writeLogged(work: CopyWork, about: CopyAbout, first: readonly CopyPage[]): AsyncGenerator<Uint8Array> {
  const { archive, desk, input, thing, entryId } = work;
  let areAllTaken = false;
  async function* pages(): AsyncGenerator<CopyPage> {
    yield* first;
    for (let from = first.length; from < thing.pages.length; from += BATCH_PAGES) yield* await copyBatch(work, from);
    areAllTaken = true;
  }
  const digest = createHash('sha256');
  const tail: Uint8Array[] = [];
  for await (const bytes of writeCopyInThread(archive.config, about, pages())) {
    digest.update(bytes);
    if (areAllTaken) tail.push(bytes);
    else yield bytes;
  }
  const contentSha256 = new Uint8Array(digest.digest());
  await desk.act('page.copy', (tx) =>
    tx.log({
      kind: 'copy.made',
      place: thing.place,
      dossierId: thing.dossierId,
      objectId: thing.dossierId,
      contentSha256,
      params: { request: entryId, form: input.form, pages: thing.pages.length },
    }),
  );
  yield* tail;
}
