import type { KeyFactNote } from './model.ts';
import { type CheckedDossier, note, withRole } from './note.ts';

/** The materials that prove cadre identity; empty when nothing does. Source: domain rules §3.6. */
export function identityProofs(dossier: CheckedDossier): string[] {
  const proofs = withRole(dossier, 'identity_proofs').map((m) => m.id);
  const [reports, gradings] = [withRole(dossier, 'identity_reports'), withRole(dossier, 'identity_gradings')];
  // An assigned graduate: the report for duty and the grading, together.
  const together = reports.length && gradings.length ? [...reports, ...gradings].map((m) => m.id) : [];
  return [...proofs, ...together];
}

/** At least one identity material when the person is a cadre (K-11). */
export function checkIdentity(dossier: CheckedDossier): KeyFactNote[] {
  const proofs = identityProofs(dossier);
  if (proofs.length)
    return [note('identity', 'identity-proved', '§3.6', { severity: 'info', params: { count: proofs.length }, materialIds: proofs })];
  return dossier.isCadre === false
    ? []
    : [note('identity', 'identity-unproved', 'K-11', { severity: dossier.isCadre ? 'warning' : 'info' })];
}
