import { isArchiveError } from '@lantai/values';

/** What the program's exit codes mean; `lantai --help` and docs/guide/cli.md list them. */
export const EXIT = {
  ok: 0,
  /** Done, but something needs a look: a file refused, a check that found something, nothing found. */
  attention: 1,
  /** The command line, or a setting of the environment, is wrong. */
  usage: 2,
  /** The machine, the disk or the database failed; nothing half done, try again. */
  environment: 3,
  /** Something stored is missing, altered or does not verify. */
  corruption: 4,
  /** This account, or this archive, may not do that. */
  refused: 5,
} as const;

/** Refusals of what stands on the command line itself, or is missing there. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'account/needed',
  'anchor/name-malformed',
  'properties/report-form',
  'anchor/name-needed',
  'anchor/settings-missing',
  'directory/file-needed',
  'import/nothing',
  'monitor/witness-key-malformed',
  'pack/selection',
  'register/unknown',
  'claim/which',
  'restore/root-key-needed',
  'station/unknown',
  'reveal/reason-needed',
  'scan/dossier-needed',
  'scan/mode',
  'scan/number',
  'scan/resolution',
  'scan/source',
  'scheme/not-found',
  'search/limit',
  'search/query-empty',
  'search/query-too-long',
  'share/counts-impossible',
  'trace/nothing-given',
  'trace/number-malformed',
  'verify/nothing-given',
]);

/** Settings of the environment that cannot be, whichever. */
const SETTINGS = 'config/';

/** The exit code of a failure, by whose fault it is. */
export function exitCodeOf(error: unknown): number {
  if (!isArchiveError(error)) return EXIT.environment;
  if (error.fault === 'caller' && (USAGE_CODES.has(error.code) || error.code.startsWith(SETTINGS))) return EXIT.usage;
  if (error.fault === 'corruption') return EXIT.corruption;
  return error.fault === 'environment' ? EXIT.environment : EXIT.refused;
}
