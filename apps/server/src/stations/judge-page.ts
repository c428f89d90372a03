import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { onlyStandardInForce } from '../catalogue/index.ts';
import { type Desk, inScope } from '../desk/index.ts';
import { readPlace } from './claimed-place.ts';
import { getOwnClaim } from './station-rows.ts';

/** What is said of a page: that it passes, or by which defects it fails. */
export interface PageVerdict {
  readonly verdict: 'pass' | 'fail';
  /** Codes of the dictionary. */
  readonly defects: readonly string[];
}

/**
 * Judges a page of an inspection that one has claimed; saying it again replaces what was said. A page fails by one defect at least, and one whose
 * defects are all notes passes.
 * @throws ArchiveError `claim/not-found`, `claim/over`, `claim/no-inspection`, `page/not-found`, `defect/unknown`, `defect/needed` (caller)
 */
export function judgePage(archive: Archive, desk: Desk, claimId: string, pageId: string, { verdict, defects }: PageVerdict): Promise<void> {
  return desk.act('station.work', async (tx, scope) => {
    const claim = await getOwnClaim(tx, claimId, { accountId: desk.actor.accountId, nowMs: desk.clock.nowMs(), locked: true });
    const place = await readPlace(tx, claim.dossier_id);
    if (!place || !inScope(scope, { ...place, dossierId: claim.dossier_id })) throw new ArchiveError('claim/not-found', 'caller');
    if (claim.station !== 'check') throw new ArchiveError('claim/no-inspection', 'caller');
    const dictionary = await onlyStandardInForce(tx, archive, 'defects');
    const kinds = [...new Set(defects)].map((code) => {
      const kind = dictionary.defects.find((d) => d.code === code);
      if (!kind) throw new ArchiveError('defect/unknown', 'caller', { code });
      return kind;
    });
    const fails = kinds.some((k) => k.severity !== 'note');
    if ((verdict === 'fail') !== fails) throw new ArchiveError('defect/needed', 'caller');
    const changed = [await tx.watch('station_claim', [claimId])];
    const judged = await tx.execute('update station_page set verdict = $3 where claim_id = $1 and page_id = $2', [
      claimId,
      pageId,
      verdict,
    ]);
    if (!judged) throw new ArchiveError('page/not-found', 'caller');
    await tx.query('delete from station_defect where claim_id = $1 and page_id = $2', [claimId, pageId]);
    await tx.query(
      `insert into station_defect (id, claim_id, dossier_id, page_id, code, severity)
       select t.id, $1, $2, $3, t.code, t.severity from unnest($4::uuid[], $5::text[], $6::text[]) as t(id, code, severity)`,
      [
        ...[claimId, claim.dossier_id, pageId, kinds.map(() => desk.clock.newId())],
        ...[kinds.map((k) => k.code), kinds.map((k) => k.severity)],
      ],
    );
    const params = { verdict, defects: kinds.length };
    await tx.log({ kind: 'station.page-judged', place, dossierId: claim.dossier_id, objectId: pageId, params, changed });
  });
}
