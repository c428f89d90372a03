import type { DossierProposals } from '@lantai/proposals';
import { decide, decodeModel, type Model, revise } from '@lantai/proposals/learning';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type TracedProposal, traceOf, traitHasher } from './traces.ts';

/** Whose proposals a model is for. */
export interface LearningPlace {
  readonly fondsId: string;
  readonly schemeId: string;
}

/** Where a model's text is sealed. */
export const modelPlace = (id: string) => ({ table: 'learning_model', column: 'body', rowId: id, version: 1 });

/** A model takes some tens of milliseconds to open; those of a few fonds are kept at hand, opened, as the keys of their fonds are. */
const KEPT_OPEN = 4;
const opened = new WeakMap<Archive['sealer'], Map<string, Model>>();

/** The model in force for a fonds and scheme; null: the rules alone propose. @throws ArchiveError `column/corrupt`, `learning/corrupt` (corruption) */
export async function findModel(sql: Sql, { sealer }: Pick<Archive, 'sealer'>, place: LearningPlace): Promise<Model | null> {
  const row = await sql.one<{ id: string }>(`select id from learning_model where fonds_id = $1 and scheme = $2 and state = 'in_force'`, [
    place.fondsId,
    place.schemeId,
  ]);
  if (!row) return null;
  const kept = opened.get(sealer) ?? new Map<string, Model>();
  opened.set(sealer, kept);
  const known = kept.get(row.id);
  if (known) return known;
  // Asked for apart: a model is large, and mostly at hand.
  const stored = await sql.one<{ body: Uint8Array }>('select body from learning_model where id = $1 and body is not null', [row.id]);
  if (!stored) return null;
  const model = decodeModel(sealer.get({ kind: 'fonds', id: place.fondsId }, modelPlace(row.id), stored.body));
  kept.set(row.id, model);
  for (const id of kept.keys()) if (kept.size > KEPT_OPEN) kept.delete(id);
  return model;
}

/**
 * Proposals of the rules with what the model in force says of class and title, each with the trace that will be settled with it.
 * INVARIANT: the trace holds what the rules said, never what was learned: learning must not learn from itself.
 */
export async function reviseProposals(
  sql: Sql,
  archive: Pick<Archive, 'sealer'>,
  place: LearningPlace,
  { proposals, traits }: DossierProposals,
): Promise<TracedProposal[]> {
  const model = await findModel(sql, archive, place);
  const hash = traitHasher(archive, place.fondsId);
  return proposals.map((proposal, at) => {
    const trace = traceOf(hash, proposal, traits[at]!);
    const { proposal: revised } = revise(proposal, decide(model, trace.features, trace.signature, trace.ruled));
    return { ...revised, trace };
  });
}
