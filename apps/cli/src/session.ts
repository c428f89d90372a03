import { createInterface } from 'node:readline/promises';
import {
  type Account,
  type Config,
  checkAccount,
  type Desk,
  findTrialOwner,
  type OpenArchive,
  openArchive,
  openDesk,
  type Purpose,
} from '@lantai/server';
import { ArchiveError, isArchiveError } from '@lantai/values';

/** Options that every command on an archive takes. */
export interface SessionOptions {
  /** Account name; in a trial archive its owner acts when none is named. */
  readonly as?: string | undefined;
  /** Whether pages waiting for reading are read by this process. */
  readonly reads: boolean;
}

/** An open archive with somebody at its desk. */
export interface Session {
  readonly archive: OpenArchive;
  readonly account: Account;
  desk(purpose: Purpose): Promise<Desk>;
  close(): Promise<void>;
}

/**
 * Opens the archive and signs in. The password comes from `LANTAI_PASSWORD` or is asked for without echo, and so does the code of an account
 * with a second factor (`LANTAI_CODE`); neither ever stands on a command line.
 * @throws ArchiveError `account/needed`, `session/refused`, `session/code-needed`, `session/locked` (caller) and whatever opening the archive throws
 */
export async function openSession(config: Config, options: SessionOptions): Promise<Session> {
  const archive = await openArchive(config, { reads: options.reads });
  try {
    const account = await signIn(archive, options.as);
    return { archive, account, desk: (purpose) => openDesk(archive, account, purpose), close: () => archive.close() };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

async function signIn(archive: OpenArchive, as: string | undefined): Promise<Account> {
  if (!as) {
    // A trial holds nobody's real papers: whoever may read its keys is its owner already.
    const owner = archive.identity.kind === 'trial' ? await findTrialOwner(archive) : null;
    if (owner) return owner;
    throw new ArchiveError('account/needed', 'caller');
  }
  const password = process.env.LANTAI_PASSWORD ?? (await askHidden(as, 'account/password-needed'));
  const code = process.env.LANTAI_CODE;
  try {
    return await checkAccount(archive, as, password, code);
  } catch (error) {
    if (code !== undefined || !isArchiveError(error, 'session/code-needed')) throw error;
    return checkAccount(archive, as, password, await askHidden('TOTP', 'session/code-needed'));
  }
}

/** Asks at the terminal; where there is none, says by `missingCode` what to give. */
async function askHidden(what: string, missingCode: string): Promise<string> {
  if (!process.stdin.isTTY) throw new ArchiveError(missingCode, 'caller');
  const ask = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  process.stderr.write(`${what}: `);
  // What is typed is not shown: readline writes through this output alone.
  (ask as unknown as { _writeToOutput: (text: string) => void })._writeToOutput = () => undefined;
  try {
    return await ask.question('');
  } finally {
    ask.close();
    process.stderr.write('\n');
  }
}
