import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import type { PageImages } from '../pages/index.ts';
import { getTakenPages } from './taken-pages.ts';

/** A copy of a page's image. Clear: it goes to the one who asked. */
export interface PageCopy {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly entryId: string;
  /** Of the dossier; for the name of the file. */
  readonly dossierCode: string;
}

/** The whole page at its own size. */
const WHOLE = { region: 'full', size: 'max', rotation: '0', qualityFormat: 'default.jpg' } as const;

/**
 * Makes a marked copy of a page, and an entry that vouches for its very bytes.
 * @param asked `name` of the account, for the visible mark; `reason` in words, sealed for auditors
 * @throws ArchiveError `page/not-found`, `desk/not-allowed` (caller), `blob/…`, `object/…`, `child/…`
 */
export async function copyPage(
  archive: Archive,
  desk: Desk,
  images: PageImages,
  asked: { readonly pageId: string; readonly reason: string; readonly name: string },
): Promise<PageCopy> {
  const [page] = await desk.act('page.copy', (tx, scope) => getTakenPages(tx, scope, null, [asked.pageId]));
  const entryId = archive.clock.newId();
  const { bytes, mediaType } = await images.tile(page!, WHOLE, { entryId, name: asked.name, utcOffsetMinutes: desk.utcOffsetMinutes });
  // INVARIANT: what could not be written into the log is not handed out; and the right is asked for again, since making it took a while.
  await desk.act('page.copy', async (tx, scope) => {
    const [still] = await getTakenPages(tx, scope, null, [asked.pageId]);
    await tx.log({
      id: entryId,
      kind: 'page.copied',
      place: still!.place,
      dossierId: still!.dossierId,
      objectId: asked.pageId,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      detail: asked.reason,
    });
  });
  return { bytes, mediaType, entryId, dossierCode: page!.dossierCode };
}
