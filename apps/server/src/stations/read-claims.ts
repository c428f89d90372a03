import type { ClaimDetail, ClaimView, DefectKindView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { onlyStandardInForce } from '../catalogue/index.ts';
import { type Desk, type DeskTx, inScope } from '../desk/index.ts';
import { readPlace } from './claimed-place.ts';
import { readInspection } from './inspection-rows.ts';
import { CLAIM_COLUMNS, type ClaimRow, getOwnClaim, openReason } from './station-rows.ts';

/** The defect dictionary in force, for the screen's keys and words. */
export async function listDefectKinds(archive: Pick<Archive, 'config' | 'clock' | 'db'>): Promise<{ readonly items: DefectKindView[] }> {
  const { defects } = await onlyStandardInForce(archive.db, archive, 'defects');
  return { items: defects.map((d) => ({ ...d })) };
}

interface NamedClaim extends ClaimRow {
  readonly batch_code: string;
  readonly code: string;
}

const NAMED = `select ${CLAIM_COLUMNS}, b.code as batch_code, d.code from station_claim c join batch b on b.id = c.batch_id
  join dossier d on d.id = c.dossier_id`;

const viewOf = (row: NamedClaim): ClaimView => ({
  id: row.id,
  batchId: row.batch_id,
  batchCode: row.batch_code,
  dossierId: row.dossier_id,
  dossierCode: row.code,
  station: row.station,
  pass: row.pass,
  round: row.round,
  fromMs: row.from_ms,
  untilMs: row.until_ms,
});

/** What this account holds now, the oldest first. */
export function listClaims(desk: Desk): Promise<{ readonly items: ClaimView[] }> {
  return desk.act('station.work', async (tx) => {
    const rows = await tx.query<NamedClaim>(
      `${NAMED} where c.account_id = $1 and c.ended_at_ms is null and c.until_ms > $2 order by c.id`,
      [desk.actor.accountId, desk.clock.nowMs()],
    );
    return { items: rows.map(viewOf) };
  });
}

/**
 * A claim of one's own with what it is about: why the dossier came back, and of an inspection the pages drawn with what was said of each. One entry.
 * @throws ArchiveError `claim/not-found`, `claim/over` (caller)
 */
export function readClaim(archive: Archive, desk: Desk, claimId: string): Promise<ClaimDetail> {
  return desk.act('station.work', async (tx, scope) => {
    const claim = await getOwnClaim(tx, claimId, { accountId: desk.actor.accountId, nowMs: desk.clock.nowMs(), locked: false });
    const place = await readPlace(tx, claim.dossier_id);
    if (!place || !inScope(scope, { ...place, dossierId: claim.dossier_id })) throw new ArchiveError('claim/not-found', 'caller');
    const named = await tx.one<NamedClaim>(`${NAMED} where c.id = $1`, [claimId]);
    if (!named) throw new ArchiveError('claim/not-found', 'caller');
    await tx.log({ kind: 'claim.opened', place, dossierId: claim.dossier_id, objectId: claimId });
    return {
      ...viewOf(named),
      seed: claim.seed,
      inspection: claim.station === 'check' ? await readInspection(tx, claim) : null,
      pages: await readPages(tx, claimId),
      returned: await readReturn(tx, archive, claim),
    };
  });
}

async function readPages(tx: DeskTx, claimId: string): Promise<ClaimDetail['pages']> {
  const rows = await tx.query<{ page_id: string; place: number; verdict: 'pass' | 'fail' | null; defects: string[] }>(
    `select p.page_id, p.place, p.verdict, array(select d.code from station_defect d where d.claim_id = p.claim_id and d.page_id = p.page_id order by d.code) as defects
     from station_page p where p.claim_id = $1 order by p.place`,
    [claimId],
  );
  return rows.map((r) => ({ pageId: r.page_id, place: r.place, verdict: r.verdict, defects: r.defects }));
}

/** Why it came back the last time in this batch, with the pages and defects; null when it never did. */
async function readReturn(tx: DeskTx, archive: Archive, claim: ClaimRow): Promise<ClaimDetail['returned']> {
  const row = await tx.one<ClaimRow>(
    `select ${CLAIM_COLUMNS} from station_claim c where c.batch_id = $1 and c.dossier_id = $2 and c.outcome = 'returned' order by c.id desc limit 1`,
    [claim.batch_id, claim.dossier_id],
  );
  if (!row) return null;
  const defects = await tx.query<{ page_id: string; code: string }>(
    'select page_id, code from station_defect where claim_id = $1 order by page_id, code',
    [row.id],
  );
  return {
    station: row.station,
    toStation: row.to_station ?? row.station,
    reason: openReason(archive.sealer, row),
    defects: defects.map((d) => ({ pageId: d.page_id, code: d.code })),
  };
}
