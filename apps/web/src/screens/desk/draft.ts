import type { Schemas } from '../../api/client.ts';
import type { FieldValue, Material } from './desk-data.ts';
import { cellsOf, type DateCells, dateOfCells } from './typed-date.ts';

/** What the form holds while a person types. */
export interface Draft {
  readonly classCode: string | null;
  readonly title: string;
  readonly date: DateCells;
  readonly copies: number;
  readonly remarks: string;
  readonly tags: readonly string[];
  /** Values by code of the field. */
  readonly fields: Readonly<Record<string, string>>;
}

export function draftOf(material: Material): Draft {
  return {
    classCode: material.classCode,
    title: material.title,
    date: cellsOf(material.date),
    copies: material.copies,
    remarks: material.remarks,
    tags: material.tags,
    fields: Object.fromEntries(material.fields.map((field) => [field.code, field.value])),
  };
}

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((value, i) => value === b[i]);

/** Fields whose value is another than the material's; where a value came from a click on a line, its place goes with it. */
function changedFields(
  material: Material,
  draft: Draft,
  places: ReadonlyMap<string, FieldPlace>,
): NonNullable<Schemas['MaterialEdit']['fields']> {
  const before = new Map(material.fields.map((field: FieldValue) => [field.code, field.value]));
  return Object.entries(draft.fields)
    .filter(([code, value]) => (before.get(code) ?? '') !== value.trim())
    .map(([code, value]) => ({ code, value: value.trim(), ...places.get(code) }));
}

/** Where on which page a value was taken from. */
export interface FieldPlace {
  readonly pageId: string;
  readonly box: number[];
}

/** The edit that makes the material what the form says: only what differs. Null when nothing does, or when the date is none. */
export function editOf(
  material: Material,
  draft: Draft,
  places: ReadonlyMap<string, FieldPlace> = new Map(),
): Schemas['MaterialEdit'] | null {
  const date = dateOfCells(draft.date);
  const fields = changedFields(material, draft, places);
  const edit: Schemas['MaterialEdit'] = {
    ...(draft.classCode === material.classCode ? {} : { classCode: draft.classCode }),
    ...(draft.title.trim() === material.title ? {} : { title: draft.title.trim() }),
    ...(date === undefined || date === material.date ? {} : { date }),
    ...(draft.copies === material.copies ? {} : { copies: draft.copies }),
    ...(draft.remarks.trim() === material.remarks ? {} : { remarks: draft.remarks.trim() }),
    ...(sameList(draft.tags, material.tags) ? {} : { tags: [...draft.tags] }),
    ...(fields.length ? { fields } : {}),
  };
  return Object.keys(edit).length > 0 ? edit : null;
}

/** A title of the scheme with the year of the date put in. */
export function fillTitle(name: string, year: string): string {
  return /^\d{4}$/.test(year) ? name.replaceAll('{year}', year) : name.replaceAll('{year}', '');
}
