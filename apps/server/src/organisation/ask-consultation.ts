import type { ConsultationRight, Purpose } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, madeObjects } from '../desk/index.ts';
import {
  type ConsultationRequest,
  type ConsultationState,
  type ConsultationTarget,
  checkReaders,
  getFondsOfTarget,
  IS_READER,
  sealWords,
} from './consultation-rows.ts';

/** What is to be named to whom, for how long, and the words of the form that asks for it. */
export interface NewConsultation {
  readonly target: ConsultationTarget;
  readonly readers: readonly { readonly accountId: string; readonly partyMember: boolean }[];
  readonly rights: readonly ConsultationRight[];
  readonly purposes: readonly Purpose[];
  /** Sealed categories it also opens; who asks and who approves must be of their audience. */
  readonly audiences: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly request: ConsultationRequest;
}

/** A right may be given for a working quarter at most; longer use is a post. */
const LASTS_MS_MAX = 92 * 24 * 60 * 60_000;

/**
 * Asks for a consultation (申请查阅): a clerk for the own unit, or an archivist at the counter for a unit's letter. It opens nothing.
 * @throws ArchiveError `dossier/not-found`, `unit/not-found`, `consultation/…` (caller)
 */
export async function askConsultation(desk: Desk, input: NewConsultation): Promise<string> {
  if (input.untilMs <= input.fromMs || input.untilMs - input.fromMs > LASTS_MS_MAX || input.untilMs <= desk.clock.nowMs())
    throw new ArchiveError('consultation/time', 'caller', { daysMax: 92 });
  const { target, readers } = input;
  return desk.act('grant.ask', async (tx, scope) => {
    const fondsId = await getFondsOfTarget(tx, scope, target, input.audiences);
    const readerIds = readers.map((r) => r.accountId);
    await checkReaders(tx, readerIds);
    const [id, entryId] = [desk.clock.newId(), desk.clock.newId()];
    const dossierId = target.kind === 'dossier' ? target.id : null;
    const rights = [input.rights, input.purposes, input.audiences];
    await tx.query(
      `insert into consultation (id, fonds_id, dossier_id, unit_id, rights, purposes, audiences, from_ms, until_ms, state, request, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, $11, $12, $13)`,
      [
        ...[id, fondsId, dossierId, target.kind === 'unit' ? target.id : null, ...rights, input.fromMs, input.untilMs],
        ...[sealWords(desk.sealer, 'request', id, input.request), desk.actor.accountId, desk.clock.nowMs(), entryId],
      ],
    );
    await tx.query(
      'insert into consultation_reader (consultation_id, account_id, party_member) select $1, * from unnest($2::uuid[], $3::boolean[])',
      [id, readerIds, readers.map((r) => r.partyMember)],
    );
    await tx.log({
      id: entryId,
      kind: 'consultation.requested',
      objectId: id,
      ...(dossierId ? { dossierId } : {}),
      params: { readers: readers.length, rights: input.rights.join('+'), purposes: input.purposes.join('+'), until: input.untilMs },
      changed: [madeObjects('consultation', [id])],
    });
    return id;
  });
}

/**
 * Takes back what one has asked for oneself, until it is decided.
 * @throws ArchiveError `consultation/not-found`, `consultation/decided` (caller)
 */
export function withdrawConsultation(desk: Desk, consultationId: string): Promise<void> {
  return desk.act('grant.ask', async (tx) => {
    const row = await tx.one<{ dossier_id: string | null; state: ConsultationState }>(
      'select dossier_id, state from consultation where id = $1 and made_by = $2 for no key update',
      [consultationId, desk.actor.accountId],
    );
    if (!row) throw new ArchiveError('consultation/not-found', 'caller');
    if (row.state !== 'requested') throw new ArchiveError('consultation/decided', 'caller');
    const changed = [await tx.watch('consultation', [consultationId])];
    await tx.query(`update consultation set state = 'withdrawn', ended_at_ms = $2 where id = $1`, [consultationId, desk.clock.nowMs()]);
    await tx.log({
      kind: 'consultation.withdrawn',
      objectId: consultationId,
      ...(row.dossier_id ? { dossierId: row.dossier_id } : {}),
      changed,
    });
  });
}

/** Accounts that can be named as readers, by name. */
export function listReaders(archive: Archive, desk: Desk): Promise<{ accountId: string; name: string }[]> {
  return desk.act('grant.ask', async (tx) => {
    const rows = await tx.query<{ id: string }>(`select a.id from account a where ${IS_READER}`);
    const names = await accountNames(
      archive,
      tx,
      rows.map((row) => row.id),
    );
    return [...names].map(([accountId, name]) => ({ accountId, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}
