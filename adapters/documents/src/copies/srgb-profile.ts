import { concatBytes } from '@lantai/values';

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function longs(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((v, i) => {
    view.setInt32(4 * i, v | 0);
  });
  return new Uint8Array(view.buffer);
}

/** A number of 16 bits before and 16 behind the point. */
const fixed = (n: number) => Math.round(n * 65536);

const xyz = (x: number, y: number, z: number) => concatBytes(ascii('XYZ '), longs(0, fixed(x), fixed(y), fixed(z)));

function description(text: string): Uint8Array {
  // ASCII with its length and a zero; no Unicode and no Macintosh name: language, count, code and length of those, and 67 bytes kept for the last.
  return concatBytes(ascii('desc'), longs(0, text.length + 1), ascii(`${text}\0`), longs(0, 0), new Uint8Array(2 + 1 + 67));
}

/** The curve of IEC 61966-2-1 in 1024 steps of 16 bits. */
function curve(): Uint8Array {
  const STEPS = 1024;
  const view = new DataView(new ArrayBuffer(STEPS * 2));
  for (let i = 0; i < STEPS; i++) {
    const v = i / (STEPS - 1);
    const linear = v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    view.setUint16(2 * i, Math.round(linear * 65535));
  }
  return concatBytes(ascii('curv'), longs(0, STEPS), new Uint8Array(view.buffer));
}

/**
 * sRGB as an ICC profile of version 2.1: PDF/A-1 rests on PDF 1.4 and takes none of version 4. The colorants are those of sRGB adapted to D50
 * (Bradford). Made here, so that no file of somebody else is shipped. Source: ICC.1:1998-09, 6.1 to 6.5; IEC 61966-2-1.
 */
export function srgbProfile(): Uint8Array {
  const trc = curve();
  const tags: readonly (readonly [string, Uint8Array])[] = [
    ['desc', description('sRGB IEC61966-2.1')],
    ['cprt', concatBytes(ascii('text'), longs(0), ascii('No rights reserved\0'))],
    ['wtpt', xyz(0.9505, 1, 1.0891)],
    ['rXYZ', xyz(0.436066, 0.222488, 0.013916)],
    ['gXYZ', xyz(0.385147, 0.716873, 0.097076)],
    ['bXYZ', xyz(0.143066, 0.060608, 0.714096)],
    ['rTRC', trc],
    ['gTRC', trc],
    ['bTRC', trc],
  ];
  const bodies: Uint8Array[] = [];
  const table: Uint8Array[] = [longs(tags.length)];
  const placed = new Map<Uint8Array, number>();
  let at = 128 + 4 + 12 * tags.length;
  for (const [tag, body] of tags) {
    if (!placed.has(body)) {
      placed.set(body, at);
      const padded = concatBytes(body, new Uint8Array((4 - (body.length % 4)) % 4));
      bodies.push(padded);
      at += padded.length;
    }
    table.push(ascii(tag), longs(placed.get(body)!, body.length));
  }
  return concatBytes(header(at), ...table, ...bodies);
}

function header(totalBytes: number): Uint8Array {
  const date = Uint8Array.from([2000, 1, 1, 0, 0, 0].flatMap((n) => [n >> 8, n & 255]));
  return concatBytes(
    longs(totalBytes, 0, 0x02100000),
    ascii('mntrRGB XYZ '),
    date,
    ascii('acsp'),
    new Uint8Array(4 + 4 + 4 + 4 + 8),
    longs(0, fixed(0.9642), fixed(1), fixed(0.8249)),
    new Uint8Array(48),
  );
}
