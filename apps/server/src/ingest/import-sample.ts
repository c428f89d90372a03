import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { createDossier, findDossierByCode, findRootUnit } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { type IncomingFile, listFiles } from './folder-source.ts';
import { type ImportResult, importFiles, runImport, startImport } from './import-files.ts';
import type { FileOutcome } from './outcome.ts';

/** The dossier that comes with the program: an invented person (samples/README.md). */
const SAMPLE = { code: 'P1101', scheme: 'cadre-2018', name: '张德振', idNumber: '110000197403172219' } as const;

/** The sample's files and the dossier they go into, opened when it is not there. */
async function prepare(archive: Archive, desk: Desk): Promise<{ dossierId: string; files: IncomingFile[] }> {
  const folder = archive.config.sampleFolder && join(archive.config.sampleFolder, SAMPLE.code);
  if (archive.identity.kind !== 'trial' || !folder || !existsSync(folder)) throw new ArchiveError('sample/not-offered', 'caller');
  const held = await findDossierByCode(archive, desk, SAMPLE.code);
  const subject = { kind: 'person', name: SAMPLE.name, idNumber: SAMPLE.idNumber } as const;
  const made =
    held ??
    (await createDossier(archive, desk, { code: SAMPLE.code, unitId: await findRootUnit(archive, desk), scheme: SAMPLE.scheme, subject }));
  return { dossierId: made.dossierId, files: await listFiles(folder) };
}

/**
 * Imports the sample dossier into a trial archive; the work goes on after this resolves.
 * @throws ArchiveError `sample/not-offered` (caller) in a production archive, or when the program came without it
 */
export async function importSample(archive: Archive, desk: Desk): Promise<{ importId: string; dossierId: string }> {
  const { dossierId, files } = await prepare(archive, desk);
  const started = await startImport(archive, desk, dossierId, files.length);
  // The import's own row says how it ended; a sample that was cut off is imported again by the same button.
  void runImport(archive, desk, started, files).catch(() => undefined);
  return { importId: started.importId, dossierId };
}

/** Like {@link importSample}, telling of each file and resolving when all are settled. */
export async function importSampleNow(
  archive: Archive,
  desk: Desk,
  onOutcome: (outcome: FileOutcome) => void,
): Promise<{ dossierId: string; result: ImportResult }> {
  const { dossierId, files } = await prepare(archive, desk);
  return { dossierId, result: await importFiles(archive, desk, dossierId, files, { onOutcome }) };
}
