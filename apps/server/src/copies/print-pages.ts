import { PRINT_FACES_MAX, wordsOf } from '@lantai/contract';
import type { PrintedFace, PrintJob } from '@lantai/documents/sheets';
import { formatViewNumber, numberOfEntry } from '@lantai/marks';
import { ArchiveError, parsePartialDate } from '@lantai/values';
import { type Archive, formatWallTime } from '../archive/index.ts';
import { runSheetWorker } from '../catalogue/index.ts';
import type { Act, Desk } from '../desk/index.ts';
import type { PageImages } from '../pages/index.ts';
import { getTakenPages, type TakenPage } from './taken-pages.ts';

/** What is asked for on paper. */
export interface PrintInput {
  readonly dossierId: string;
  readonly pageIds: readonly string[];
  readonly copies: number;
  /** In words; sealed for auditors. */
  readonly reason: string;
  /** Account name, for mark and foot. */
  readonly name: string;
  readonly language: 'zh' | 'en';
}

/** A print. Clear: it goes to the one who asked, never to a disk. */
export interface MadePrint {
  readonly bytes: Uint8Array;
  /** Of the request. */
  readonly entryId: string;
  readonly dossierCode: string;
  readonly number: string;
}

/** What A4 leaves inside its margins at 200 dpi: writing of ten points is read without trouble, and a face stays below a megabyte. */
const FACE_PX = { width: 1528, height: 2054 } as const;

interface Face extends PrintedFace {
  readonly of: TakenPage;
  readonly sha256: Uint8Array;
}

/**
 * Prints pages of a dossier: a PDF for A4 with marks, head and foot. One entry for the request, one for each face of paper, so that a face found names itself.
 * @throws ArchiveError `page/not-found`, `desk/not-allowed`, `print/too-many` (caller), `sheet/…` (environment), `blob/…`, `object/…`, `child/…`
 */
export async function printPages(archive: Archive, desk: Desk, images: PageImages, input: PrintInput): Promise<MadePrint> {
  const pageIds = [...new Set(input.pageIds)];
  if (pageIds.length * input.copies > PRINT_FACES_MAX) throw new ArchiveError('print/too-many', 'caller', { facesMax: PRINT_FACES_MAX });
  const pages = await desk.act('page.print', (tx, scope) => getTakenPages(tx, scope, input.dossierId, pageIds));
  const entryId = archive.clock.newId();
  const number = formatViewNumber(numberOfEntry(entryId));
  const faces = await drawFaces(archive, images, pages, { ...input, utcOffsetMinutes: desk.utcOffsetMinutes });
  const now = formatWallTime(archive.clock.nowMs(), desk.utcOffsetMinutes);
  const job: PrintJob = {
    dossierCode: pages[0]!.dossierCode,
    requestNumber: number,
    pages: pages.length,
    copies: input.copies,
    madeBy: input.name,
    madeAt: now,
    madeOn: parsePartialDate(now.slice(0, 10)),
    purpose: wordsOf(input.language, `purpose/${desk.purpose}`),
    faces: faces.map(({ of: _of, sha256: _sha256, ...face }) => face),
  };
  const bytes = await runSheetWorker(archive.config, { print: job, language: input.language });
  await logPrint(archive, desk, input, { entryId, bytes, faces, pageIds });
  return { bytes, entryId, dossierCode: job.dossierCode, number };
}

/** Marked pictures copy by copy; each page is taken in hand once for all its copies. */
async function drawFaces(
  archive: Archive,
  images: PageImages,
  pages: readonly TakenPage[],
  { copies, name, utcOffsetMinutes }: PrintInput & Pick<Desk, 'utcOffsetMinutes'>,
): Promise<Face[]> {
  const faces: Face[] = [];
  for (const [at, page] of pages.entries())
    for (let copy = 1; copy <= copies; copy++) {
      const entryId = archive.clock.newId();
      const size = sizeOf(page);
      const parts = { region: 'full', size, rotation: '0', qualityFormat: 'default.jpg' };
      const { bytes: jpeg, widthPx, heightPx } = await images.tile(page, parts, { entryId, name, utcOffsetMinutes });
      const number = formatViewNumber(numberOfEntry(entryId));
      const sha256 = archive.sealer.primitives.hash('sha256', jpeg);
      faces.push({ jpeg, widthPx, heightPx, material: page.material, page: at + 1, copy, number, entryId, of: page, sha256 });
    }
  return faces.sort((a, b) => a.copy - b.copy || a.page - b.page);
}

/** IIIF size: what fits the paper, never more than there is. A page that lies is printed lying. */
function sizeOf({ widthPx, heightPx }: TakenPage): string {
  const [width, height] = widthPx > heightPx ? [FACE_PX.height, FACE_PX.width] : [FACE_PX.width, FACE_PX.height];
  return widthPx <= width && heightPx <= height ? 'max' : `!${width},${height}`;
}

/** INVARIANT: what could not be written into the log is not handed out; and the right is asked for again, since making it took a while. */
function logPrint(
  archive: Archive,
  desk: Desk,
  input: PrintInput,
  made: { readonly entryId: string; readonly bytes: Uint8Array; readonly faces: readonly Face[]; readonly pageIds: readonly string[] },
): Promise<unknown> {
  const { entryId, bytes, faces, pageIds } = made;
  const ofFace = ({ of, sha256, page, copy, entryId: id }: Face): Act => ({
    id,
    kind: 'page.printed',
    place: of.place,
    dossierId: of.dossierId,
    objectId: of.pageId,
    contentSha256: sha256,
    params: { request: entryId, page, pages: pageIds.length, copy, copies: input.copies },
  });
  return desk.act('page.print', async (tx, scope) => {
    const [first] = await getTakenPages(tx, scope, input.dossierId, pageIds);
    const request: Act = {
      id: entryId,
      kind: 'print.made',
      place: first!.place,
      dossierId: input.dossierId,
      objectId: input.dossierId,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { pages: pageIds.length, copies: input.copies },
      detail: input.reason,
    };
    return tx.logMany([request, ...faces.map(ofFace)]);
  });
}
