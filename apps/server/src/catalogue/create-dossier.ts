import { findCodeParts, normaliseCode, type Scheme, schemeCodes } from '@lantai/catalogue';
import { ArchiveError, isArchiveError, isIdNumber, normaliseIdNumber } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { type Desk, type DeskTx, inScope, madeObjects } from '../desk/index.ts';
import { indexSubject } from '../search/index.ts';
import { idNumberToken } from './id-number-token.ts';
import { nextDossierCode } from './next-code.ts';
import { giveSecondCode } from './recode-dossiers.ts';
import { getScheme } from './schemes.ts';

/** What a new dossier says of itself and of its subject. */
export interface NewDossier {
  /** Archival code of the dossier (档号), unique in its fonds. */
  readonly code: string;
  readonly unitId: string;
  readonly scheme: string;
  readonly copySet?: 'original' | 'duplicate';
  readonly category?: string;
  readonly level?: number;
  readonly subject: {
    readonly kind: 'person' | 'unit' | 'matter';
    /** Empty when the name is not known yet. */
    readonly name: string;
    readonly idNumber?: string | null;
    /** The paper has the number with a check digit that does not fit: it is kept as it stands, and nothing is taken from it. */
    readonly idNumberAsWritten?: boolean;
    readonly birthYear?: number | null;
    readonly sex?: 'male' | 'female' | null;
  };
}

const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._·/-]{0,63}$/u;
const NAME_CHARS_MAX = 200;
const AS_WRITTEN = /^\d{17}[\dX]$/;

/** Category of the dossiers of a scheme, where a caller names none. */
const CATEGORY_OF_SCHEME: Readonly<Record<string, string>> = { 'cadre-2018': 'cadre', 'employee-lifecycle': 'employee' };

function codeOf(scheme: Scheme, typed: string): string {
  return findCodeParts(schemeCodes(scheme.codes).dossier, typed) ? normaliseCode(typed) : typed;
}

const TRIES_MAX = 20;

/**
 * Opens a dossier under the next free code of its unit's fonds. Of two callers that are told the same number the second takes the next.
 * @throws ArchiveError as {@link createDossier}; `dossier/code-taken` only where twenty numbers in a row were taken from under it
 */
export async function createNumberedDossier(
  archive: Archive,
  desk: Desk,
  input: Omit<NewDossier, 'code'>,
): ReturnType<typeof createDossier> {
  for (let tries = 1; ; tries++) {
    const code = await nextDossierCode(archive, desk, input.unitId, input.scheme);
    try {
      return await createDossier(archive, desk, { ...input, code });
    } catch (error) {
      if (!isArchiveError(error, 'dossier/code-taken') || tries === TRIES_MAX) throw error;
    }
  }
}

/**
 * Opens a dossier (立卷) for a new subject. Its key and the subject's are durable before any row speaks of them.
 * A code of one of the scheme's forms is kept as the standard writes it, however it was typed; any other is kept as it is.
 * @throws ArchiveError `scheme/not-found`, `dossier/code-malformed`, `dossier/code-taken`, `unit/not-found`, `subject/id-number`, `subject/name-too-long`, `level/consult-paper` (caller)
 */
export async function createDossier(
  archive: Archive,
  desk: Desk,
  input: NewDossier,
): Promise<{ dossierId: string; subjectId: string; place: Place }> {
  const scheme = await getScheme(archive.db, archive, input.scheme);
  const code = codeOf(scheme, input.code);
  if (!CODE.test(code)) throw new ArchiveError('dossier/code-malformed', 'caller');
  if ([...input.subject.name].length > NAME_CHARS_MAX) throw new ArchiveError('subject/name-too-long', 'caller', { max: NAME_CHARS_MAX });
  const idNumber = input.subject.idNumber ? normaliseIdNumber(input.subject.idNumber) : null;
  const isKept = input.subject.idNumberAsWritten === true && AS_WRITTEN.test(idNumber ?? '');
  if (idNumber !== null && !isIdNumber(idNumber) && !isKept) throw new ArchiveError('subject/id-number', 'caller');
  const scope = desk.scope('dossier.create');
  const unit = await archive.db.one<{ fonds_id: string }>('select fonds_id from unit where id = $1 and merged_into is null', [
    input.unitId,
  ]);
  const place: Place = {
    fondsId: unit?.fonds_id ?? '',
    unitId: input.unitId,
    category: input.category ?? CATEGORY_OF_SCHEME[input.scheme] ?? 'general',
    level: input.level ?? 1,
  };
  if (place.level > desk.highestLevel) throw new ArchiveError('level/consult-paper', 'caller', { highest: desk.highestLevel });
  if (!unit || !inScope(scope, place)) throw new ArchiveError('unit/not-found', 'caller');
  // A code that another dossier has as its second, or had before, is not given again.
  const taken = await archive.db
    .system('unique-code')
    .one('select 1 as one from code_taken where fonds_id = $1 and code = $2', [place.fondsId, code]);
  if (taken) throw new ArchiveError('dossier/code-taken', 'caller');
  const dossierId = archive.clock.newId();
  const subjectId = archive.clock.newId();
  const fonds = { kind: 'fonds', id: place.fondsId } as const;
  await archive.keys.createMany([
    { kind: 'dossier', id: subjectId, parent: fonds },
    { kind: 'dossier', id: dossierId, parent: fonds },
  ]);
  archive.moments.pass('key-written');
  // CRASH: two keys that no row uses; fsck lists them as left over and nothing is lost.
  await desk.act('dossier.create', async (tx) => {
    const entryId = archive.clock.newId();
    await insertSubject(tx, archive, { subjectId, place, entryId, idNumber, input });
    const rows = await tx.query(
      `insert into dossier (id, fonds_id, unit_id, category, level, subject_id, scheme, copy_set, code, entry_id, created_at_ms, changed_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) on conflict (fonds_id, code) do nothing returning id`,
      [
        dossierId,
        place.fondsId,
        place.unitId,
        place.category,
        place.level,
        subjectId,
        input.scheme,
        input.copySet ?? 'original',
        code,
        entryId,
        archive.clock.nowMs(),
      ],
    );
    if (!rows.length) throw new ArchiveError('dossier/code-taken', 'caller');
    const second = await giveSecondCode(archive, desk, tx, { scheme, dossierId, place, code, entryId });
    await indexSubject(tx, archive, { subjectId, dossierId, place, name: input.subject.name, idNumber });
    await tx.log({
      id: entryId,
      kind: 'dossier.created',
      place,
      dossierId,
      objectId: dossierId,
      params: { scheme: input.scheme, subject: input.subject.kind },
      changed: [
        madeObjects('dossier', [dossierId]),
        madeObjects('subject', [subjectId]),
        ...(second ? [madeObjects('dossier_code', [second])] : []),
      ],
    });
  });
  return { dossierId, subjectId, place };
}

async function insertSubject(
  tx: DeskTx,
  archive: Archive,
  s: { subjectId: string; place: Place; entryId: string; idNumber: string | null; input: NewDossier },
): Promise<void> {
  const { sealer } = archive;
  const ref = { kind: 'dossier', id: s.subjectId } as const;
  const at = (column: string) => ({ table: 'subject', column, rowId: s.subjectId, version: 1 });
  await tx.query(
    `insert into subject (id, fonds_id, unit_id, category, level, kind, key_id, name, id_number, id_number_token, birth_year, sex, entry_id, created_at_ms)
     values ($1, $2, $3, $4, $5, $6, $1, $7, $8, $9, $10, $11, $12, $13)`,
    [
      s.subjectId,
      s.place.fondsId,
      s.place.unitId,
      s.place.category,
      s.place.level,
      s.input.subject.kind,
      sealer.seal(ref, at('name'), s.input.subject.name),
      sealer.seal(ref, at('id_number'), s.idNumber),
      s.idNumber === null ? null : idNumberToken(archive.sealer, s.place.fondsId, s.idNumber),
      s.input.subject.birthYear ?? (s.idNumber && isIdNumber(s.idNumber) ? Number(s.idNumber.slice(6, 10)) : null),
      s.input.subject.sex ?? (s.idNumber && isIdNumber(s.idNumber) ? (Number(s.idNumber[16]) % 2 ? 'male' : 'female') : null),
      s.entryId,
      archive.clock.nowMs(),
    ],
  );
}
