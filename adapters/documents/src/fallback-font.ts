import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files of the typeface that stands in for Chinese fonts a document names but does not carry: Noto Sans Hans. */
export interface FallbackFonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

let loaded: FallbackFonts | null = null;

/** Reads both files once, 17 MB. Call it before rights are given up. */
export function loadFallbackFonts(): FallbackFonts {
  if (loaded) return loaded;
  const folder = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');
  const read = (weight: string) => new Uint8Array(readFileSync(join(folder, `NotoSansHans-${weight}.otf`)));
  loaded = { regular: read('Regular'), bold: read('Bold') };
  return loaded;
}
