import type { Reading } from '@lantai/reading';
import type { Box } from '@lantai/values';

/** A box of an image `widthPx` × `heightPx`, after the image was turned clockwise by a quarter. */
const quarter = ([x, y, width, height]: Box, heightPx: number): Box => [heightPx - y - height, x, height, width];

/**
 * A reading in the coordinates of the page as it is shown now. The reader judged the turn for itself; a person may have turned the page since,
 * and the words must light up where they stand.
 * @param turned clockwise turn the scan suffered, as the page's row says
 */
export function turnReading(reading: Reading, turned: 0 | 90 | 180 | 270): Reading {
  const quarters = ((reading.orientation - turned + 360) % 360) / 90;
  let turnedBack = reading;
  for (let i = 0; i < quarters; i++) {
    const { widthPx, heightPx, lines } = turnedBack;
    turnedBack = {
      ...turnedBack,
      widthPx: heightPx,
      heightPx: widthPx,
      lines: lines.map(({ quad: _quad, ...line }) => ({ ...line, box: quarter(line.box, heightPx) })),
    };
  }
  return { ...turnedBack, orientation: turned };
}
