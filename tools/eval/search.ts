import { type Desk, type SearchHit, searchArchive } from '@lantai/server';
import type { Box } from '@lantai/values';
import type { PredictedDossier } from './prediction.ts';
import { readProbes } from './truth.ts';

const PAGES_AT_ONCE = 100;

interface Tally {
  asked: number;
  exact: number;
  possible: number;
  /** Found, and a lit box lies on the true place. */
  lit: number;
}

/**
 * Asks the archive's search for every true name and identity number, page by page, and says what share it finds on its page.
 * @param truthFile a truth.json; the predictions were made without it
 */
export async function measureSearch(desk: Desk, dossiers: readonly PredictedDossier[], truthFile: string): Promise<void> {
  const fileOf = new Map(dossiers.flatMap((d) => d.pages.map((p) => [p.pageId ?? '', p.file] as const)));
  const read = new Set(fileOf.values());
  const probes = readProbes(truthFile).filter((p) => read.has(p.file));
  const found = new Map<string, ReadonlyMap<string, SearchHit>>();
  for (const value of new Set(probes.map((p) => p.value))) found.set(value, await findPages(desk, value, fileOf));
  const rows = new Map<string, Tally>();
  for (const probe of probes) {
    const hit = found.get(probe.value)?.get(probe.file);
    for (const row of [`${probe.hand ? 'hand ' : 'print'} ${probe.kind}`, `${probe.hand ? 'hand ' : 'print'} all`]) {
      const tally = rows.get(row) ?? { asked: 0, exact: 0, possible: 0, lit: 0 };
      rows.set(row, tally);
      tally.asked++;
      if (hit) tally[hit.certainty]++;
      if (hit?.boxes.some((box) => probe.places.some((place) => overlaps(box, place)))) tally.lit++;
    }
    // Invented people: their names may be printed.
    if (!hit) console.log(`missed  ${probe.file}  ${probe.hand ? 'hand' : 'print'}  ${probe.value}`);
  }
  const percent = (n: number, of: number) => `${((100 * n) / Math.max(1, of)).toFixed(1)} %`;
  for (const [row, t] of [...rows].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const shares = `found ${percent(t.exact + t.possible, t.asked)} (sure ${percent(t.exact, t.asked)})   lit in place ${percent(t.lit, t.asked)}`;
    console.log(`search  ${row.padEnd(12)} ${String(t.asked).padStart(4)}   ${shares}`);
  }
}

/** The pages on which a value is found, by file. */
async function findPages(desk: Desk, value: string, fileOf: ReadonlyMap<string, string>): Promise<Map<string, SearchHit>> {
  const out = new Map<string, SearchHit>();
  let cursor: string | null = null;
  do {
    const result = await searchArchive(desk, { query: value, limit: PAGES_AT_ONCE, cursor });
    for (const hit of result.hits) {
      const file = hit.pageId && fileOf.get(hit.pageId);
      if (file) out.set(file, hit);
    }
    cursor = result.cursor;
  } while (cursor);
  return out;
}

function overlaps([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): boolean {
  const across = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const down = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  return across > 0.3 * Math.min(aw, bw) && down > 0.3 * Math.min(ah, bh);
}
