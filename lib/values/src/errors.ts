/** Who must act: the caller mends the request, the environment is retried, corruption alarms and is never retried. */
export type Fault = 'caller' | 'environment' | 'corruption';

/**
 * A failure with a stable code. Programmer errors are assertions, expected outcomes are return values.
 *
 * INVARIANT: neither `message` nor `detail` ever holds a name, number, title, text or secret; ids and codes only.
 * The words a user reads are looked up by `code` in zh and en, with `detail` as their parameters.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: string;
  readonly fault: Fault;
  readonly detail: Readonly<Record<string, string | number | boolean>>;

  constructor(code: string, fault: Fault, detail: Readonly<Record<string, string | number | boolean>> = {}, cause?: unknown) {
    super(`${code}${Object.keys(detail).length ? ` ${JSON.stringify(detail)}` : ''}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fault = fault;
    this.detail = detail;
  }
}

/** True when `error` is an {@link ArchiveError}, optionally one with this code. */
export function isArchiveError(error: unknown, code?: string): error is ArchiveError {
  return error instanceof ArchiveError && (code === undefined || error.code === code);
}

/** A bug, never a failure: throws when `condition` is false. Never caught. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${what}`);
}
