import type { CountercheckAct, Desk as DeskView } from '@lantai/contract';
import { ArchiveError, type MaterialId } from '@lantai/values';
import { accountsOfPerson } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import {
  type CheckDecision,
  type CheckRow,
  decideCheck,
  hasArranged,
  isCountercheckRequired,
  ownPart,
  readChecks,
} from '../countercheck/index.ts';
import type { Desk, DeskTx, Watched } from '../desk/index.ts';
import { queueLearning, settleExamples } from '../learning/index.ts';
import { NOTHING_SHOWN, type ShownNow } from '../masking/index.ts';
import { type CatalogueState, type LoadedCatalogue, loadCatalogue } from './catalogue-state.ts';
import { readDossierDesk } from './read-desk.ts';
import { settledOf } from './settled-materials.ts';

/** A person's word on materials of a dossier as it was at `baseVersion`. */
export interface CountercheckRequest {
  readonly baseVersion: number;
  readonly act: CountercheckAct;
}

/**
 * The word of a second person (双人复核) on materials that were confirmed: passed, or returned with a reason; or the answer to a return. One transaction,
 * one entry. What was passed already stays as it is.
 *
 * Who put something into a material that nobody else has passed does not pass it: passing it then says that the person has looked at what the others
 * put in, and it waits for another. INVARIANT: by no account of the own, with no right and in no emergency does one person do both.
 * @returns the desk as it stands then
 * @throws ArchiveError (caller) `dossier/not-found`, `dossier/changed`, `countercheck/off`, `countercheck/own`, `countercheck/not-confirmed`,
 *   `countercheck/not-returned`, `countercheck/returned-already`, `material/not-found`
 */
export async function countercheckMaterials(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  { baseVersion, act }: CountercheckRequest,
  shown: ShownNow = NOTHING_SHOWN,
): Promise<DeskView> {
  const mine = await accountsOfPerson(archive, desk.actor.accountId);
  const { view, learning } = await desk.act('material.change', async (tx, scope) => {
    const loaded = await loadCatalogue(tx, archive, scope, dossierId, true);
    const { head, scheme } = loaded.state;
    const place = { fondsId: head.place.fondsId, schemeId: scheme.id };
    if (!(await isCountercheckRequired(tx, place))) throw new ArchiveError('countercheck/off', 'caller');
    if (head.version !== baseVersion) throw new ArchiveError('dossier/changed', 'caller', { version: head.version });
    const passed = await decide(tx, archive, desk, loaded, act, mine);
    const settled = await settleExamples(
      tx,
      archive,
      dossierId,
      passed.map((id) => settledOf(loaded.state, id)),
    );
    const read = await readDossierDesk(tx, archive, desk, scope, dossierId, shown);
    return { view: read.desk, learning: settled ? place : null };
  });
  if (learning) await queueLearning(archive, learning);
  return view;
}

/** Decides each material of the act and appends its entry. Returns those that are passed now. */
async function decide(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  { state }: LoadedCatalogue,
  act: CountercheckAct,
  mine: readonly string[],
): Promise<MaterialId[]> {
  const { dossierId, place } = state.head;
  const ids = act.type === 'pass' ? [...new Set(act.materialIds)] : [act.materialId];
  const rows = await readChecks(tx, ids, true);
  const own = { mine, arranged: await hasArranged(tx, dossierId, mine), accountId: desk.actor.accountId };
  const entryId = archive.clock.newId();
  const acted = { dossierId, accountId: desk.actor.accountId, entryId };
  const changed: Watched[] = [];
  const passed: MaterialId[] = [];
  for (const id of ids) {
    const materialId = getConfirmed(state, id);
    const row = rows.get(materialId);
    if (act.type === 'pass' && row?.state === 'passed') continue;
    const decision = DECIDES[act.type](row, act as never, own);
    changed.push(...(await decideCheck(tx, archive, { materialId, row, decision }, acted)));
    if (decision.to === 'passed') passed.push(materialId);
  }
  if (!changed.length) return [];
  const params = { count: ids.length, passed: passed.length };
  await tx.log({ id: entryId, kind: KINDS[act.type], place, dossierId, objectId: dossierId, params, changed });
  return passed;
}

const KINDS = { pass: 'countercheck.passed', return: 'countercheck.returned', answer: 'countercheck.answered' } as const;

interface Own {
  readonly mine: readonly string[];
  readonly arranged: boolean;
  readonly accountId: string;
}

type Of<T extends CountercheckAct['type']> = Extract<CountercheckAct, { type: T }>;

const DECIDES: {
  readonly [T in CountercheckAct['type']]: (row: CheckRow | undefined, act: Of<T>, own: Own) => CheckDecision;
} = {
  pass: (row, _, { mine, arranged, accountId }) => {
    const part = ownPart(row, mine, arranged);
    if (part.isSole) throw new ArchiveError('countercheck/own', 'caller');
    // One has looked at what the others put in; what is left is one's own.
    return part.isAmong ? { to: 'waiting', firstBy: [accountId], firstUnknown: false, answer: null } : { to: 'passed' };
  },
  return: (row, { reason }, { mine, arranged }) => {
    if (row?.state === 'returned') throw new ArchiveError('countercheck/returned-already', 'caller');
    // Whoever has a part in it sends nothing back: it is theirs to mend.
    if (ownPart(row, mine, arranged).isAmong) throw new ArchiveError('countercheck/own', 'caller');
    return { to: 'returned', words: reason };
  },
  answer: (row, { words }, { mine, accountId }) => {
    if (row?.state !== 'returned') throw new ArchiveError('countercheck/not-returned', 'caller');
    if (row.second_by !== null && mine.includes(row.second_by)) throw new ArchiveError('countercheck/own', 'caller');
    return { to: 'waiting', firstBy: [...new Set([...row.first_by, accountId])], firstUnknown: row.first_unknown, answer: words };
  },
};

/** @throws ArchiveError `material/not-found`, `countercheck/not-confirmed` (caller) */
function getConfirmed({ marks }: CatalogueState, id: string): MaterialId {
  const mark = marks.get(id as MaterialId);
  if (!mark) throw new ArchiveError('material/not-found', 'caller');
  if (mark.state !== 'confirmed') throw new ArchiveError('countercheck/not-confirmed', 'caller');
  return id as MaterialId;
}
