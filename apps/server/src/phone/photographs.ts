import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { createUpload, getUpload, type PhotoOrder, startUploadImport, type Upload } from '../ingest/index.ts';
import { LINK_BYTES_MAX, LINK_UPLOADS_MAX, type PhoneHolder } from './links.ts';

/** Largest photograph: a picture of 100 megapixels as JPEG has less. */
export const PHOTO_BYTES_MAX = 64 * 1024 * 1024;

/** A photograph that is whole on the server, and where the sheet lies on it; null: the picture is the page. */
export interface SentPhotograph {
  readonly uploadId: string;
  readonly photo: PhotoOrder | null;
}

/** Begins the upload of a photograph. @throws ArchiveError `upload/too-large`, `phone/link-full` (caller) */
export async function createPhotoUpload(archive: Archive, holder: PhoneHolder, byteCount: number): Promise<string> {
  if (byteCount > PHOTO_BYTES_MAX) throw new ArchiveError('upload/too-large', 'caller', { maxBytes: PHOTO_BYTES_MAX });
  // Counted in the row before anything is made: two requests at once cannot both have the last place.
  const counted = await archive.db.execute(
    `update capture_link set uploads = uploads + 1, upload_bytes = upload_bytes + $2
     where id = $1 and ended_at_ms is null and uploads < $3 and upload_bytes + $2 <= $4`,
    [holder.linkId, byteCount, LINK_UPLOADS_MAX, LINK_BYTES_MAX],
  );
  if (counted === 0) throw new ArchiveError('phone/link-full', 'caller', { max: LINK_UPLOADS_MAX });
  return createUpload(archive, holder.accountId, byteCount, holder.linkId);
}

/** An upload that came by this link, and by no other. @throws ArchiveError `upload/not-found`, `upload/expired` (caller) */
export const getPhotoUpload = (archive: Archive, holder: PhoneHolder, uploadId: string): Promise<Upload> =>
  getUpload(archive, holder.accountId, uploadId, holder.linkId);

/** Digits of a photograph's number in its name. */
const NUMBER_DIGITS = 3;

/**
 * Puts photographs on their way into the dossier, in the order given: an import like any other, in the name of whoever made the link.
 * @returns the import's id
 * @throws ArchiveError as startUploadImport
 */
export async function sendPhotographs(archive: Archive, holder: PhoneHolder, photographs: readonly SentPhotograph[]): Promise<string> {
  for (const { uploadId } of photographs) await getPhotoUpload(archive, holder, uploadId);
  // A time and a number: the telephone's own names of files are not asked for.
  const at = new Date(archive.clock.nowMs()).toISOString().replace(/\D/g, '').slice(0, 14);
  const files = photographs.map(({ uploadId, photo }, i) => ({
    uploadId,
    path: `photo-${at}-${String(i + 1).padStart(NUMBER_DIGITS, '0')}`,
    ...(photo ? { photo } : {}),
  }));
  return startUploadImport(archive, holder.desk, holder.dossierId, files, { linkId: holder.linkId });
}
