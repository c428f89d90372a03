import type { Reading } from '@lantai/reading';
import { countWriting, DEFAULT_LIMITS, judgePage } from '@lantai/reading/inspection';
import type { Finding } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { getScheme } from '../catalogue/index.ts';
import type { DeskTx } from '../desk/index.ts';

/** Findings of one page by the limits of its dossier's scheme. A born-digital page was never scanned, so nothing is measured on it. */
export async function judgeReading(tx: DeskTx, archive: Archive, dossierId: string, reading: Reading): Promise<Finding[]> {
  if (!reading.measures) return [];
  const dossier = await tx.one<{ scheme: string }>('select scheme from dossier where id = $1', [dossierId]);
  const own = dossier ? (await getScheme(tx, archive, dossier.scheme)).inspection : {};
  const { orientation, skewDegrees, lines } = reading;
  return judgePage(reading.measures, { orientation, skewDegrees, lineCount: countWriting(lines) }, { ...DEFAULT_LIMITS, ...own });
}
