const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** A PDF's header may stand anywhere in the first 1,024 bytes. Source: ISO 32000-1, annex H, note 13. */
export function isPdf(bytes: Uint8Array): boolean {
  return ascii(bytes, 0, 1024).includes('%PDF-');
}

const ARCHIVES: readonly (readonly [magic: string, format: string])[] = [
  ['Rar!\x1a\x07', 'rar'],
  ["7z\xbc\xaf'\x1c", '7z'],
  ['\x1f\x8b', 'gzip'],
  ['BZh', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
];

/** Archives that are not opened here, so that the refusal can name them; null when it is none. */
export function findForeignArchive(bytes: Uint8Array): string | null {
  const head = ascii(bytes, 0, 8);
  const found = ARCHIVES.find(([magic]) => head.startsWith(magic))?.[1];
  return found ?? (ascii(bytes, 257, 262) === 'ustar' ? 'tar' : null);
}
