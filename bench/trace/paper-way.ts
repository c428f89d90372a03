// A face of paper, printed and scanned again, by simulation.
import sharp from 'sharp';

const PRINTER_DPI = 600;
const FACE_DPI = 200;

/** How a face comes back from paper. */
export interface PaperWay {
  /** Dots of a laser printer, black or nothing; else shades, as ink gives them. */
  readonly isHalftone: boolean;
  readonly scanDpi: 150 | 200;
  readonly turnDegrees: number;
}

/** The upper left quarter of a face of 200 dpi (enough to read a mark from, and a quarter of the work), printed at 600, scanned gray, a little aslant and soft. */
export async function printAndScan(face: Uint8Array, { isHalftone, scanDpi, turnDegrees }: PaperWay): Promise<Buffer> {
  const { width = 0, height = 0 } = await sharp(face).metadata();
  const part = { left: 0, top: 0, width: width >> 1, height: height >> 1 };
  const { data, info } = await sharp(face)
    .extract(part)
    .grayscale()
    .resize(Math.round((part.width * PRINTER_DPI) / FACE_DPI))
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (isHalftone) diffuse(data, info.width, info.height);
  const raw = { width: info.width, height: info.height, channels: 1 as const };
  // Toner spreads, and a scanner's lens is soft: a dot of 1/600 inch over one and a half.
  const inked = await sharp(data, { raw }).blur(1.5).png({ compressionLevel: 1 }).toBuffer();
  const turned = await sharp(inked)
    .rotate(turnDegrees, { background: '#ffffff' })
    .toColourspace('b-w')
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(turned)
    .resize(Math.round((info.width * scanDpi) / PRINTER_DPI))
    .jpeg({ quality: 75 })
    .toBuffer();
}

/** Floyd and Steinberg: black or white, the error handed on. */
function diffuse(data: Uint8Array, widthPx: number, heightPx: number): void {
  const light = Float32Array.from(data);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const at = y * widthPx + x;
      const dot = light[at]! < 128 ? 0 : 255;
      const rest = light[at]! - dot;
      data[at] = dot;
      if (x + 1 < widthPx) light[at + 1]! += (rest * 7) / 16;
      if (y + 1 === heightPx) continue;
      if (x > 0) light[at + widthPx - 1]! += (rest * 3) / 16;
      light[at + widthPx]! += (rest * 5) / 16;
      if (x + 1 < widthPx) light[at + widthPx + 1]! += rest / 16;
    }
}
