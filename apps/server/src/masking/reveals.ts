import { SENSITIVE_KINDS, type SensitiveKind, SHOW_NOTHING, type Shown } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, type Scope, type ScopePlace, scopeSql } from '../desk/index.ts';

/** What is masked, and of what: a dossier's catalogue and fields, or the text of one of its pages. */
export interface MaskedThing {
  readonly dossierId: string;
  /** Null: catalogue and fields of the dossier. */
  readonly pageId: string | null;
}

/** A session that has something shown. A command line has no session: null. */
export interface Holder {
  readonly accountId: string;
  readonly sessionDigest: Uint8Array | null;
}

/** What was shown, and until when. */
export interface Reveal {
  readonly entryId: string;
  readonly kinds: readonly SensitiveKind[];
  readonly expiresAtMs: number;
}

/** Time to read a number off and write it down; a screen left alone covers it again. */
export const REVEAL_MS = 5 * 60_000;

/**
 * Has kinds of facts shown that are masked by default; an entry that names the kinds and the thing, never a value.
 * @param asked `reason` in words, sealed for auditors
 * @throws ArchiveError `dossier/not-found`, `page/not-found`, `desk/not-allowed` (caller)
 */
export function revealSensitive(
  archive: Archive,
  desk: Desk,
  sessionDigest: Uint8Array | null,
  asked: MaskedThing & { readonly kinds: readonly SensitiveKind[]; readonly reason: string },
): Promise<Reveal> {
  const kinds = SENSITIVE_KINDS.filter((kind) => asked.kinds.includes(kind));
  return desk.act('sensitive.reveal', async (tx, scope) => {
    const place = await getPlace(tx, scope, asked);
    const entryId = await tx.log({
      kind: 'sensitive.revealed',
      place,
      dossierId: asked.dossierId,
      objectId: asked.pageId ?? asked.dossierId,
      params: { kinds: kinds.join('+') },
      detail: asked.reason,
    });
    const expiresAtMs = archive.clock.nowMs() + REVEAL_MS;
    await tx.query(
      `insert into reveal (entry_id, account_id, session_digest, dossier_id, page_id, kinds, expires_at_ms) values ($1, $2, $3, $4, $5, $6, $7)`,
      [entryId, desk.actor.accountId, sessionDigest, asked.dossierId, asked.pageId, kinds, expiresAtMs],
    );
    return { entryId, kinds, expiresAtMs };
  });
}

async function getPlace(tx: DeskTx, scope: Scope, { dossierId, pageId }: MaskedThing): Promise<ScopePlace> {
  const alias = pageId === null ? 'd' : 'p';
  const where = scopeSql(scope, alias, 3);
  const from = pageId === null ? 'dossier d where d.id = $1 and $2::uuid is null' : 'page p where p.dossier_id = $1 and p.id = $2';
  const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    `select ${alias}.fonds_id, ${alias}.unit_id, ${alias}.category, ${alias}.level from ${from} and ${where.sql}`,
    [dossierId, pageId, ...where.params],
  );
  if (!row) throw new ArchiveError(pageId === null ? 'dossier/not-found' : 'page/not-found', 'caller');
  return { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
}

/** What a holder has shown of a thing at this moment, and until when at the latest. */
export interface ShownNow {
  readonly shown: Shown;
  /** Null when nothing is shown. */
  readonly untilMs: number | null;
}

/** All is masked. */
export const NOTHING_SHOWN: ShownNow = { shown: SHOW_NOTHING, untilMs: null };

/**
 * What is shown to a holder now. INVARIANT: who lost the right since sees the mask again, whatever was shown before.
 */
export async function findShown(archive: Archive, desk: Desk, sessionDigest: Uint8Array | null, thing: MaskedThing): Promise<ShownNow> {
  if (!desk.may('sensitive.reveal')) return NOTHING_SHOWN;
  const rows = await archive.db.query<{ kinds: SensitiveKind[]; expires_at_ms: number }>(
    `select kinds, expires_at_ms from reveal where account_id = $1 and dossier_id = $2 and page_id is not distinct from $3::uuid
       and session_digest is not distinct from $4 and expires_at_ms > $5`,
    [desk.actor.accountId, thing.dossierId, thing.pageId, sessionDigest, archive.clock.nowMs()],
  );
  if (!rows.length) return NOTHING_SHOWN;
  return { shown: new Set(rows.flatMap((r) => r.kinds)), untilMs: Math.max(...rows.map((r) => r.expires_at_ms)) };
}

/** Covers again what a session had shown of a dossier and its pages. Needs no right: it only ever hides. */
export async function hideSensitive(archive: Archive, holder: Holder, dossierId: string): Promise<void> {
  await archive.db.query(
    'delete from reveal where account_id = $1 and session_digest is not distinct from $2 and (dossier_id = $3 or expires_at_ms <= $4)',
    [holder.accountId, holder.sessionDigest, dossierId, archive.clock.nowMs()],
  );
}
