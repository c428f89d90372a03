import { foldName, type ManifestDossier, type ManifestFinding } from '@lantai/catalogue/manifest';
import { normaliseIdNumber } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { idNumberToken, type ListedCounts, type ListedMaterial, planListed } from '../catalogue/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';

/** What the archive holds of a dossier that a list speaks of. */
export interface KnownDossier {
  readonly dossierId: string;
  readonly counts: ListedCounts;
}

/** A dossier of a list with its materials as they would be filed. */
export interface Asked {
  readonly dossier: ManifestDossier;
  readonly listed: readonly ListedMaterial[];
}

interface Row {
  id: string;
  code: string;
  scheme: string;
  copy_set: string;
  subject_id: string;
  subject_version: number;
  name: Uint8Array;
  id_number: Uint8Array | null;
}

/**
 * Looks up dossiers of a list by code inside the scope, and compares their subjects and materials with it.
 * @returns by code; what contradicts the archive as findings
 */
export async function findKnown(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  at: { readonly fondsId: string; readonly scheme: string },
  asked: readonly Asked[],
): Promise<{ known: ReadonlyMap<string, KnownDossier>; findings: ReadonlyMap<string, readonly ManifestFinding[]> }> {
  const where = scopeSql(scope, 'd', 3);
  const codes = asked.map((a) => a.dossier.code);
  const rows = await tx.query<Row>(
    `select d.id, d.code, d.scheme, d.copy_set, s.id as subject_id, s.version as subject_version, s.name, s.id_number
     from dossier d join subject s on s.id = d.subject_id where d.fonds_id = $1 and d.code = any($2::text[]) and ${where.sql}`,
    [at.fondsId, codes, ...where.params],
  );
  const known = new Map<string, KnownDossier>();
  const findings = new Map<string, ManifestFinding[]>();
  const say = (
    { code, firstRow }: ManifestDossier,
    name: string,
    field: ManifestFinding['field'],
    isError: boolean,
    params: Record<string, number> = {},
  ) => {
    const severity = isError ? 'error' : 'warning';
    findings.set(code, [...(findings.get(code) ?? []), { row: firstRow, field, code: `manifest/${name}`, severity, params }]);
  };
  const byCode = new Map(rows.map((r) => [r.code, r]));
  for (const { dossier, listed } of asked) {
    const row = byCode.get(dossier.code);
    if (!row) continue;
    const differs = findDifference(archive, row, dossier, at.scheme);
    if (differs) say(dossier, `held-${differs}`, differs === 'name' || differs === 'idNumber' ? differs : 'dossierCode', true);
    const counts = await planListed(tx, archive, scope, row.id, listed);
    known.set(dossier.code, { dossierId: row.id, counts });
    if (counts.others && counts.same + counts.changed === 0)
      say(dossier, 'dossier-arranged', 'dossierCode', true, { count: counts.others });
    else if (counts.others) say(dossier, 'materials-not-listed', 'dossierCode', false, { count: counts.others });
  }
  for (const dossier of await findTaken(archive, at.fondsId, asked, known)) say(dossier, 'code-taken', 'dossierCode', true);
  for (const dossier of await findOtherHolders(tx, archive, scope, at.fondsId, asked)) say(dossier, 'id-number-held', 'idNumber', true);
  return { known, findings };
}

/** Another person's dossier, another scheme or set under the same code: an import never writes over it. */
function findDifference(
  { sealer }: Archive,
  row: Row,
  { subject }: ManifestDossier,
  scheme: string,
): 'scheme' | 'set' | 'name' | 'idNumber' | null {
  if (row.scheme !== scheme) return 'scheme';
  if (row.copy_set !== subject.copySet) return 'set';
  const ref = { kind: 'dossier', id: row.subject_id } as const;
  const at = (column: string) => ({ table: 'subject', column, rowId: row.subject_id, version: row.subject_version });
  const name = sealer.get(ref, at('name'), row.name);
  if (name !== '' && foldName(name) !== foldName(subject.name)) return 'name';
  const idNumber = sealer.open(ref, at('id_number'), row.id_number);
  return idNumber && subject.idNumber && normaliseIdNumber(idNumber) !== subject.idNumber ? 'idNumber' : null;
}

/** Codes that stand in the fonds outside the scope: they cannot be given again, and nothing more is told of them. */
async function findTaken(
  archive: Archive,
  fondsId: string,
  asked: readonly Asked[],
  known: ReadonlyMap<string, unknown>,
): Promise<ManifestDossier[]> {
  const open = asked.filter((a) => !known.has(a.dossier.code));
  const rows = await archive.db
    .system('unique-code')
    .query<{ code: string }>('select code from dossier where fonds_id = $1 and code = any($2::text[])', [
      fondsId,
      open.map((a) => a.dossier.code),
    ]);
  const taken = new Set(rows.map((r) => r.code));
  return open.filter((a) => taken.has(a.dossier.code)).map((a) => a.dossier);
}

/** Dossiers of whose person the archive holds the same set under another code. */
async function findOtherHolders(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  fondsId: string,
  asked: readonly Asked[],
): Promise<ManifestDossier[]> {
  const tokens = new Map<string, ManifestDossier>(
    asked.flatMap(({ dossier }) => {
      const { idNumber, copySet } = dossier.subject;
      return idNumber
        ? [[`${copySet} ${Buffer.from(idNumberToken(archive.sealer, fondsId, idNumber)).toString('hex')}`, dossier] as const]
        : [];
    }),
  );
  if (!tokens.size) return [];
  const where = scopeSql(scope, 'd', 3);
  const rows = await tx.query<{ code: string; copy_set: string; token: string }>(
    `select d.code, d.copy_set, encode(s.id_number_token, 'hex') as token from subject s join dossier d on d.subject_id = s.id
     where s.fonds_id = $1 and s.id_number_token = any($2::bytea[]) and ${where.sql}`,
    [fondsId, [...tokens.keys()].map((key) => Buffer.from(key.split(' ')[1] ?? '', 'hex')), ...where.params],
  );
  return rows.flatMap((r) => {
    const dossier = tokens.get(`${r.copy_set} ${r.token}`);
    return dossier && dossier.code !== r.code ? [dossier] : [];
  });
}
