import type { DossierMaterial } from '@lantai/catalogue';
import type { FindingView } from '@lantai/contract';
import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { checkCatalogue } from './catalogue-findings.ts';
import { findCatalogueUnscoped } from './catalogue-state.ts';
import { readFieldDefinitions } from './field-definitions.ts';

/** How a dossier stands: what custody status and an answer to its subject are made of. */
export interface DossierStatus {
  readonly code: string;
  readonly category: string;
  readonly schemeId: string;
  readonly state: string;
  readonly createdAtMs: number;
  readonly findings: readonly FindingView[];
  readonly materials: readonly DossierMaterial[];
}

/** The status of a dossier whatever the caller's scope; null when there is none. The caller has decided that it may be told, and makes the entry. */
export async function readStatus(tx: DeskTx, archive: Archive, dossierId: string): Promise<DossierStatus | null> {
  const row = await tx.one<{ state: string; created_at_ms: number }>('select state, created_at_ms from dossier where id = $1', [dossierId]);
  const state = row && (await findCatalogueUnscoped(tx, archive, dossierId));
  if (!row || !state) return null;
  return {
    code: state.head.code,
    category: state.head.place.category,
    schemeId: state.scheme.id,
    state: row.state,
    createdAtMs: row.created_at_ms,
    findings: checkCatalogue(state, await readFieldDefinitions(tx, state.head.place.fondsId)).dossier,
    materials: state.arrangement.materials,
  };
}
