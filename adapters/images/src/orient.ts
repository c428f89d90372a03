import { concatBytes } from '@lantai/values';

/**
 * The same JPEG with another EXIF orientation: its own EXIF is taken off, a minimal one put on. Coded pixels are not touched.
 * @param orientation 1 to 8 as TIFF counts them: 6 shows it turned clockwise by 90°, 3 by 180°, 8 by 270°
 */
export function orientJpeg(bytes: Uint8Array, orientation: number): Uint8Array {
  const keep: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    const isExif = bytes[at + 1] === 0xe1 && String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === 'Exif';
    if (!isExif) keep.push(bytes.subarray(at, end));
    at = end;
  }
  const isJfif = keep[0]?.[1] === 0xe0;
  return concatBytes(bytes.subarray(0, 2), ...keep.splice(0, isJfif ? 1 : 0), exif(orientation), ...keep, bytes.subarray(at));
}

/** APP1 with one directory of one tag. Source: CIPA DC-008 (Exif 2.32), 4.5. */
function exif(orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  return Uint8Array.from([0xff, 0xe1, 0, body.length + 2, ...body]);
}
