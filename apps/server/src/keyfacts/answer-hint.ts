import type { Archive } from '../archive/index.ts';
import { readFiledDossier } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { getDossierOfHint, lockHint, sealHintReason } from './hint-rows.ts';
import { layMark, readMarks } from './mark-assertion.ts';
import { refuseOwnDossier } from './propose-determination.ts';

/** What a person says of a hint, having looked at the page. */
export interface HintAnswer {
  readonly answer: 'no_concern' | 'concern';
  /** What was seen on the paper. */
  readonly reason: string;
}

/**
 * Answers a hint of alteration: seen, with or without concern. A concern marks what the material says as altered (涂改), unless a person marked it already;
 * without one nothing else changes: a mark is lifted where it is laid. A later answer takes the place of an earlier one, and both are entries.
 * @throws ArchiveError `hint/not-found`, `determination/own-dossier` (caller)
 */
export function answerHint(archive: Archive, desk: Desk, hintId: string, { answer, reason }: HintAnswer): Promise<void> {
  return desk.act('material.change', async (tx, scope) => {
    const dossierId = await getDossierOfHint(tx, scope, hintId);
    const { place, subjectId } = await readFiledDossier(tx, archive, scope, dossierId, true);
    await refuseOwnDossier(tx, desk, subjectId);
    const { material_id: materialId, fact, code } = await lockHint(tx, hintId);
    const [entryId, nowMs] = [desk.clock.newId(), desk.clock.nowMs()];
    const changed = [await tx.watch('alteration_hint', [hintId])];
    await tx.query('update alteration_hint set state = $2, reason = $3, answered_by = $4, answered_at_ms = $5 where id = $1', [
      hintId,
      answer,
      sealHintReason(desk.sealer, dossierId, hintId, reason),
      desk.actor.accountId,
      nowMs,
    ]);
    const isMarked = (await readMarks(tx, dossierId)).some((m) => m.material_id === materialId && m.fact === fact);
    if (answer === 'concern' && !isMarked)
      changed.push(
        await layMark(tx, desk, dossierId, { materialId, fact, mark: 'altered', reason }, { id: desk.clock.newId(), entryId, nowMs }),
      );
    const params = { fact, code, answer };
    await tx.log({ id: entryId, kind: 'alteration.answered', place, dossierId, objectId: hintId, params, changed });
  });
}
