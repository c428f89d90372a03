import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 48;
const HEIGHT = 64;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A small gray page, different for each seed. Source: PNG, ISO/IEC 15948. */
export function makeSmallPng(seed: number): Uint8Array {
  const rows = Buffer.alloc((WIDTH + 1) * HEIGHT, 250);
  for (let y = 0; y < HEIGHT; y++) {
    rows[y * (WIDTH + 1)] = 0;
    for (let x = 0; x < WIDTH; x++) if ((x * 7 + y * 3 + seed * 13) % 11 < 3) rows[y * (WIDTH + 1) + 1 + x] = (seed * 31 + x) % 200;
  }
  // The seed itself stands in the first row, so that no two seeds give the same bytes.
  rows.writeUInt32BE(seed, 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header[8] = 8;
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}
