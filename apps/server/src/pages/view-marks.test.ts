import { formatViewNumber, numberOfEntry } from '@lantai/marks';
import { makeUuidV7 } from '@lantai/values';
import { afterEach, describe, expect, it } from 'vitest';
import { markText } from './view-marks.ts';

const entryId = makeUuidV7(Date.UTC(2026, 10, 21, 16, 5), new Uint8Array(10).fill(9));
const number = formatViewNumber(numberOfEntry(entryId));
const zone = process.env.TZ;

describe('the text of a visible mark', () => {
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it("tells the time by the archive's clock, wherever the server stands", () => {
    for (const tz of ['Asia/Shanghai', 'UTC', 'America/New_York']) {
      process.env.TZ = tz;
      expect(markText({ entryId, name: 'clerk', utcOffsetMinutes: 480 })).toBe(`clerk 2026-11-22 00:05 ${number}`);
    }
  });

  it('follows an archive whose clock is another', () => {
    expect(markText({ entryId, name: 'clerk', utcOffsetMinutes: 0 })).toBe(`clerk 2026-11-21 16:05 ${number}`);
    expect(markText({ entryId, name: 'clerk', utcOffsetMinutes: -300 })).toBe(`clerk 2026-11-21 11:05 ${number}`);
  });

  it('cuts a long name between characters, and keeps time and number', () => {
    const text = markText({ entryId, name: '𠮷'.repeat(40), utcOffsetMinutes: 480 });
    expect(text).toBe(`${'𠮷'.repeat(24)} 2026-11-22 00:05 ${number}`);
  });
});
