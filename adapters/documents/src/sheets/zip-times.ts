import { assert } from '@lantai/values';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
/** 1980-01-01 00:00, the first instant that a ZIP can say. */
const FIRST_DAY = 0x0021;

/**
 * Sets the time of every member of a ZIP made in this process to 1980-01-01, so that the same content has the same bytes.
 * Changes `zip` in place. Source: PKWARE APPNOTE 4.3.
 */
export function fixZipTimes(zip: Uint8Array): void {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - END_BYTES;
  assert(end >= 0 && view.getUint32(end, true) === END_SIGNATURE, 'a ZIP without a comment ends with its end record');
  let at = view.getUint32(end + 16, true);
  for (let entries = view.getUint16(end + 10, true); entries > 0; entries--) {
    assert(view.getUint32(at, true) === ENTRY_SIGNATURE, 'a central directory entry starts with its signature');
    setTime(view, at + 12);
    setTime(view, view.getUint32(at + 42, true) + 10);
    at += ENTRY_BYTES + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

function setTime(view: DataView, at: number): void {
  view.setUint16(at, 0, true);
  view.setUint16(at + 2, FIRST_DAY, true);
}
