import { type OcrEngine, READER_VERSION, type Reading, readPage, viewScan } from '@lantai/reading';
import { measurePage } from '@lantai/reading/inspection';
import { decodePage } from './decode.ts';
import { openNetworks } from './sessions.ts';

/** How to open the engine. */
export interface OcrEngineOptions {
  /** Holds det.onnx, rec.onnx, cls.onnx and alphabet.txt: see tools/fold-models.mjs. */
  readonly modelFolder: string;
  /** Threads inside one network; 1 by default: run several processes instead. */
  readonly threads?: number;
}

/**
 * The built-in reader: PP-OCRv4 mobile networks on the CPU. About 0.6 GB resident for an A4 page at 300 dpi.
 * @throws ArchiveError `reading/models-missing` (environment)
 */
export async function createOcrEngine(options: OcrEngineOptions): Promise<OcrEngine> {
  const networks = await openNetworks(options.modelFolder, options.threads ?? 1);
  const name = 'ppocr-v4-mobile';
  const readAlone = async (bytes: Uint8Array): Promise<Reading> => {
    const page = await decodePage(bytes);
    const view = viewScan(page.image);
    // Before the reader: it works on the pixels themselves.
    const measures = measurePage(view, page);
    return { engine: name, version: READER_VERSION, ...(await readPage(view, networks, page)), measures };
  };
  // INVARIANT: the networks' room holds one page; the next waits for its end, however it ended.
  let last: Promise<unknown> = Promise.resolve();
  return {
    name,
    version: READER_VERSION,
    read(image): Promise<Reading> {
      const reading = last.then(() => readAlone(image.bytes));
      last = reading.catch(() => undefined);
      return reading;
    },
    close: () => networks.close(),
  };
}
