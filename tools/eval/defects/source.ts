import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writing } from './bed.ts';

/** A scan without defects, with what stands on it. */
export interface SourcePage {
  readonly path: string;
  readonly dossier: string;
  readonly skewDegrees: number;
  readonly orientation: 0 | 90 | 180 | 270;
  /** Boxes on the straight upright page at 300 dpi. */
  readonly writing: readonly Writing[];
}

/** Defects of dossiergen that leave a page fit to plant others on. */
const HARMLESS = new Set(['skew', 'landscape', 'photocopy', 'rotated']);

interface TrueDossier {
  readonly id: string;
  readonly pages: readonly { readonly file: string; readonly defects: Record<string, unknown>; readonly nodes: readonly Writing[] }[];
}

/** The clean pages of a folder of dossiers with its truth.json. */
export function listSources(data: string): SourcePage[] {
  const truth = JSON.parse(readFileSync(join(data, 'truth.json'), 'utf8')) as { dossiers: readonly TrueDossier[] };
  return truth.dossiers.flatMap(({ id, pages }) =>
    pages
      .filter((p) => Object.keys(p.defects).every((d) => HARMLESS.has(d)) && existsSync(join(data, p.file)))
      .map((p) => ({
        path: join(data, p.file),
        dossier: id,
        skewDegrees: Number(p.defects.skew ?? 0),
        orientation: (p.defects.rotated ?? 0) as 0 | 90 | 180 | 270,
        writing: p.nodes.map(({ text, box }) => ({ text, box })),
      })),
  );
}
