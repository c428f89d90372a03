import { isArchiveError } from '@lantai/values';

/** What the program's exit codes mean; `lantai --help` and docs/guide/cli.md list them. */
export const EXIT = {
  ok: 0,
  /** Done, but something needs a look: a file refused, a check that found something, nothing found. */
  attention: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The machine, the disk or the database failed; nothing half done, try again. */
  environment: 3,
  /** Something stored is missing, altered or does not verify. */
  corruption: 4,
  /** This account, or this archive, may not do that. */
  refused: 5,
} as const;

/** Refusals of what stands on the command line itself, found before anything is opened. */
const USAGE_CODES: ReadonlySet<string> = new Set(['trace/number-malformed', 'trace/nothing-given', 'verify/nothing-given']);

/** The exit code of a failure, by whose fault it is. */
export function exitCodeOf(error: unknown): number {
  if (!isArchiveError(error)) return EXIT.environment;
  if (USAGE_CODES.has(error.code)) return EXIT.usage;
  if (error.fault === 'corruption') return EXIT.corruption;
  return error.fault === 'environment' ? EXIT.environment : EXIT.refused;
}
