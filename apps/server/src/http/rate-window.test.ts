import { describe, expect, it } from 'vitest';
import { RateWindow } from './rate-window.ts';

describe('acts counted in a minute', () => {
  it('are let through up to the share of their key, and anew in the next minute', () => {
    const window = new RateWindow(3);
    const taken = [1, 2, 3, 4].map((second) => window.take('a', second * 1000));
    expect(taken).toEqual([true, true, true, false]);
    expect(window.take('b', 5000)).toBe(true);
    expect(window.take('a', 60_000)).toBe(true);
  });
  it('of a clock set back are counted in the window that it shows', () => {
    const window = new RateWindow(1);
    expect(window.take('a', 120_000)).toBe(true);
    expect(window.take('a', 60_000)).toBe(true);
    expect(window.take('a', 60_001)).toBe(false);
  });
});
