import { SURE_FROM, UNSURE_BELOW } from '../../parts/unsure.ts';
import type { Desk, Material } from './desk-data.ts';

/** Where a person should look next: a field of a material, a material as a whole, or a loose page. */
export interface UnsurePlace {
  readonly materialId: string | null;
  readonly pageId: string | null;
  /** `classCode`, `title`, `date` or the code of a field; null for the whole. */
  readonly field: string | null;
}

const isLow = (share01: number | null) => share01 !== null && share01 < UNSURE_BELOW;

/** Fields of a material that the machine was unsure of, in the order of the form. */
export function listUnsureFields(material: Material): { field: string; pageId: string | null }[] {
  const { confidence } = material;
  return [
    ...(['classCode', 'title', 'date'] as const).filter((key) => isLow(confidence[key])).map((field) => ({ field, pageId: null })),
    ...material.fields.filter((field) => isLow(field.confidence01)).map((field) => ({ field: field.code, pageId: field.pageId })),
  ];
}

/** Every place that waits for a person, in the order of the strip. */
export function listUnsure(desk: Desk): UnsurePlace[] {
  const places: UnsurePlace[] = desk.materials
    .filter((material) => material.state !== 'confirmed')
    .flatMap((material): UnsurePlace[] => {
      const first = material.pageIds[0] ?? null;
      const fields = listUnsureFields(material).map(({ field, pageId }) => ({ materialId: material.id, pageId: pageId ?? first, field }));
      return fields.length > 0 ? fields : [{ materialId: material.id, pageId: first, field: null }];
    });
  const loose = desk.pages.filter((page) => page.materialId === null).map((page) => ({ materialId: null, pageId: page.id, field: null }));
  return [...places, ...loose];
}

const isSure = (share01: number | null) => share01 !== null && share01 >= SURE_FROM;

/** As many as one request does. */
const SURE_MAX = 200;

/**
 * Proposed materials that the machine was sure of throughout and that no check speaks against: a person may confirm them together. What a folder
 * gave is not among them, for the machine said nothing of it.
 */
export function listSure(desk: Desk): Material[] {
  return desk.materials
    .filter(({ state, classCode, title, date, confidence, fields, findings }) => {
      if (state !== 'proposed' || classCode === null || title.trim() === '') return false;
      if (findings.some((finding) => finding.severity !== 'info')) return false;
      const isNamed = isSure(confidence.classCode) && isSure(confidence.title) && (date === null || isSure(confidence.date));
      return isNamed && fields.every((field) => field.confidence01 === null || isSure(field.confidence01));
    })
    .slice(0, SURE_MAX);
}

/** The place after this one, round the end; null when nothing waits. */
export function findNextUnsure(desk: Desk, at: Partial<UnsurePlace>): UnsurePlace | null {
  const places = listUnsure(desk);
  const here = places.findIndex(
    (p) => p.materialId === at.materialId && p.field === (at.field ?? null) && (p.materialId !== null || p.pageId === at.pageId),
  );
  if (here >= 0) return places[(here + 1) % places.length]!;
  // Not on such a place: the first one that comes after the material in hand.
  const order = desk.materials.map((material) => material.id);
  const from = at.materialId ? order.indexOf(at.materialId) : -1;
  return places.find((p) => p.materialId === null || order.indexOf(p.materialId) >= from) ?? places[0] ?? null;
}
