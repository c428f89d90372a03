import type { Action, ActorRole, GrantRight, Need, Purpose } from './words.ts';

/** Words for people, Chinese first. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Which categories (档案门类). `except` takes in whatever category comes later, so a line that closes should be written with it. */
export type Categories = 'all' | { readonly in: readonly string[] } | { readonly except: readonly string[] };

/** Hours of the day in minutes from midnight, `from` included and `to` not, and days of the week, 1 Monday to 7 Sunday. */
export interface Hours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

interface LineHead {
  /** Unique in its policy; what an explanation names. */
  readonly id: string;
  readonly note: Words;
  readonly roles: readonly ActorRole[];
  readonly actions: readonly Action[];
  readonly categories: Categories;
  readonly purposes: readonly Purpose[] | 'all';
  readonly hours: Hours | null;
  readonly weekdays: readonly number[] | null;
}

/**
 * Opens something.
 * `by: post` what lies where a post of the account reaches; `grant` what is named to the account for a time; `subject` what is about it.
 */
export interface AllowLine extends LineHead {
  readonly effect: 'allow';
  readonly by: 'post' | 'grant' | 'subject';
  /** By post: the unit alone, the unit and all below it, the fonds and the fonds of all organisations below it, or everything. */
  readonly organisations: 'own-unit' | 'own-subtree' | 'own-organisations' | 'all';
  /** Highest level it opens; null: the clearance of the post. Never above the clearance. */
  readonly level: number | null;
  /** By grant: what must have happened. */
  readonly needs: readonly Need[];
}

/** Closes something, whatever else opens it. */
export interface DenyLine extends LineHead {
  readonly effect: 'deny';
  /** Whose dossiers: anybody's, the actor's own, or also those of relatives. */
  readonly subjects: 'any' | 'self' | 'self-or-relatives';
  /** From this level on; 0 is every level. */
  readonly levelFrom: number;
  /** `audience`: not for a post or grant that belongs to the audience of the category. */
  readonly unless: 'audience' | null;
  /** `restricted`: only the data of a person whose processing is restricted (限制处理). */
  readonly state: 'any' | 'restricted';
}

export type PolicyLine = AllowLine | DenyLine;

/** Who may see what, as data. Written as YAML: docs/spec/policy.md. */
export interface Policy {
  readonly id: string;
  readonly name: Words;
  /** Levels (密级) by name, the lowest first; the number is the place. */
  readonly levels: readonly Words[];
  /** The highest level this installation may hold in electronic form; above it the paper is to be consulted. */
  readonly deploymentLevel: number;
  /** The archive's clock for hours and weekdays. Minutes east of UTC. */
  readonly utcOffsetMinutes: number;
  readonly lines: readonly PolicyLine[];
}

/** One appointment (任职) of an account. */
export interface Post {
  readonly role: ActorRole;
  /** Null: every fonds of the archive. */
  readonly fondsId: string | null;
  /** Root of the unit subtree; null: every unit. */
  readonly unitId: string | null;
  /** Clearance: the highest level. */
  readonly levelMax: number;
  /** Sealed categories whose audience the post belongs to. */
  readonly audiences: readonly string[];
}

/** Something named to one account for a time. */
export interface Grant {
  readonly id: string;
  readonly target: { readonly kind: 'dossier' | 'subject' | 'unit'; readonly id: string };
  readonly rights: readonly GrantRight[];
  readonly purposes: readonly Purpose[];
  /** From this moment on, and until that one, which is not included. Milliseconds since 1970 UTC. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** What has happened of what may be needed. */
  readonly met: readonly Need[];
  readonly audiences: readonly string[];
}

/** The facts of an account that a policy looks at. */
export interface PolicyActor {
  readonly posts: readonly Post[];
  /** Subjects that are this person, in whichever fonds. */
  readonly subjectIds: readonly string[];
  /** Subjects that are relatives of this person. */
  readonly relativeIds: readonly string[];
  readonly grants: readonly Grant[];
}

/** The facts of a dossier, or of anything inside one. */
export interface PolicyThing {
  /** The fonds, then the fonds of the organisations above it. */
  readonly fondsPath: readonly string[];
  /** The unit, then all units above it. */
  readonly unitPath: readonly string[];
  readonly category: string;
  readonly level: number;
  /** Null: it is not there yet. */
  readonly dossierId: string | null;
  readonly subjectId: string | null;
  /** Processing of the subject's data is restricted: it is kept, and no longer processed. */
  readonly restricted: boolean;
}

/** When and why. */
export interface Circumstances {
  readonly atMs: number;
  readonly purpose: Purpose;
}

/** Places named by id; `below`: and everything under them. */
export interface Places {
  readonly ids: readonly string[];
  readonly below: boolean;
}

/** All of these at once. */
export interface Conditions {
  readonly fonds: Places | 'all';
  readonly units: Places | 'all';
  readonly categories: Categories;
  readonly levelMin: number;
  /** Null: without end. */
  readonly levelMax: number | null;
  readonly dossierIds: readonly string[] | 'all';
  readonly subjectIds: readonly string[] | 'all';
  /** `true`: only what is restricted. */
  readonly restrictedOnly: boolean;
}

/** One way to what may be touched: its conditions hold and none of the exceptions does. */
export interface ScopeClause extends Conditions {
  /** The line that opens it. */
  readonly lineId: string;
  readonly except: readonly (Conditions & { readonly lineId: string })[];
}

/** Everything an actor may touch by an action: what any clause takes in. No clause: nothing, though the role may do it somewhere. */
export interface ScopePredicate {
  readonly clauses: readonly ScopeClause[];
}
