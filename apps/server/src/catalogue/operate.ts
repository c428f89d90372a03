import type { Desk as DeskView, Operation } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { isCountercheckRequired } from '../countercheck/index.ts';
import type { Desk, DeskTx, Watched } from '../desk/index.ts';
import { keepExamples, queueLearning, settleExamples } from '../learning/index.ts';
import { NOTHING_SHOWN, type ShownNow } from '../masking/index.ts';
import { CatalogueDraft, type DeskStep } from './catalogue-draft.ts';
import { type LoadedCatalogue, loadCatalogue } from './catalogue-state.ts';
import { fieldNamer, readFieldDefinitions } from './field-definitions.ts';
import { withoutMasks } from './masked-edits.ts';
import { getFormerState } from './material-versions.ts';
import { type TreeOperation, takeOperations } from './operations.ts';
import { findOrMakePersons } from './page-persons.ts';
import { proposeOf } from './propose-of.ts';
import { readDossierDesk } from './read-desk.ts';
import { saveCatalogue } from './save-catalogue.ts';
import { settledMaterials } from './settled-materials.ts';
import { findLastStep, insertStep, openStep } from './undo-steps.ts';

/** What the desk asks for: operations on the tree as it was at `baseVersion`. */
export interface OperationRequest {
  readonly baseVersion: number;
  readonly operations: readonly Operation[];
}

/**
 * Does operations on a dossier's tree: all of them in one transaction with one entry and one step of undo, or none.
 * @returns the desk as it stands then
 * @throws ArchiveError (caller) `dossier/not-found`, `dossier/changed` when somebody else arranged it since, `operation/undo-alone`,
 *   `catalogue/masked-value`, *   `operation/nothing-to-undo`, `catalogue/changed-since`, and what `takeOperations` refuses
 */
export async function operateDossier(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  request: OperationRequest,
  shown: ShownNow = NOTHING_SHOWN,
): Promise<DeskView> {
  const { view, learning } = await desk.act('material.change', async (tx, scope) => {
    const loaded = await loadCatalogue(tx, archive, scope, dossierId, true);
    const { head } = loaded.state;
    if (head.version !== request.baseVersion) throw new ArchiveError('dossier/changed', 'caller', { version: head.version });
    const draft = new CatalogueDraft(
      loaded.state,
      loaded.pages.map((p) => p.id),
    );
    const undo = request.operations.find((o) => o.type === 'undo');
    if (undo && request.operations.length > 1) throw new ArchiveError('operation/undo-alone', 'caller');
    if (undo) await takeBack(tx, archive, desk, loaded, draft, undo.operationId);
    else await takeForward(tx, archive, desk, loaded, draft, request.operations as readonly TreeOperation[], shown);
    const place = { fondsId: head.place.fondsId, schemeId: loaded.state.scheme.id };
    // Where two persons are asked for, one alone settles nothing.
    const isOpen = await isCountercheckRequired(tx, place);
    const settled = await settleExamples(tx, archive, dossierId, settledMaterials(loaded.state, draft.state, isOpen));
    const read = await readDossierDesk(tx, archive, desk, scope, dossierId, shown);
    const learning = settled ? place : null;
    return { view: read.desk, learning };
  });
  if (learning) await queueLearning(archive, learning);
  return view;
}

async function takeForward(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  loaded: LoadedCatalogue,
  draft: CatalogueDraft,
  asked: readonly TreeOperation[],
  { shown }: ShownNow,
): Promise<void> {
  const { dossierId, place, version } = loaded.state.head;
  const definitions = await readFieldDefinitions(tx, place.fondsId);
  const operations = withoutMasks(asked, loaded.state, shown, fieldNamer(definitions));
  await takeOperations(draft, operations, {
    definitions,
    newId: () => archive.clock.newId(),
    findPersons: (names) =>
      findOrMakePersons(tx, archive, { dossierId, place, known: [...new Set([...draft.state.persons.values()].flat())] }, names),
    propose: () => proposeOf(tx, archive, loaded.state, 'loose'),
    getFormer: (materialId, versionId) => getFormerState(tx, archive, dossierId, materialId, versionId),
  });
  const step = draft.toStep();
  // Nothing to do is done already: no version, no entry.
  if (!step) return;
  const kinds = [...new Set(operations.map((o) => o.type))];
  const kind = kinds.length === 1 ? kinds[0]! : 'several';
  const entryId = archive.clock.newId();
  const changed = await saveCatalogue(tx, archive, loaded, draft.state, entryId, { accountId: desk.actor.accountId });
  await keepExamples(tx, archive, dossierId, draft.laid, entryId);
  await logStep(tx, loaded, { entryId, kind, count: operations.length, changed });
  await insertStep(tx, archive, desk, { dossierId, place, kind, step, dossierVersion: version + 1 });
  // Asked for by hand is proposed too: what is then taken apart is not laid again by itself.
  if (!kinds.includes('propose')) return;
  await tx.query('update page set proposed = true where dossier_id = $1 and not proposed', [dossierId]);
  // Its fields have places now: they are looked at for hints of alteration.
  await archive.queue.send(tx, 'examine', [{ data: { dossierId } }]);
}

async function takeBack(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  loaded: LoadedCatalogue,
  draft: CatalogueDraft,
  operationId: string,
): Promise<void> {
  const { dossierId } = loaded.state.head;
  const last = await findLastStep(tx, dossierId, desk.actor.accountId);
  if (last?.id !== operationId) throw new ArchiveError('operation/nothing-to-undo', 'caller');
  const step: DeskStep = await openStep(tx, archive, dossierId, operationId);
  draft.takeBack(step);
  const entryId = archive.clock.newId();
  const changed = await saveCatalogue(tx, archive, loaded, draft.state, entryId, { accountId: desk.actor.accountId, isUndo: true });
  await logStep(tx, loaded, { entryId, kind: 'undo', count: 1, changed });
  await tx.query('update undo set done = true where id = $1', [operationId]);
}

interface LoggedStep {
  readonly entryId: string;
  readonly kind: string;
  readonly count: number;
  readonly changed: readonly Watched[];
}

function logStep(tx: DeskTx, { state: { head } }: LoadedCatalogue, { entryId, kind, count, changed }: LoggedStep): Promise<string> {
  const { dossierId, place, version } = head;
  return tx.log({
    id: entryId,
    kind: 'dossier.arranged',
    place,
    dossierId,
    objectId: dossierId,
    params: { operation: kind, count, version: version + 1 },
    changed,
  });
}
