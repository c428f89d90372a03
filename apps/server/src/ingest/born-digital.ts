import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import type { DecodedPage } from './decode.ts';
import { HeldText } from './held-text.ts';
import { storeReading } from './readings.ts';
import type { Destination } from './receive-batch.ts';

/** A born-digital page brings its own text: it is taken as the reading, so recognition has nothing to add. */
export async function insertBornDigitalReading(
  tx: DeskTx,
  archive: Archive,
  to: Destination,
  pageId: string,
  page: DecodedPage,
): Promise<void> {
  await storeReading(
    tx,
    archive,
    { pageId, dossierId: to.dossierId, place: to.place },
    {
      engine: 'document-text',
      version: '1',
      widthPx: page.widthPx,
      heightPx: page.heightPx,
      orientation: 0,
      skewDegrees: 0,
      lines: page.text ? HeldText.open(page.text) : [],
      pageDigest: '',
    },
  );
}
