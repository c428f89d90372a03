import type { Desk } from '../desk/index.ts';

/** Where a dossier lies, without whose it is. */
export interface DossierPlace {
  readonly id: string;
  readonly code: string;
  readonly fondsId: string;
  readonly unitId: string;
}

/** Dossiers of every fonds with this archival code, for who keeps the policy and the registers; asking is an entry. */
export function findDossierByCode(desk: Desk, code: string): Promise<DossierPlace[]> {
  return desk.act('policy.read', async (tx) => {
    const rows = await tx.query<DossierPlace>(
      'select id, code, fonds_id as "fondsId", unit_id as "unitId" from dossier where code = $1 order by fonds_id',
      [code.trim()],
    );
    const only = rows.length === 1 ? rows[0] : undefined;
    await tx.log({ kind: 'dossier.sought', ...(only ? { dossierId: only.id } : {}), params: { found: rows.length } });
    return rows;
  });
}
