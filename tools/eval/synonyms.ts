import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldTitle, indexTitles, loadScheme, type Scheme, suggestTitle } from '@lantai/catalogue';
import type { Box } from '@lantai/values';
import type { PredictedPage } from './prediction.ts';

/** A material of a truth.json. */
export interface TitledMaterial {
  title: string;
  readonly pages: readonly string[];
}
interface Words {
  text: string;
  box: Box;
}

/** Other wordings by title: out of the scheme's synonyms, one a material, chosen by `random`; a title the scheme has no other wording of keeps its own. */
export function chooseSynonyms(
  schemes: string,
  dossier: { readonly scheme: string; readonly materials: readonly TitledMaterial[] },
  random: () => number,
): Map<TitledMaterial, string> {
  const scheme: Scheme = loadScheme(readFileSync(join(schemes, `${dossier.scheme}.yaml`), 'utf8'));
  const index = indexTitles(scheme);
  const chosen = new Map<TitledMaterial, string>();
  for (const material of dossier.materials) {
    const wordings = (suggestTitle(index, material.title)?.title.aliases ?? []).filter(
      (a) => !a.includes('{') && foldTitle(a) !== foldTitle(material.title),
    );
    const other = wordings[Math.floor(random() * wordings.length)];
    if (other) chosen.set(material, other);
  }
  return chosen;
}

/** Puts another wording where words end with the title, about the same middle and as wide as it then is; false where no words do. */
export function rewordTitle(words: readonly Words[], title: string, other: string): boolean {
  const found = words.find((n) => foldTitle(n.text).endsWith(foldTitle(title)));
  if (!found) return false;
  const middle = found.box[0] + found.box[2] / 2;
  const width = (found.box[2] * other.length) / found.text.length;
  found.text = other;
  found.box = [middle - width / 2, found.box[1], width, found.box[3]];
  return true;
}

/**
 * Rewords the titles in readings of real recognition, and in the truth of them: the line that bears the title, on the first or the last page of its material.
 * @returns how many of the materials were given another title
 */
export function rewordReadings(
  schemes: string,
  dossier: { readonly scheme: string; readonly materials: readonly TitledMaterial[] },
  pages: readonly PredictedPage[],
  random: () => number,
): number {
  let reworded = 0;
  for (const [material, other] of chooseSynonyms(schemes, dossier, random)) {
    const own = [material.pages[0], material.pages.at(-1)].flatMap((file) => pages.filter((p) => p.file === file));
    if (!own.some((page) => rewordTitle(page.lines as unknown as Words[], material.title, other))) continue;
    material.title = other;
    reworded++;
  }
  return reworded;
}

/** How many materials of a truth were given a title that the scheme takes for the same form, whatever its wording; and of how many. */
export function countSameForm(
  schemes: string,
  dossier: { readonly scheme: string; readonly materials: readonly TitledMaterial[] },
  proposed: readonly { readonly pages: readonly string[]; readonly title: string }[],
): { readonly same: number; readonly of: number } {
  const index = indexTitles(loadScheme(readFileSync(join(schemes, `${dossier.scheme}.yaml`), 'utf8')));
  const formOf = (title: string) => suggestTitle(index, title)?.title.name ?? title;
  let same = 0;
  for (const material of dossier.materials) {
    const found = proposed.find((p) => p.pages.join() === material.pages.join());
    if (found && formOf(found.title) === formOf(material.title)) same++;
  }
  return { same, of: dossier.materials.length };
}

/** Chance of a seed: the same wordings each time. */
export function mulberry(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
