import type { MaterialCountercheck } from '@lantai/contract';
import type { Masker } from '@lantai/search';
import { formatPartialDate, type MaterialId } from '@lantai/values';
import { accountNames, accountsOfPerson } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type CheckRow, hasArranged, isCountercheckRequired, openCheckWords, ownPart, readChecks } from '../countercheck/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import type { CatalogueState } from './catalogue-state.ts';
import { type CataloguedAs, openVersion, type VersionRow } from './material-versions.ts';

/** What the desk needs to say of the countercheck of its materials. */
export interface ChecksShown {
  readonly rows: ReadonlyMap<string, CheckRow>;
  readonly names: ReadonlyMap<string, string>;
  readonly mine: readonly string[];
  readonly arranged: boolean;
  /** What the machine had proposed of materials that a person then corrected, by material. */
  readonly proposed: ReadonlyMap<string, CataloguedAs>;
}

/** Reads it in one go; null where two persons are not asked for. */
export async function readChecksShown(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  { head, scheme, marks }: CatalogueState,
): Promise<ChecksShown | null> {
  if (!(await isCountercheckRequired(tx, { fondsId: head.place.fondsId, schemeId: scheme.id }))) return null;
  const rows = await readChecks(tx, [...marks.keys()]);
  const mine = await accountsOfPerson(archive, desk.actor.accountId);
  const accounts = [...rows.values()].flatMap((row) => [...row.first_by, ...(row.second_by ? [row.second_by] : [])]);
  return {
    rows,
    mine,
    arranged: await hasArranged(tx, head.dossierId, mine),
    names: await accountNames(archive, tx, [...new Set(accounts)]),
    proposed: await readProposed(tx, archive, head.dossierId),
  };
}

/** The last proposal of each material that a person made something else of. */
async function readProposed(tx: DeskTx, archive: Archive, dossierId: string): Promise<Map<string, CataloguedAs>> {
  const rows = await tx.query<Pick<VersionRow, 'id' | 'dossier_id' | 'material_id' | 'body'>>(
    'select id, dossier_id, material_id, body from material_version where dossier_id = $1 order by id',
    [dossierId],
  );
  const first = new Map<string, CataloguedAs>();
  for (const row of rows) {
    const { before } = openVersion(archive, row);
    if (before.mark.state === 'proposed' && !first.has(row.material_id)) first.set(row.material_id, before);
  }
  return first;
}

/** Where a confirmed material stands between its two persons; null for one that nobody has confirmed. */
export function checkView(
  archive: Archive,
  state: CatalogueState,
  materialId: MaterialId,
  { rows, names, mine, arranged, proposed }: ChecksShown,
  { masker, nameOf }: { readonly masker: Masker; readonly nameOf: (code: string) => string },
): MaterialCountercheck | null {
  const mark = state.marks.get(materialId);
  if (mark?.state !== 'confirmed') return null;
  const row = rows.get(materialId);
  const { isAmong, isSole } = ownPart(row, mine, arranged);
  const before = proposed.get(materialId);
  return {
    state: row?.state ?? 'waiting',
    firstNames: (row?.first_by ?? []).map((id) => names.get(id) ?? ''),
    firstUnknown: row?.first_unknown ?? true,
    firstAtMs: row?.created_at_ms ?? null,
    isOwn: isSole,
    isAmong,
    answer: row ? masker.text(openCheckWords(archive.sealer, 'answer', row)) : '',
    secondName: row?.second_by ? (names.get(row.second_by) ?? '') : '',
    secondAtMs: row?.decided_at_ms ?? null,
    words: row ? masker.text(openCheckWords(archive.sealer, 'words', row)) : '',
    corrections: before ? corrections(state, materialId, before, masker, nameOf) : [],
  };
}

/** What stands otherwise than the machine had proposed it, with what that was. */
function corrections(
  { arrangement }: CatalogueState,
  materialId: MaterialId,
  { description: was }: CataloguedAs,
  masker: Masker,
  nameOf: (code: string) => string,
): MaterialCountercheck['corrections'] {
  const is = arrangement.materials.find((m) => m.id === materialId);
  if (!is) return [];
  const dateOf = (date: typeof is.date) => date && formatPartialDate(date);
  const fields = [...new Set([...Object.keys(was.fields), ...Object.keys(is.fields)])].filter(
    (code) => was.fields[code] !== is.fields[code],
  );
  return [
    ...(was.classCode === is.classCode ? [] : [{ field: 'classCode', proposed: was.classCode }]),
    ...(was.title === is.title ? [] : [{ field: 'title', proposed: was.title && masker.text(was.title) }]),
    ...(dateOf(was.date) === dateOf(is.date) ? [] : [{ field: 'date', proposed: dateOf(was.date) }]),
    ...fields.map((code) => {
      const value = was.fields[code];
      return { field: code, proposed: value === undefined ? null : masker.field(nameOf(code), value) };
    }),
  ];
}
