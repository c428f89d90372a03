import { compareCount } from '@lantai/catalogue';
import { wordsOf } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { countImages, declaredOf, readSlipsInForce } from '../counting/index.ts';
import type { Desk } from '../desk/index.ts';
import { findHead } from './find-dossier.ts';
import { getScheme } from './schemes.ts';
import { runSheetWorker } from './sheet-maker.ts';

/** Stations of digitisation in their order, each with a line to sign on. Source: domain rules §2.1. */
const STATIONS = ['take-out', 'prepare', 'describe', 'scan', 'process', 'check', 'link', 'accept', 'back-up', 'restore'] as const;

const MINUTE_MS = 60_000;

/**
 * The processing slip (数字化加工流程单) of a dossier as a PDF, with the QR code of its archival code. Codes and numbers alone, no name; what is
 * signed on paper has room. An entry that commits to its bytes.
 * @throws ArchiveError `dossier/not-found`, `slip/none` (caller), `sheet/…` (environment)
 */
export async function makeSlipSheet(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  language: 'zh' | 'en',
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }> {
  const { head, slip, images } = await desk.act('page.import', async (tx, scope) => {
    const found = await findHead(tx, archive, scope, { id: dossierId });
    if (!found) throw new ArchiveError('dossier/not-found', 'caller');
    const inForce = (await readSlipsInForce(tx, [dossierId])).get(dossierId);
    if (!inForce) throw new ArchiveError('slip/none', 'caller');
    return { head: found, slip: inForce, images: (await countImages(tx, [dossierId])).get(dossierId)?.images ?? 0 };
  });
  const say = (key: string, params: Record<string, string | number> = {}) => wordsOf(language, `slip/${key}`, params);
  const declared = declaredOf(slip);
  const { difference } = compareCount(declared, { images });
  const local = new Date(archive.clock.nowMs() + desk.utcOffsetMinutes * MINUTE_MS);
  const printedOn = { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
  const scheme = await getScheme(archive.db, archive, head.scheme);
  const bytes = await runSheetWorker(archive.config, {
    slip: {
      title: say('title'),
      code: head.code,
      lines: [scheme.name[language], say('revision', { revision: slip.revision })],
      numbers: [
        [say('sheets'), String(declared.sheets)],
        [say('faces'), String(declared.faces)],
        [say('blank-faces'), String(declared.blankFaces)],
        [say('images'), String(images)],
        [say('difference'), String(difference)],
      ],
      columns: ['station', 'operator', 'date', 'count', 'remarks'].map((key) => say(`column.${key}`)),
      stations: STATIONS.map((key) => say(`station.${key}`)),
      foot: say('foot'),
      printedOn,
    },
    language,
  });
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act('page.import', (tx) =>
    tx.log({
      kind: 'slip.printed',
      place: head.place,
      dossierId,
      objectId: slip.id,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
    }),
  );
  return { bytes, fileName: `${head.code.replace(/[^A-Za-z0-9-]/g, '_')}-slip.pdf` };
}
