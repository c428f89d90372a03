import { ACTIONS, type Action, type ActorRole } from './words.ts';

/** The facts of an actor that the policy looks at. */
export interface PolicyActor {
  readonly role: ActorRole;
  /** Fonds the actor works for; null: every fonds of the archive. */
  readonly fondsId: string | null;
  /** Root of the unit subtree the actor works for; null: every unit. */
  readonly unitId: string | null;
  readonly levelMax: number;
}

/** Where a thing lies, with the unit and all units above it. */
export interface PolicyThing {
  readonly fondsId: string;
  readonly unitPath: readonly string[];
  readonly category: string;
  readonly level: number;
}

/** One predicate for reading, listing, searching, counting and exporting alike. */
export interface ScopePredicate {
  readonly fondsIds: readonly string[] | 'all';
  /** Roots of unit subtrees. */
  readonly unitRoots: readonly string[] | 'all';
  readonly categories: readonly string[] | 'all';
  readonly levelMax: number;
}

export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'role' | 'fonds' | 'unit' | 'category' | 'level' };

const ARCHIVE_WORK: readonly Action[] = [
  'dossier.list',
  'dossier.read',
  'dossier.create',
  'dossier.change',
  'page.view',
  'page.download',
  'page.import',
  'search',
  'material.change',
  'catalogue.export',
  'jobs.read',
  'jobs.manage',
  'receipt.make',
];

/**
 * INVARIANT: no administrator does archive business, and nobody holds two of the three administrators' rights (三员分立),
 * but for the owner of a trial archive, which holds nobody's real papers.
 */
const RIGHTS: Readonly<Record<ActorRole, ReadonlySet<Action>>> = {
  archivist: new Set<Action>([...ARCHIVE_WORK, 'archive.export']),
  unit_clerk: new Set<Action>(['dossier.list', 'dossier.read', 'page.view', 'search', 'receipt.make']),
  system_admin: new Set<Action>(['jobs.read', 'jobs.manage', 'archive.backup', 'archive.check']),
  security_admin: new Set<Action>(['account.manage', 'policy.read', 'policy.change', 'grant.end', 'kinship.declare', 'kinship.end']),
  audit_admin: new Set<Action>(['log.read', 'receipt.make']),
  reader: new Set<Action>(),
  person: new Set<Action>(),
  trial_owner: new Set<Action>(ACTIONS),
};

/** What an actor may touch by this action; null when the role may not do it at all. */
export function scope(actor: PolicyActor, action: Action): ScopePredicate | null {
  if (!RIGHTS[actor.role].has(action)) return null;
  return {
    fondsIds: actor.fondsId === null ? 'all' : [actor.fondsId],
    unitRoots: actor.unitId === null ? 'all' : [actor.unitId],
    categories: 'all',
    levelMax: actor.levelMax,
  };
}

/** Whether the actor may do this to this thing, or at all when `thing` is null. The reason is for explaining, never for telling what exists. */
export function decide(actor: PolicyActor, action: Action, thing: PolicyThing | null): Verdict {
  const predicate = scope(actor, action);
  if (!predicate) return { allowed: false, reason: 'role' };
  if (!thing) return { allowed: true };
  const has = (list: readonly string[] | 'all', values: readonly string[]) => list === 'all' || values.some((v) => list.includes(v));
  if (!has(predicate.fondsIds, [thing.fondsId])) return { allowed: false, reason: 'fonds' };
  if (!has(predicate.unitRoots, thing.unitPath)) return { allowed: false, reason: 'unit' };
  if (!has(predicate.categories, [thing.category])) return { allowed: false, reason: 'category' };
  if (thing.level > predicate.levelMax) return { allowed: false, reason: 'level' };
  return { allowed: true };
}

/** Actions a role may do somewhere: what a screen offers. */
export function rightsOf(role: ActorRole): readonly Action[] {
  return ACTIONS.filter((a) => RIGHTS[role].has(a));
}
