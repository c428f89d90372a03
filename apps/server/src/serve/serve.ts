import { ArchiveError } from '@lantai/values';
import { type OpenArchive, openArchive } from '../app.ts';
import type { Config } from '../config.ts';
import { ldapSettingsOf, startLdapJob } from '../directory/index.ts';
import { createHandlers, createHttp } from '../http/index.ts';
import { ScanDesk } from '../scanning/index.ts';
import { watchFolder } from './watch-folder.ts';

/** A server at work. */
export interface RunningWeb {
  readonly archive: OpenArchive;
  readonly url: string;
  /** Rejects when the database died for good; never resolves. */
  readonly lost: Promise<never>;
  /** Finishes what is under way and gives the folder free. */
  close(): Promise<void>;
}

/**
 * Serves the archive of the data folder: web, API, reading and the sequencer, in this one process and its children.
 * @throws ArchiveError `data/in-use`, `archive/none`, `http/port-taken` (environment) and what opening throws
 */
export async function serve(config: Config): Promise<RunningWeb> {
  const archive = await openArchive(config, { reads: true, exclusive: true });
  try {
    // Settings that are not right keep the server from listening, not people from being kept in step unseen.
    const ldapSettings = config.access.ldapFile ? ldapSettingsOf(archive) : null;
    const scans = new ScanDesk(archive);
    const http = await createHttp(archive, createHandlers(archive, scans));
    const url = await http.listen({ host: config.host, port: config.port });
    archive.database?.announceWeb(url);
    const ldap = ldapSettings && startLdapJob(archive, ldapSettings);
    const watch = config.watchFolder ? watchFolder(archive, { folder: config.watchFolder, as: config.watchAs }) : null;
    return {
      archive,
      url,
      lost: archive.database?.lost ?? new Promise<never>(() => undefined),
      close: async () => {
        await watch?.stop();
        await ldap?.stop();
        await http.close();
        await scans.close();
        await archive.close();
      },
    };
  } catch (error) {
    await archive.close();
    if ((error as { code?: string }).code === 'EADDRINUSE') throw new ArchiveError('http/port-taken', 'environment', { port: config.port });
    throw error;
  }
}
