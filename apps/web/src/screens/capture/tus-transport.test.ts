import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './tus-transport.ts';

const file = { name: '龙婷-履历表.jpg', size: 3, lastModified: 5 };

describe('what the browser remembers of an upload', () => {
  it('is the same for the same file and another for any other', () => {
    const own = fingerprintOf(file, 'a');
    expect(fingerprintOf({ ...file }, 'a')).toBe(own);
    for (const other of [
      { ...file, name: 'x' },
      { ...file, size: 4 },
      { ...file, lastModified: 6 },
    ])
      expect(fingerprintOf(other, 'a')).not.toBe(own);
    expect(fingerprintOf(file, 'b')).not.toBe(own);
  });
  it('names nobody', () => {
    expect(fingerprintOf(file, 'a')).toMatch(/^lantai\.upload\.[0-9a-f]{64}$/);
  });
});
