import { isDeepStrictEqual } from 'node:util';
import { type Arrangement, applySteps, type DossierMaterial, invertSteps, type Step, type SubjectFacts } from '@lantai/catalogue';
import { ArchiveError, type MaterialId, type PageId } from '@lantai/values';
import type { Trace } from '../learning/index.ts';
import type { CatalogueState, PageFacts, Superseded } from './catalogue-state.ts';
import { findClassOfCode, nextMaterialCode } from './material-codes.ts';
import type { MaterialDoubt, MaterialMark } from './material-rows.ts';

/** What is neither order nor description: a value as it was and as it became, by the thing it belongs to. */
type Changed<K extends string, V> = readonly (readonly [id: K, before: V, after: V])[];

/**
 * A step of the desk, taken whole or taken back whole. Kept sealed: it holds titles.
 * Like the steps of the arrangement it says what stood before, so that taking it back never overwrites what somebody did meanwhile.
 */
export interface DeskStep {
  readonly steps: readonly Step[];
  readonly marks: Changed<MaterialId, MaterialMark | null>;
  readonly turns: Changed<PageId, PageFacts['turned']>;
  readonly persons: Changed<PageId, readonly string[]>;
  readonly tags: readonly [before: readonly string[], after: readonly string[]] | null;
  readonly fields: readonly [before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>] | null;
  /** Absent in steps kept before there were any; so are those below. */
  readonly superseded?: Changed<PageId, Superseded | null>;
  readonly facts?: readonly [before: SubjectFacts, after: SubjectFacts] | null;
}

/** What a new material starts with. */
export const NEW_MARK: MaterialMark = {
  code: null,
  state: 'draft',
  origin: 'scanned',
  confidence: { classCode: null, title: null, date: null },
  evidence: {},
};

const changedSince = () => new ArchiveError('catalogue/changed-since', 'caller');

/** A dossier's catalogue while operations are laid on it; nothing is written. It remembers what was done, for the undo. */
export class CatalogueDraft {
  readonly before: CatalogueState;
  #state: CatalogueState;
  readonly #steps: Step[] = [];
  readonly #arrival: ReadonlyMap<PageId, number>;
  /** What proposals were laid, by the material each made: kept for learning once the material is there. */
  readonly laid = new Map<MaterialId, Trace>();
  /** Class and mark under which a material's code was last found to be right. */
  readonly #settled = new Map<MaterialId, { readonly classCode: string | null; readonly mark: MaterialMark }>();

  /** @param arrival all pages of the dossier in order of arrival */
  constructor(before: CatalogueState, arrival: readonly PageId[]) {
    this.before = before;
    this.#state = before;
    this.#arrival = new Map(arrival.map((id, at) => [id, at]));
  }

  get state(): CatalogueState {
    return this.#state;
  }

  get arrangement(): Arrangement {
    return this.#state.arrangement;
  }

  /** @throws ArchiveError `material/not-found` (caller) */
  getMaterial(id: string): DossierMaterial {
    const found = this.arrangement.materials.find((m) => m.id === id);
    if (!found) throw new ArchiveError('material/not-found', 'caller');
    return found;
  }

  getMark(id: MaterialId): MaterialMark {
    return this.#state.marks.get(id) ?? NEW_MARK;
  }

  /** @throws ArchiveError (caller) `page/not-found` when one is not of this dossier, `page/superseded` when a better scan took its place */
  checkPages(ids: readonly string[]): PageId[] {
    if (ids.some((id) => !this.#arrival.has(id as PageId))) throw new ArchiveError('page/not-found', 'caller');
    if (ids.some((id) => this.#state.superseded.has(id as PageId))) throw new ArchiveError('page/superseded', 'caller');
    return ids as PageId[];
  }

  /** Takes the steps of a plan. */
  take(steps: readonly Step[]): void {
    const arrangement = applySteps(this.arrangement, steps);
    this.#steps.push(...steps);
    const marks = new Map(this.#state.marks);
    for (const step of steps) {
      if (step.kind === 'create') marks.set(step.material.id, NEW_MARK);
      if (step.kind === 'remove') marks.delete(step.material.id);
    }
    this.#state = { ...this.#state, arrangement: this.#withLooseInOrder(arrangement), marks };
  }

  /** Loose pages always lie in order of arrival, so that where one lies needs no remembering. */
  #withLooseInOrder(arrangement: Arrangement): Arrangement {
    const at = (id: PageId) => this.#arrival.get(id) ?? 0;
    return { ...arrangement, loose: [...arrangement.loose].sort((a, b) => at(a) - at(b)) };
  }

  setMark(id: MaterialId, change: Partial<MaterialMark>): void {
    this.#state = { ...this.#state, marks: new Map(this.#state.marks).set(id, { ...this.getMark(id), ...change }) };
  }

  /** What is left for a person to look at; none leaves the mark as one that never had any. */
  setDoubts(id: MaterialId, doubts: readonly MaterialDoubt[]): void {
    const { doubts: _, ...mark } = this.getMark(id);
    this.#state = { ...this.#state, marks: new Map(this.#state.marks).set(id, doubts.length ? { ...mark, doubts } : mark) };
  }

  setTurn(id: PageId, turned: PageFacts['turned']): void {
    this.#state = { ...this.#state, turns: new Map(this.#state.turns).set(id, turned) };
  }

  setPersons(id: PageId, subjectIds: readonly string[]): void {
    const persons = new Map(this.#state.persons);
    if (subjectIds.length) persons.set(id, subjectIds);
    else persons.delete(id);
    this.#state = { ...this.#state, persons };
  }

  /** Says what took the place of a page, or that it stands again. */
  setSuperseded(id: PageId, gaveWay: Superseded | null): void {
    const superseded = new Map(this.#state.superseded);
    if (gaveWay) superseded.set(id, gaveWay);
    else superseded.delete(id);
    this.#state = { ...this.#state, superseded };
  }

  setTags(tags: readonly string[]): void {
    this.#state = { ...this.#state, tags };
  }

  setFields(fields: Readonly<Record<string, string>>): void {
    this.#state = { ...this.#state, fields };
  }

  setFacts(facts: SubjectFacts): void {
    this.#state = { ...this.#state, facts };
  }

  /**
   * Gives confirmed materials the code of the class they came to lie in, and takes it from those that lie in none any more.
   * A code never lies: it names its class, so a material that leaves its class leaves its number free.
   */
  settleCodes(): void {
    for (const { id, classCode } of this.arrangement.materials) {
      const mark = this.getMark(id);
      const settled = this.#settled.get(id);
      if (mark.state !== 'confirmed' || (settled?.mark === mark && settled.classCode === classCode)) continue;
      if (classCode === null) this.setMark(id, { state: 'draft', code: null });
      else if (mark.code === null || (findClassOfCode(this.#state, mark.code) ?? classCode) !== classCode) {
        this.setMark(id, { code: null });
        this.setMark(id, { code: nextMaterialCode(this.#state, classCode) });
      }
      this.#settled.set(id, { classCode, mark: this.getMark(id) });
    }
  }

  /** What was done, so that it can be taken back; null when nothing changed. */
  toStep(): DeskStep | null {
    const { before } = this;
    const after = this.#state;
    const step: DeskStep = {
      steps: this.#steps,
      marks: changes(before.marks, after.marks, null),
      turns: changes(before.turns, after.turns, 0),
      persons: changes(before.persons, after.persons, []),
      superseded: changes<PageId, Superseded | null>(before.superseded, after.superseded, null),
      tags: isDeepStrictEqual(before.tags, after.tags) ? null : [before.tags, after.tags],
      fields: isDeepStrictEqual(before.fields, after.fields) ? null : [before.fields, after.fields],
      facts: isDeepStrictEqual(before.facts, after.facts) ? null : [before.facts, after.facts],
    };
    const { steps, marks, turns, persons, superseded, tags, fields, facts } = step;
    const isEmpty = ![steps, marks, turns, persons, superseded ?? []].some((changed) => changed.length) && !tags && !fields && !facts;
    return isEmpty ? null : step;
  }

  /**
   * Takes a step back.
   * @throws ArchiveError `catalogue/changed-since` (caller) when something it touched was changed after it
   */
  takeBack(step: DeskStep): void {
    const { state } = this;
    const stands = (now: unknown, then: unknown) => {
      if (!isDeepStrictEqual(now, then)) throw changedSince();
    };
    for (const [id, , after] of step.marks) stands(state.marks.get(id) ?? null, after);
    for (const [id, , after] of step.turns) stands(state.turns.get(id), after);
    for (const [id, , after] of step.persons) stands(state.persons.get(id) ?? [], after);
    for (const [id, , after] of step.superseded ?? []) stands(state.superseded.get(id) ?? null, after);
    if (step.tags) stands(state.tags, step.tags[1]);
    if (step.fields) stands(state.fields, step.fields[1]);
    if (step.facts) stands(state.facts, step.facts[1]);
    for (const inverse of invertSteps(step.steps)) this.take([this.#whereLooseLies(inverse)]);
    for (const [id, before] of step.marks) if (before) this.setMark(id, before);
    for (const [id, before] of step.turns) this.setTurn(id, before);
    for (const [id, before] of step.persons) this.setPersons(id, before);
    for (const [id, before] of step.superseded ?? []) this.setSuperseded(id, before);
    if (step.tags) this.setTags(step.tags[0]);
    if (step.fields) this.setFields(step.fields[0]);
    if (step.facts) this.setFacts(step.facts[0]);
    const codes = [...this.#state.marks.values()].flatMap(({ code }) => (code === null ? [] : [code]));
    // A number that came free was given to another material meanwhile.
    if (new Set(codes).size !== codes.length) throw changedSince();
  }

  /** A step with the places among the loose pages as they are now: pages may have come or gone there, and their order is that of arrival. */
  #whereLooseLies(step: Step): Step {
    if (step.kind !== 'place') return step;
    const { loose } = this.arrangement;
    const from = step.from.material === null ? { ...step.from, index: loose.indexOf(step.page) } : step.from;
    if (from.index < 0) throw changedSince();
    const to = step.to.material === null ? { ...step.to, index: from.material === null ? loose.length - 1 : loose.length } : step.to;
    return { ...step, from, to };
  }
}

/** What differs between two tables, with what stands for an absent value. */
function changes<K extends string, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>, absent: V | null): (readonly [K, V, V])[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const pair = [before.get(key) ?? absent, after.get(key) ?? absent] as const;
    return isDeepStrictEqual(pair[0], pair[1]) ? [] : [[key, pair[0], pair[1]] as readonly [K, V, V]];
  });
}
