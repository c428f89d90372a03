import type { CopyAbout, CopyPage } from './copy-model.ts';
import { writeDualLayerOfd } from './dual-layer-ofd.ts';
import { writeDualLayerPdf } from './dual-layer-pdf.ts';

export { COPY_FORMS, type CopyAbout, type CopyForm, type CopyLine, type CopyPage } from './copy-model.ts';
export { writeDualLayerOfd } from './dual-layer-ofd.ts';
export { writeDualLayerPdf } from './dual-layer-pdf.ts';

/** Writes a copy in the form it asks for, page by page. Drawing the keeper's mark blocks the thread: call it from a worker. */
export function writeCopy(about: CopyAbout, pages: AsyncIterable<CopyPage>): AsyncGenerator<Uint8Array> {
  return about.form === 'ofd' ? writeDualLayerOfd(about, pages) : writeDualLayerPdf(about, pages);
}
