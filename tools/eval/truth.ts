import { readFileSync } from 'node:fs';
import type { Box } from '@lantai/values';

/** What is known of a page, as ../shared/samples/README.md says; only what a search is measured by. */
interface TruePage {
  readonly file: string;
  readonly defects: { readonly skew?: number; readonly lowDpi?: boolean };
  readonly size?: readonly [number, number];
  readonly nodes: readonly { readonly text: string; readonly hand: boolean; readonly box: Box }[];
}

interface TrueDossier {
  readonly person: { readonly name: string; readonly idNumber: string };
  readonly materials: readonly { readonly fields: Readonly<Record<string, unknown>> }[];
  readonly pages: readonly TruePage[];
}

/** A name or an identity number that stands on a page. */
export interface Probe {
  readonly file: string;
  readonly value: string;
  readonly kind: 'name' | 'number';
  readonly hand: boolean;
  /** Where it stands, in pixels of the scan turned upright. */
  readonly places: readonly Box[];
}

const ID_NUMBER = /^\d{17}[\dX]$/;
const SHEET_PX = [2480, 3508] as const;

/** The names of the subjects and all identity numbers of a truth.json, by page, printed and handwritten apart. */
export function readProbes(file: string): Probe[] {
  const { dossiers } = JSON.parse(readFileSync(file, 'utf8')) as { dossiers: readonly TrueDossier[] };
  return dossiers.flatMap((dossier) => {
    const numbers = new Set([dossier.person.idNumber]);
    for (const { fields } of dossier.materials)
      for (const v of Object.values(fields)) if (ID_NUMBER.test(String(v))) numbers.add(String(v));
    return dossier.pages.flatMap((page) => [
      ...probesOf(page, dossier.person.name, 'name'),
      ...[...numbers].flatMap((n) => probesOf(page, n, 'number')),
    ]);
  });
}

function probesOf(page: TruePage, value: string, kind: Probe['kind']): Probe[] {
  return [false, true].flatMap((hand) => {
    const places = placesOf(page, value, hand);
    return places.length ? [{ file: page.file, value, kind, hand, places }] : [];
  });
}

/** Pieces of text follow each other as they were written, so a value may run over several: boxes of a number, a line's end. */
function placesOf(page: TruePage, value: string, hand: boolean): Box[] {
  const nodes = page.nodes.filter((n) => n.hand === hand);
  const owners = nodes.flatMap((n, i) => Array.from({ length: n.text.length }, () => i));
  const text = nodes.map((n) => n.text).join('');
  const out: Box[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    for (const i of new Set(owners.slice(at, at + value.length))) out.push(onScan(nodes[i]!.box, page));
  }
  return out;
}

/** Boxes of the truth are on the straight sheet; the scan shows them turned about its middle. */
function onScan([x, y, w, h]: Box, page: TruePage): Box {
  const scale = page.defects.lowDpi ? 0.5 : 1;
  const angle = ((page.defects.skew ?? 0) * Math.PI) / 180;
  const [width, height] = page.size ?? SHEET_PX;
  const dx = x + w / 2 - width / 2;
  const dy = y + h / 2 - height / 2;
  const cx = dx * Math.cos(angle) - dy * Math.sin(angle) + width / 2;
  const cy = dx * Math.sin(angle) + dy * Math.cos(angle) + height / 2;
  return [(cx - w / 2) * scale, (cy - h / 2) * scale, w * scale, h * scale];
}
