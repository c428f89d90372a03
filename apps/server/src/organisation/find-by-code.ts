import type { Archive } from '../archive/index.ts';
import { type Desk, scopeFonds } from '../desk/index.ts';

/** Where a dossier lies, without whose it is. */
export interface DossierPlace {
  readonly id: string;
  readonly code: string;
  readonly fondsId: string;
  readonly unitId: string;
}

/**
 * Dossiers of the fonds one keeps the policy of, with this archival code, for who keeps policy and registers; asking is an entry. By the system:
 * whoever keeps the policy looks into no dossier, so none is within its reach, and a code is to lead there all the same.
 */
export async function findDossierByCode(archive: Pick<Archive, 'db'>, desk: Desk, code: string): Promise<DossierPlace[]> {
  const fonds = scopeFonds(desk.scope('policy.read'));
  const rows = await archive.db.system('places').query<DossierPlace>(
    `select id, code, fonds_id as "fondsId", unit_id as "unitId" from dossier
     where code = $1 and ($2::uuid[] is null or fonds_id = any($2)) order by fonds_id`,
    [code.trim(), fonds === 'all' ? null : fonds],
  );
  const only = rows.length === 1 ? rows[0] : undefined;
  await desk.act('policy.read', (tx) =>
    tx.log({ kind: 'dossier.sought', ...(only ? { dossierId: only.id } : {}), params: { found: rows.length } }),
  );
  return rows;
}
