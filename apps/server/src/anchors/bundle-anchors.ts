import type { BundleAnchor } from '@lantai/bundle';
import type { AnchorProof } from '@lantai/log';
import type { Archive } from '../archive/index.ts';

/**
 * What a bundle under the checkpoint of `size` entries takes with it: of each provider the newest anchor of that checkpoint or of one before,
 * with the proof that the bundle's checkpoint continues it. Oldest first; none when nothing is anchored.
 */
export async function anchorsForBundle({ db, log }: Pick<Archive, 'db' | 'log'>, size: number): Promise<BundleAnchor[]> {
  const rows = await db.query<{ size: number; note: string; proof: AnchorProof }>(
    `select distinct on (a.provider_id) a.size, c.note, a.proof from anchor a join checkpoint c on c.size = a.size
     where a.state = 'held' and a.size <= $1 order by a.provider_id, a.size desc`,
    [size],
  );
  const sizes = [...new Set(rows.map((row) => row.size))].sort((a, b) => a - b);
  const found: BundleAnchor[] = [];
  for (const anchored of sizes) {
    const own = rows.filter((row) => row.size === anchored);
    const consistency = anchored === size ? [] : ((await log.proveConsistencyBetween(db, anchored, size)) ?? []);
    found.push({ note: own[0]!.note, size: anchored, anchors: own.map((row) => row.proof), consistency });
  }
  return found;
}
