import { ArchiveError } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import { type KeepingUp, keepDoing } from './keep-doing.ts';

const quietly: KeepingUp = { restMs: 1, failed: 'keep/failed', onFault: (code) => expect.fail(code) };

/** A round that ends when it is told to. */
function heldRound() {
  let end: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { held, end };
}

describe('keepDoing', () => {
  it('begins at once, does one round after another and none after it was stopped', async () => {
    let [rounds, atOnce, most] = [0, 0, 0];
    const kept = keepDoing(async () => {
      rounds++;
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 2));
      atOnce--;
    }, quietly);
    expect(rounds).toBe(1);
    await expect.poll(() => rounds).toBeGreaterThan(3);
    await kept.stop();
    const done = rounds;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([rounds, most, atOnce]).toEqual([done, 1, 0]);
  });

  it('tells what failed by its code and goes on; while it is stopped it tells nothing', async () => {
    const told: string[] = [];
    let rounds = 0;
    const kept = keepDoing(
      async (isStopping) => {
        rounds++;
        if (rounds === 1) throw new ArchiveError('db/unreachable', 'environment');
        if (rounds === 2) throw new Error('of our own');
        while (!isStopping()) await new Promise((resolve) => setTimeout(resolve, 1));
        throw new ArchiveError('db/closed', 'environment');
      },
      { ...quietly, onFault: (code) => void told.push(code) },
    );
    await expect.poll(() => rounds).toBe(3);
    await kept.stop();
    expect(told).toEqual(['db/unreachable', 'keep/failed']);
  });

  it('cuts a rest short, and waits for the round under way no longer than it may', async () => {
    let rounds = 0;
    const resting = keepDoing(async () => void rounds++, { ...quietly, restMs: 3_600_000 });
    await expect.poll(() => rounds).toBe(1);
    await resting.stop();
    const { held, end } = heldRound();
    await keepDoing(() => held, { ...quietly, stopMs: 5 }).stop();
    const patient = keepDoing(() => held, quietly).stop();
    let isOver = false;
    const over = patient.then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isOver).toBe(false);
    end();
    await over;
  });
});
