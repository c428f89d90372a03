import { addSensitive, countSensitive, NOTHING_SENSITIVE, type SensitiveCounts } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
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

/** What somebody was told is about to leave, and says may leave. */
export interface Leave<Counts> {
  /** As it was counted before; null at the console, where it is counted and let go in one act. */
  readonly confirmed: Counts | null;
  /** Why what is sensitive may leave; empty where nothing is. Kept for auditors beside the entry. */
  readonly reason: string;
}

const isSame = (a: object, b: object): boolean => {
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.get(key) === value);
};

/**
 * Lets go what is to leave, as it was counted just now. INVARIANT: what somebody confirmed is what leaves; anything that came or went since is
 * counted and confirmed anew, and what is sensitive leaves with a reason alone.
 * @param size how much leaves beside the counts: dossiers, rows
 * @throws ArchiveError `export/sensitive` with the counts, `export/reason-needed`, `export/not-as-confirmed` (caller)
 */
export function checkLeave<Counts extends Readonly<Record<string, number>>>(
  leave: Leave<Counts> | null,
  size: Readonly<Record<string, number>>,
  counts: Readonly<Record<string, number>>,
): void {
  const isSensitive = Object.values(counts).some((n) => n > 0);
  if (!leave) {
    if (isSensitive) throw new ArchiveError('export/sensitive', 'caller', { ...counts });
    return;
  }
  if (leave.confirmed && !isSame(leave.confirmed, { ...size, ...counts })) throw new ArchiveError('export/not-as-confirmed', 'caller');
  if (isSensitive && leave.reason.trim() === '') throw new ArchiveError('export/reason-needed', 'caller');
}
