import { assert } from '@lantai/values';

// The engine's binary fixes the size of its table of callable functions, so a callback from JavaScript has no place in it.
// Source: WebAssembly core specification 2.0, 5.5 (sections) and 5.3.9 (table types).

const HEADER_BYTES = 8;
const TABLE_SECTION = 4;
const FUNCREF = 0x70;

/**
 * A copy of a WebAssembly binary whose first table has `places` more entries, empty ones at its end.
 * @throws when the binary has no such table of fixed size: another build of the engine, to be looked at by a person
 */
export function addTablePlaces(binary: Uint8Array, places: number): { binary: Uint8Array<ArrayBuffer>; firstPlace: number } {
  const copy = new Uint8Array(binary);
  let at = HEADER_BYTES;
  for (;;) {
    assert(at < copy.length, 'the engine has a table of functions');
    const id = copy[at]!;
    const size = readLeb(copy, at + 1);
    if (id === TABLE_SECTION) {
      assert(
        copy[size.end] === 1 && copy[size.end + 1] === FUNCREF && copy[size.end + 2] === 1,
        'one table of functions with a largest size',
      );
      const min = readLeb(copy, size.end + 3);
      const max = readLeb(copy, min.end);
      assert(min.value === max.value, 'the table is full from the start');
      writeLeb(copy, size.end + 3, min.end, min.value + places);
      writeLeb(copy, min.end, max.end, max.value + places);
      return { binary: copy, firstPlace: min.value };
    }
    at = size.end + size.value;
  }
}

function readLeb(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  for (let at = from, shift = 0; ; at++, shift += 7) {
    value |= (bytes[at]! & 0x7f) << shift;
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
}

/** Writes in the same number of bytes, which a few places more always fit. */
function writeLeb(bytes: Uint8Array, from: number, end: number, value: number): void {
  for (let at = from; at < end; at++) bytes[at] = ((value >>> (7 * (at - from))) & 0x7f) | (at + 1 < end ? 0x80 : 0);
  assert(readLeb(bytes, from).value === value, 'the new size has as many digits as the old');
}
