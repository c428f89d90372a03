/** Named moments at which a process may die; the durability test makes it die at each. */
export const MOMENTS = [
  'bytes-put',
  'rows-written',
  'committed',
  'key-written',
  'reading-stored',
  'upload-settled',
  'destruction-intended',
  'destruction-key',
  'destruction-bytes',
  'rekey-started',
  'keys-renewed',
  'resealed-put',
  'resealed-rows',
  'former-removed',
] as const;
export type Moment = (typeof MOMENTS)[number];

/**
 * Passes a named moment. Does nothing, but in a process that was started with `LANTAI_DIE_AT` of that name: there it dies at once,
 * as by a power cut, on the n-th passing (`LANTAI_DIE_AT=bytes-put:3`).
 */
export class Moments {
  readonly #name: string;
  #left: number;

  constructor(dieAt: string | null) {
    const [name, count] = (dieAt ?? '').split(':');
    this.#name = name ?? '';
    this.#left = Number(count ?? 1) || 1;
  }

  pass(moment: Moment): void {
    if (moment === this.#name && --this.#left === 0) process.kill(process.pid, 'SIGKILL');
  }
}
