import type { ZipArchive } from './zip/archive.ts';

/** An office file kept as it came: nothing in it is opened or run. */
export interface OfficeKind {
  readonly format: string;
  readonly mediaType: string;
}

const OOXML = 'application/vnd.openxmlformats-officedocument';
const BY_MAIN_PART: readonly (readonly [part: RegExp, kind: OfficeKind])[] = [
  [/^word\/document[^/]*\.xml$/i, { format: 'docx', mediaType: `${OOXML}.wordprocessingml.document` }],
  [/^xl\/workbook[^/]*\.(xml|bin)$/i, { format: 'xlsx', mediaType: `${OOXML}.spreadsheetml.sheet` }],
  [/^ppt\/presentation[^/]*\.xml$/i, { format: 'pptx', mediaType: `${OOXML}.presentationml.presentation` }],
];
const BY_MIME = new Map([
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
]);

/** What office format an archive is, by its parts; null when it is none. */
export function findOfficeKind(archive: ZipArchive): OfficeKind | null {
  const has = (path: RegExp) => archive.members.some((member) => path.test(member.path));
  if (has(/^\[Content_Types\]\.xml$/i)) return BY_MAIN_PART.find(([part]) => has(part))?.[1] ?? null;
  const mime = archive.members.find((member) => member.path === 'mimetype');
  if (!mime || mime.unpackedBytes > 100) return null;
  const bytes = archive.read(mime);
  const mediaType = 'kind' in bytes ? '' : new TextDecoder().decode(bytes).trim();
  const format = BY_MIME.get(mediaType);
  return format ? { format, mediaType } : null;
}

/** First bytes of the compound file of Word 97, Excel 97, WPS and of encrypted newer files. */
const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/** True for a compound file. Which program made it does not matter: it is kept, not opened. */
export function isCompoundFile(bytes: Uint8Array): boolean {
  return COMPOUND_FILE.every((byte, i) => bytes[i] === byte);
}
