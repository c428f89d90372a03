import type { KeyFact } from '@lantai/catalogue';
import type { DeterminationView, KeyFacts, KeyFactView } from '@lantai/contract';
import { Masker } from '@lantai/search';
import { comparePartialDates, formatPartialDate } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type FiledDossier, readFiledDossier } from '../catalogue/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { NOTHING_SHOWN, type ShownNow } from '../masking/index.ts';
import { type DeterminationRow, determinedOf, openBody, openReview, readDeterminations } from './determination-rows.ts';
import { type DocumentRow, readDocuments } from './document-rows.ts';
import { type HintRow, openHintReason, readHints } from './hint-rows.ts';
import { careerOfDossier, judgeDossier } from './judge-dossier.ts';
import { type MarkRow, marksByMaterial, openReason, readMarks } from './mark-assertion.ts';

/**
 * The key facts of a dossier: what its materials say, what disagrees and why it may. One entry, whatever it shows; numbers masked.
 * @throws ArchiveError `dossier/not-found`, `desk/not-allowed` (caller)
 */
export function readKeyFacts(archive: Archive, desk: Desk, dossierId: string, shown: ShownNow = NOTHING_SHOWN): Promise<KeyFacts> {
  return desk.act('dossier.read', async (tx, scope) => {
    const dossier = await readFiledDossier(tx, archive, scope, dossierId);
    const said = await readSaid(tx, archive, dossierId, desk.actor.accountId);
    const facts = judgeDossier(archive, dossier, {
      determinations: determinedOf(archive.sealer, said.rows),
      marks: marksByMaterial(said.marks),
    });
    const conflicts = facts.reduce((n, f) => n + f.conflicts.length, 0);
    await tx.log({ kind: 'key-facts.opened', place: dossier.place, dossierId, params: { materials: dossier.materials.length, conflicts } });
    return viewOf(archive, dossier, facts, said, shown);
  });
}

/** What persons said of the facts beside the catalogue. */
interface Said {
  readonly rows: readonly DeterminationRow[];
  readonly marks: readonly MarkRow[];
  readonly documents: readonly DocumentRow[];
  readonly hints: readonly HintRow[];
  readonly names: ReadonlyMap<string, string>;
}

async function readSaid(tx: DeskTx, archive: Archive, dossierId: string, accountId: string): Promise<Said> {
  const rows = await readDeterminations(tx, dossierId, accountId);
  const documents = await readDocuments(tx, dossierId);
  const names = await accountNames(archive, tx, [
    ...rows.flatMap((row) => [row.made_by, ...(row.decided_by ? [row.decided_by] : [])]),
    ...documents.map((d) => d.made_by),
  ]);
  return { rows, names, documents, marks: await readMarks(tx, dossierId), hints: await readHints(tx, dossierId) };
}

function viewOf(archive: Archive, dossier: FiledDossier, facts: readonly KeyFact[], said: Said, { shown, untilMs }: ShownNow): KeyFacts {
  const masker = new Masker(shown);
  const career = careerOfDossier(dossier);
  const named = new Set([
    ...career.flatMap((row) => row.materialIds),
    ...said.documents.map((d) => d.material_id),
    ...facts.flatMap((f) => [...f.assertions.map((a) => a.materialId), ...f.notes.flatMap((n) => n.materialIds)]),
  ]);
  const views = facts.map((fact) => factView(archive, fact, dossier, said, masker));
  return {
    dossierId: dossier.dossierId,
    facts: views,
    career: career.map((row) => ({ ...row, place: masker.text(row.place), materialIds: [...row.materialIds] })),
    materials: dossier.materials
      .filter((m) => named.has(m.id))
      .sort((a, b) => comparePartialDates(a.date, b.date))
      .map((m) => ({
        id: m.id,
        code: m.code,
        title: masker.text(m.title ?? ''),
        date: m.date && formatPartialDate(m.date),
        state: m.state,
        pageIds: [...m.pageIds],
      })),
    masking: { hidden: masker.hidden, shownUntilMs: untilMs },
  };
}

function factView(archive: Archive, fact: KeyFact, dossier: FiledDossier, said: Said, masker: Masker): KeyFactView {
  const name = dossier.nameOf(fact.code);
  const mask = (value: string) => masker.field(name, value);
  const basis = fact.assertions.find((a) => a.weighs && a.materialId === fact.basis);
  return {
    code: fact.code,
    result: fact.result,
    value: fact.value === null ? null : mask(fact.value),
    basis: fact.basis,
    assertions: fact.assertions.map((a) => ({
      materialId: a.materialId,
      value: a.value === null ? null : mask(a.value),
      // Words of a page may hold more than the field's own kind.
      written: masker.text(mask(a.written)),
      madeOn: a.madeOn && formatPartialDate(a.madeOn),
      pageId: a.pageId,
      box: a.box && [...a.box],
      confidence01: a.confidence01,
      flags: [...a.flags],
      mark: markOf(archive, said, fact.code, a.materialId, masker),
      hints: hintViews(archive, dossier, said, { fact: fact.code, materialId: a.materialId }, masker),
      weighs: a.weighs,
      role: roleOf(a.materialId, a.weighs, fact, basis?.materialId ?? null),
    })),
    conflicts: fact.conflicts.map(({ fact: _, ...c }) => ({ ...c, value: mask(c.value) })),
    notes: fact.notes.map(({ fact: _, ...n }) => ({ ...n, params: { ...n.params }, materialIds: [...n.materialIds] })),
    determinations: determinationViews(archive, fact.code, said, mask, masker),
  };
}

/** Hints on what a material says of a fact, where they lie on the page as it is shown now. */
function hintViews(
  { sealer }: Archive,
  { placeNow }: FiledDossier,
  { hints }: Said,
  { fact, materialId }: { readonly fact: string; readonly materialId: string },
  masker: Masker,
): KeyFactView['assertions'][number]['hints'] {
  return hints
    .filter((h) => h.fact === fact && h.material_id === materialId)
    .map((h) => ({
      id: h.id,
      code: h.code,
      pageId: h.page_id,
      box: placeNow(h.page_id, h.box, h.turned) as [number, number, number, number] | null,
      measured: h.measured,
      limit: h.limit_value,
      version: h.version,
      state: h.state,
      reason: masker.text(openHintReason(sealer, h)),
    }));
}

function roleOf(
  materialId: string,
  weighs: boolean,
  { conflicts }: KeyFact,
  basis: string | null,
): 'basis' | 'agrees' | 'deviates' | 'none' {
  if (materialId === basis) return 'basis';
  if (conflicts.some((c) => c.materialId === materialId)) return 'deviates';
  return weighs ? 'agrees' : 'none';
}

function markOf(
  { sealer }: Archive,
  { marks }: Said,
  fact: string,
  materialId: string,
  masker: Masker,
): KeyFactView['assertions'][number]['mark'] {
  const row = marks.find((m) => m.fact === fact && m.material_id === materialId);
  return row ? { kind: row.mark, reason: masker.text(openReason(sealer, row)) } : null;
}

function determinationViews(
  { sealer }: Archive,
  fact: string,
  { rows, names, documents }: Said,
  mask: (text: string) => string,
  masker: Masker,
): DeterminationView[] {
  const own = rows.filter((row) => row.fact === fact).map((row) => ({ row, body: openBody(sealer, row) }));
  // As the rules take it: the latest by the day of the determination, of one day the last proposed.
  const current = own
    .filter(({ row }) => row.state === 'confirmed')
    .reduce<(typeof own)[number] | null>((best, one) => (best && one.body.decidedOn < best.body.decidedOn ? best : one), null);
  return own.map((one) => ({
    ...one.body,
    value: mask(one.body.value),
    reasons: masker.text(one.body.reasons),
    materialIds: [...one.body.materialIds],
    id: one.row.id,
    state: one.row.state,
    isCurrent: one === current,
    proposedByName: names.get(one.row.made_by) ?? '',
    proposedAtMs: one.row.created_at_ms,
    reviewedByName: names.get(one.row.decided_by ?? '') ?? '',
    reviewedAtMs: one.row.decided_at_ms,
    review: masker.text(openReview(sealer, one.row)),
    documents: documents
      .filter((d) => d.determination_id === one.row.id)
      .reverse()
      .map((d) => ({ materialId: d.material_id, way: d.way, byName: names.get(d.made_by) ?? '', atMs: d.created_at_ms })),
    isOwn: one.row.is_own,
  }));
}
