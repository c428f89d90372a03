import type { Reading } from '@lantai/reading';
import type { Box } from '@lantai/values';

/** The image that the boxes of a reading lie on: as the reader turned it. */
export type ReadFrame = Pick<Reading, 'widthPx' | 'heightPx' | 'orientation'>;

/** A box of an image `heightPx` high, after the image was turned clockwise by a quarter. */
const quarter = ([x, y, width, height]: Box, heightPx: number): Box => [heightPx - y - height, x, height, width];

/** How many clockwise quarters the page is now shown further than it was read. */
const quartersOf = ({ orientation }: ReadFrame, turned: number): number => ((orientation - turned + 360) % 360) / 90;

/**
 * A box of a reading on the page as it is shown now. The reader judged the turn for itself; a person may have turned the page since.
 * @param box pixels of the image as it was read
 * @param turned clockwise turn the scan suffered, as the page's row says
 */
export function turnBox(box: Box, frame: ReadFrame, turned: 0 | 90 | 180 | 270): Box {
  const quarters = quartersOf(frame, turned);
  let turnedBack = box;
  for (let i = 0; i < quarters; i++) turnedBack = quarter(turnedBack, i % 2 ? frame.widthPx : frame.heightPx);
  return turnedBack;
}

/** A reading in the coordinates of the page as it is shown now: the words must light up where they stand. See {@link turnBox}. */
export function turnReading(reading: Reading, turned: 0 | 90 | 180 | 270): Reading {
  const { widthPx, heightPx, lines } = reading;
  const quarters = quartersOf(reading, turned);
  if (quarters === 0) return { ...reading, orientation: turned };
  return {
    ...reading,
    ...(quarters % 2 ? { widthPx: heightPx, heightPx: widthPx } : {}),
    lines: lines.map(({ quad: _quad, ...line }) => ({ ...line, box: turnBox(line.box, reading, turned) })),
    orientation: turned,
  };
}
