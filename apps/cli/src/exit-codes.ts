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

/** The exit code of a failure, by whose fault it is. */
export function exitCodeOf(error: unknown): number {
  if (!isArchiveError(error)) return EXIT.environment;
  if (error.fault === 'corruption') return EXIT.corruption;
  return error.fault === 'environment' ? EXIT.environment : EXIT.refused;
}
