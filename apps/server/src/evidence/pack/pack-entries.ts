import { findEntry } from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import { type Archive, PURPOSE } from '../../archive/index.ts';
import type { DeskTx } from '../../desk/index.ts';
import type { PackSelection } from './select-dossiers.ts';

/** An entry as a pack's history tells it. */
export interface PackEntry {
  readonly entryId: string;
  readonly atMs: number;
  readonly kind: string;
  /** Who did it; null: nobody, or an account of before. */
  readonly actor: { readonly accountId: string; readonly name: string } | null;
  readonly dossierId: string | null;
  readonly object: string | null;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Most entries of one pack; each is a receipt of some 2 kB. */
export const PACK_ENTRIES_MAX = 40_000;

interface Row {
  id: string;
  bytes: Uint8Array;
  actor_id: string | null;
  dossier_id: string | null;
}

/** Which entries a pack tells. */
export interface EntryQuestion {
  readonly selection: PackSelection;
  readonly dossierIds: readonly string[];
  /** Also what is about no dossier: sign-ins, accounts, the policy. For a period, and for who may read the whole log. */
  readonly withGeneral: boolean;
}

/** The history of the dossiers, oldest first, and of the archive where that was asked. @throws ArchiveError `pack/too-many-entries` (caller) */
export async function listPackEntries(
  archive: Archive,
  tx: DeskTx,
  { selection, dossierIds, withGeneral }: EntryQuestion,
): Promise<PackEntry[]> {
  const isPeriod = selection.kind === 'period';
  const rows = await tx.query<Row>(
    `select e.id, e.bytes, e.actor_id, e.dossier_id from entry e
     where (e.dossier_id = any($1::uuid[]) or ($2 and e.dossier_id is null)) and ($3::bigint is null or e.at_ms >= $3) and ($4::bigint is null or e.at_ms <= $4)
     order by e.id limit ${PACK_ENTRIES_MAX + 1}`,
    [dossierIds, withGeneral && isPeriod, isPeriod ? selection.fromMs : null, isPeriod ? selection.toMs : null],
  );
  if (rows.length > PACK_ENTRIES_MAX) throw new ArchiveError('pack/too-many-entries', 'caller', { max: PACK_ENTRIES_MAX });
  const names = await accountNames(archive, tx, [...new Set(rows.flatMap((row) => row.actor_id ?? []))]);
  return rows.map((row) => toPackEntry(row, names));
}

function toPackEntry(row: Row, names: ReadonlyMap<string, string>): PackEntry {
  const entry = findEntry(row.bytes);
  if (!entry) throw new ArchiveError('log/entry-malformed', 'corruption', { entry: row.id });
  return {
    entryId: entry.id,
    atMs: entry.atMs,
    kind: entry.kind,
    actor: row.actor_id ? { accountId: row.actor_id, name: names.get(row.actor_id) ?? '' } : null,
    dossierId: row.dossier_id,
    object: entry.object ?? null,
    params: entry.params ?? {},
  };
}

/** Names of accounts, closed ones too: the log speaks of them. */
async function accountNames({ sealer }: Archive, tx: DeskTx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; name: Uint8Array }>('select id, name from account where id = any($1::uuid[])', [ids]);
  const ref = { kind: 'purpose', id: PURPOSE.account } as const;
  return new Map(rows.map((r) => [r.id, sealer.get(ref, { table: 'account', column: 'name', rowId: r.id, version: 1 }, r.name)]));
}

/** The policy in force, as a pack names it. Its text goes only to who may read it. */
export interface PackPolicy {
  /** 0: the program's own default. */
  readonly version: number;
  readonly activatedAtMs: number | null;
  /** The entry by which it came into force; null for the default that nobody activated. */
  readonly entryId: string | null;
  readonly text: string;
}

export async function findPolicyInForce(tx: DeskTx, defaultText: string): Promise<PackPolicy> {
  const row = await tx.one<{ version: number; text: string; activated_at_ms: number }>(
    `select version, text, activated_at_ms from policy_version where state = 'active'`,
  );
  const entry = await tx.one<{ id: string }>(`select id from entry where kind = 'policy.activated' order by id desc limit 1`);
  return {
    version: row?.version ?? 0,
    activatedAtMs: row?.activated_at_ms ?? null,
    entryId: entry?.id ?? null,
    text: row?.text ?? defaultText,
  };
}
