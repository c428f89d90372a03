import { concatBytes } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, type Frame, FrameReader } from './protocol.ts';
import { findProcessUsage, parsePs } from './usage.ts';

const frame = fc.record({
  header: fc.jsonValue({ maxDepth: 2 }),
  bytes: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
});

describe('frames on the pipe', () => {
  it('come back whole and in order, wherever the pipe cuts them', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (frames, cuts) => {
        const stream = concatBytes(...frames.flatMap((f) => encodeFrame(f.header, f.bytes)));
        const reader = new FrameReader();
        const read: Frame[] = [];
        for (let at = 0, i = 0; at < stream.length; at += cuts[i++ % cuts.length]!)
          read.push(...reader.push(stream.subarray(at, at + cuts[i % cuts.length]!)));
        expect(read).toEqual(frames.map((f) => ({ header: JSON.parse(JSON.stringify(f.header)), bytes: f.bytes })));
      }),
    );
  });
  it('refuse bytes that are no frame before they allocate anything', () => {
    expect(() => new FrameReader().push(new TextEncoder().encode('Error: something'))).toThrow('child/protocol');
    const huge = new Uint8Array([0x4c, 0x54, 0x43, 0x31, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    expect(() => new FrameReader().push(huge)).toThrow('child/protocol');
    const [prefix, , part] = encodeFrame({}, [new Uint8Array(1)]);
    const broken = concatBytes(prefix!, new TextEncoder().encode('{x'), part!);
    expect(() => new FrameReader().push(broken)).toThrow('child/protocol');
  });
});

describe('usage of a process', () => {
  it('is known for a living one and null for one that is gone', async () => {
    const own = await findProcessUsage(process.pid);
    expect(own?.rssMb).toBeGreaterThan(20);
    expect(own?.cpuMs).toBeGreaterThan(0);
    expect(await findProcessUsage(2 ** 22 + 1)).toBeNull();
  });
  it('is read from every form of ps and from nothing else', () => {
    expect(parsePs(' 123456   00:01:02\n')).toEqual({ rssMb: 123.456, cpuMs: 62_000 });
    expect(parsePs('1000 1-02:03:04')).toEqual({ rssMb: 1, cpuMs: (26 * 3600 + 184) * 1000 });
    expect(parsePs('2048   0:00.53')).toEqual({ rssMb: 2.048, cpuMs: 530 });
    expect(parsePs('')).toBeNull();
    expect(parsePs('ps: no such process')).toBeNull();
  });
});
