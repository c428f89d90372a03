import { addSensitive, countSensitive, NOTHING_SENSITIVE, type SensitiveCounts } from '@lantai/search';
import { type Archive, readingPlace } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';

/** What is about to leave: places by kind, words of discipline and health, and pages whose text nobody has read yet. */
export type LeavingCounts = SensitiveCounts & { readonly unread: number };

interface TextRow {
  id: string;
  engine: string | null;
  version: string | null;
  text: Uint8Array | null;
}

interface MaterialRow {
  id: string;
  version: number;
  title: Uint8Array | null;
}

/** Counts over the readings and titles of a dossier. INVARIANT: counts alone come out; what was found is not kept. */
export async function countLeaving(tx: DeskTx, archive: Archive, dossierId: string): Promise<LeavingCounts> {
  const { sealer } = archive;
  const ref = { kind: 'dossier', id: dossierId } as const;
  const pages = await tx.query<TextRow>(
    'select p.id, r.engine, r.version, r.text from page p left join reading r on r.page_id = p.id and r.current where p.dossier_id = $1',
    [dossierId],
  );
  const materials = await tx.query<MaterialRow>('select id, version, title from material where dossier_id = $1', [dossierId]);
  const texts = [
    ...pages.map((p) => sealer.open(ref, readingPlace('text', p.id, p.engine ?? '', p.version ?? ''), p.text)),
    ...materials.map((m) => sealer.open(ref, { table: 'material', column: 'title', rowId: m.id, version: m.version }, m.title)),
  ];
  const counts = texts.reduce((sum, text) => (text === null ? sum : addSensitive(sum, countSensitive(text))), NOTHING_SENSITIVE);
  return { ...counts, unread: pages.filter((p) => p.text === null).length };
}

/** The counts of two dossiers together. */
export const addLeaving = (a: LeavingCounts, b: LeavingCounts): LeavingCounts => ({ ...addSensitive(a, b), unread: a.unread + b.unread });

export const NOTHING_LEAVES: LeavingCounts = { ...NOTHING_SENSITIVE, unread: 0 };

/** Whether a person must say that this may leave. */
export const needsLeave = (counts: LeavingCounts): boolean => Object.values(counts).some((n) => n > 0);
