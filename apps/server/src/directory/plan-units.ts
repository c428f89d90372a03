import { type DirectoryRefusal, type DirectoryUnit, refusal } from './directory-list.ts';

/** A unit of the fonds as it is. */
export interface KnownUnit {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly isMerged: boolean;
}

/** What is to become of one unit of a list. */
export interface UnitStep {
  readonly row: number | null;
  readonly code: string;
  readonly act: 'create' | 'change' | 'nothing' | 'refused';
  readonly changes: readonly ('name' | 'parentCode')[];
  readonly refusal: DirectoryRefusal | null;
  readonly unit: DirectoryUnit;
}

const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u;
const NAME_CHARS_MAX = 100;

/**
 * What a list wants of the units of a fonds, parents before children. A unit that is not named stays: units are merged or split by people.
 * @param known every unit of the fonds, the root among them
 * @param mayOrganise whether who asks may change the tree at all
 * @param belowCode the unit below which the source speaks: one that lies elsewhere is neither moved nor renamed; null: the whole fonds
 */
export function planUnits(
  list: readonly DirectoryUnit[],
  known: readonly KnownUnit[],
  mayOrganise: boolean,
  belowCode: string | null = null,
): UnitStep[] {
  const isOwn = belowCode === null ? () => true : placeBelow(known, belowCode);
  const byCode = new Map(known.map((u) => [u.code, u]));
  const codeOf = new Map(known.map((u) => [u.id, u.code]));
  const root = known.find((u) => u.parentId === null);
  const listed = new Map<string, DirectoryUnit>();
  const steps = new Map<DirectoryUnit, UnitStep>();
  const refuse = (unit: DirectoryUnit, why: DirectoryRefusal) =>
    steps.set(unit, { row: unit.row, code: unit.code, act: 'refused', changes: [], refusal: why, unit });
  for (const unit of list) {
    const why = findMalformed(unit) ?? (listed.has(unit.code) ? refusal('directory/duplicate', 'code') : null);
    if (why) refuse(unit, why);
    else listed.set(unit.code, unit);
  }
  const order: UnitStep[] = [];
  const place = (unit: DirectoryUnit, below: readonly string[]): UnitStep => {
    const done = steps.get(unit);
    if (done) return done;
    const step = placed(unit, below);
    steps.set(unit, step);
    if (step.act !== 'refused') order.push(step);
    return step;
  };
  const placed = (unit: DirectoryUnit, below: readonly string[]): UnitStep => {
    const no = (why: DirectoryRefusal): UnitStep => ({ row: unit.row, code: unit.code, act: 'refused', changes: [], refusal: why, unit });
    const parentCode = unit.parentCode ?? root?.code ?? null;
    const there = byCode.get(unit.code);
    if (there?.isMerged) return no(refusal('directory/unit-merged', 'code'));
    if (there && !isOwn(there)) return no(refusal('directory/unit-outside', 'code'));
    const isRoot = there !== undefined && there.id === root?.id;
    if (parentCode === unit.code && !isRoot) return no(refusal('directory/unit-circle', 'parentCode'));
    const above = parentCode === null || isRoot ? null : listed.get(parentCode);
    if (above && below.includes(above.code)) return no(refusal('directory/unit-circle', 'parentCode'));
    const parent = above ? place(above, [...below, unit.code]) : null;
    // What waits for another's office waits with all that lies below it.
    if (parent?.refusal?.code === 'directory/not-your-office') return no(parent.refusal);
    if (parent?.act === 'refused') return no(refusal('directory/unit-parent-refused', 'parentCode'));
    if (parentCode !== null && !isRoot && !above && !isUsable(byCode.get(parentCode)))
      return no(refusal('directory/unit-unknown', 'parentCode'));
    const changes = there ? changesOf(unit, there, isRoot ? null : parentCode, codeOf) : [];
    const act = there ? (changes.length ? 'change' : 'nothing') : 'create';
    if (act !== 'nothing' && !mayOrganise) return no(refusal('directory/not-your-office', null, { right: 'organisation.change' }));
    return { row: unit.row, code: unit.code, act, changes, refusal: null, unit };
  };
  for (const unit of list) place(unit, [unit.code]);
  const refused = list.map((unit) => steps.get(unit)!).filter((step) => step.act === 'refused');
  return [...order, ...refused];
}

/** Whether a unit lies below the one with this code; the one itself does not. */
function placeBelow(known: readonly KnownUnit[], code: string): (unit: KnownUnit) => boolean {
  const byId = new Map(known.map((u) => [u.id, u]));
  return (unit) => {
    for (let above = byId.get(unit.parentId ?? ''); above; above = byId.get(above.parentId ?? '')) if (above.code === code) return true;
    return false;
  };
}

/**
 * Codes of units in use that a list of a source does not name, below the one it speaks of. They stay: units are merged by people.
 * @param belowCode null: the whole fonds but its root
 */
export function unnamedUnits(list: readonly DirectoryUnit[], known: readonly KnownUnit[], belowCode: string | null): string[] {
  const named = new Set(list.map((u) => u.code));
  const isOwn = belowCode === null ? (u: KnownUnit) => u.parentId !== null : placeBelow(known, belowCode);
  return known.filter((u) => !u.isMerged && isOwn(u) && !named.has(u.code)).map((u) => u.code);
}

const isUsable = (unit: KnownUnit | undefined) => unit !== undefined && !unit.isMerged;

function findMalformed(unit: DirectoryUnit): DirectoryRefusal | null {
  if (!CODE.test(unit.code)) return refusal('directory/code-malformed', 'code');
  if (!unit.name.trim() || [...unit.name].length > NAME_CHARS_MAX)
    return refusal('directory/name-malformed', 'name', { max: NAME_CHARS_MAX });
  return null;
}

/** Names of the root are the fonds' and stay; a list cannot move it. */
function changesOf(
  unit: DirectoryUnit,
  there: KnownUnit,
  parentCode: string | null,
  codeOf: ReadonlyMap<string, string>,
): ('name' | 'parentCode')[] {
  if (there.parentId === null) return [];
  return [
    ...(unit.name.trim() === there.name ? [] : (['name'] as const)),
    ...(codeOf.get(there.parentId) === parentCode ? [] : (['parentCode'] as const)),
  ];
}
