import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MARK_STRENGTH01 } from '@lantai/marks';
import { ArchiveError } from '@lantai/values';
import { type AccessConfig, readAccessConfig } from './access-config.ts';
import { type AdviserConfig, readAdviserConfig } from './adviser-config.ts';
import { type ClamdPlace, parseClamdPlace } from './clamd-place.ts';

/** What a root key that does not lie open asks for. */
export type RootQuestion = { readonly form: 'passphrase' } | { readonly form: 'shares'; readonly needed: number; readonly count: number };

/** Everything the program reads from its environment, read once. Folders are absolute. */
export interface Config {
  /** Database, sealed objects, log and uploads. */
  readonly dataFolder: string;
  /** Keys; never inside the data folder. */
  readonly keyFolder: string;
  /** A PostgreSQL of the operator's; null: the embedded one. */
  readonly databaseUrl: string | null;
  readonly host: string;
  readonly port: number;
  /** Processes that read pages; 0 switches the reader off. */
  readonly readerCount: number;
  /** Materials are proposed by themselves once a dossier was read; else only when somebody asks. */
  readonly proposes: boolean;
  /** The optimised image is made of every page once it was read; else when somebody first asks for it. */
  readonly optimises: boolean;
  /** Models are trained by themselves once persons corrected enough; else only when somebody asks. */
  readonly learns: boolean;
  /** A model inside the own network that is asked about what stayed uncertain; null (default): none. */
  readonly adviser: AdviserConfig | null;
  /** Where the bundles, models, schemes and the web page lie. */
  readonly programFolder: string;
  /** Where the sample dossier lies; null when it was not shipped. */
  readonly sampleFolder: string | null;
  /** SANE's program, and a folder of settings instead of SANE's own. */
  readonly scanner: { readonly file: string; readonly configFolder: string | null };
  /** A folder of certificates by which signers of documents are believed; null: nobody is known. */
  readonly signerRootsFolder: string | null;
  /** A folder watched for dossiers to import; null: none. */
  readonly watchFolder: string | null;
  /** Account in whose name watched files are received; null: the owner of a trial. */
  readonly watchAs: string | null;
  /** A named moment at which this process dies, for the durability test (archive/moments.ts); null always else. */
  readonly dieAt: string | null;
  /** Certificate and key in PEM, when the server itself speaks TLS. */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
  /** Share of the light that the visible mark on every image takes away where it has ink, 0.02 to 0.4. */
  readonly markStrength01: number;
  /** A malware scanner that four-property checks ask; null: none. */
  readonly clamd: ClamdPlace | null;
  /** How people sign in. */
  readonly access: AccessConfig;
  /** Where the passphrase or the shares of the root key come from: an open descriptor, or a file of mode 0600. Never the command line. */
  readonly rootSecret: { readonly fd: number } | { readonly file: string } | null;
  /** Asks whoever sits there for it; left out where nobody does. */
  readonly askRootSecret?: (question: RootQuestion) => Promise<string>;
}

const DEFAULT_PORT = 8470;
/** One reader a core leaves the server room on machines of more than two. */
const DEFAULT_READERS = 2;

/** Dark enough to be read on a photograph of a screen, light enough to read the page through. */
const DEFAULT_MARK_PERCENT = Math.round(MARK_STRENGTH01 * 100);
const [MARK_PERCENT_MIN, MARK_PERCENT_MAX] = [2, 40];

const wholeNumber = (name: string, text: string | undefined, fallback: number, max: number): number => {
  if (text === undefined || text === '') return fallback;
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > max) throw new ArchiveError('config/not-a-number', 'caller', { name, max });
  return n;
};

/**
 * Reads the configuration.
 * @param env the process's environment
 * @param cwd folder that relative paths start from
 * @throws ArchiveError `config/…` (caller) naming the variable that is wrong
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const dataFolder = resolve(cwd, env.LANTAI_DATA || 'data');
  const keyFolder = resolve(cwd, env.LANTAI_KEYS || `${dataFolder}-keys`);
  if (keyFolder === dataFolder || keyFolder.startsWith(`${dataFolder}/`)) throw new ArchiveError('config/keys-inside-data', 'caller');
  if (!isAbsolute(dataFolder) || dirname(dataFolder) === dataFolder) throw new ArchiveError('config/data-folder', 'caller');
  const programFolder = env.LANTAI_PROGRAM ? resolve(cwd, env.LANTAI_PROGRAM) : findProgramFolder();
  if (!!env.LANTAI_TLS_CERT !== !!env.LANTAI_TLS_KEY) throw new ArchiveError('config/tls-half', 'caller');
  return {
    dataFolder,
    keyFolder,
    databaseUrl: env.LANTAI_DATABASE_URL || null,
    host: env.LANTAI_HOST || '127.0.0.1',
    port: wholeNumber('LANTAI_PORT', env.LANTAI_PORT, DEFAULT_PORT, 65_535),
    readerCount: wholeNumber('LANTAI_READERS', env.LANTAI_READERS, DEFAULT_READERS, 256),
    proposes: env.LANTAI_PROPOSE !== 'off',
    optimises: env.LANTAI_OPTIMISE === 'read',
    learns: env.LANTAI_LEARN !== 'off',
    adviser: readAdviserConfig(env, cwd),
    programFolder,
    sampleFolder: resolve(programFolder, '..', 'samples'),
    watchAs: env.LANTAI_WATCH_AS || null,
    dieAt: env.LANTAI_DIE_AT || null,
    scanner: { file: env.LANTAI_SCANNER || 'scanimage', configFolder: env.SANE_CONFIG_DIR ? resolve(cwd, env.SANE_CONFIG_DIR) : null },
    signerRootsFolder: env.LANTAI_SIGNERS ? resolve(cwd, env.LANTAI_SIGNERS) : null,
    watchFolder: env.LANTAI_WATCH ? resolve(cwd, env.LANTAI_WATCH) : null,
    tls: env.LANTAI_TLS_CERT
      ? { certificateFile: resolve(cwd, env.LANTAI_TLS_CERT), keyFile: resolve(cwd, env.LANTAI_TLS_KEY ?? '') }
      : null,
    markStrength01: readMarkStrength(env.LANTAI_MARK_PERCENT),
    clamd: env.LANTAI_CLAMD ? parseClamdPlace(env.LANTAI_CLAMD) : null,
    access: readAccessConfig(env),
    rootSecret: readRootSecret(env, cwd),
  };
}

/** The visible mark may be made weaker, never switched off: an image without it would say that nobody looked. */
function readMarkStrength(text: string | undefined): number {
  const name = 'LANTAI_MARK_PERCENT';
  const percent = wholeNumber(name, text, DEFAULT_MARK_PERCENT, MARK_PERCENT_MAX);
  if (percent < MARK_PERCENT_MIN) throw new ArchiveError('config/not-a-number', 'caller', { name, max: MARK_PERCENT_MAX });
  return percent / 100;
}

const FD_MAX = 1023;

function readRootSecret(env: Readonly<Record<string, string | undefined>>, cwd: string): Config['rootSecret'] {
  if (env.LANTAI_ROOT_SECRET_FD) return { fd: wholeNumber('LANTAI_ROOT_SECRET_FD', env.LANTAI_ROOT_SECRET_FD, 0, FD_MAX) };
  return env.LANTAI_ROOT_SECRET_FILE ? { file: resolve(cwd, env.LANTAI_ROOT_SECRET_FILE) } : null;
}

/** The `dist` folder: this file's own when bundled, the repository's when run from source. */
function findProgramFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith('dist') ? here : join(here, '..', '..', '..', 'dist');
}
