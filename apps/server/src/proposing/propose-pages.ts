import type { Scheme } from '@lantai/catalogue';
import type { DossierProposals, Known, PageReading } from '@lantai/proposals';
import { runThread, type ThreadKind } from '../children/index.ts';
import type { Config } from '../config.ts';

/** What the thread is asked. */
export interface ProposeRequest {
  readonly programFolder: string;
  readonly scheme: Scheme;
  readonly pages: readonly PageReading[];
  readonly known: Known;
}

/** A page takes 14 ms: the longest dossier some seconds. */
const PROPOSE: ThreadKind = { entry: 'propose-worker.mjs', timeoutMs: 120_000, heapMb: 1024, name: 'proposal' };

/**
 * What readings say of the materials they make, found in a thread of its own: a dossier of 300 pages takes four seconds, which other requests
 * need not wait for.
 * @throws ArchiveError `proposal/failed`, `proposal/timeout` (environment)
 */
export function proposePages(
  { programFolder }: Pick<Config, 'programFolder'>,
  scheme: Scheme,
  pages: readonly PageReading[],
  known: Known,
): Promise<DossierProposals> {
  const request: ProposeRequest = { programFolder, scheme, pages, known };
  return runThread(programFolder, PROPOSE, request);
}
