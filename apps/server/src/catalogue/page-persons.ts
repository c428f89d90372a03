import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { type DeskTx, madeObjects } from '../desk/index.ts';
import { wellFormed } from './well-formed.ts';

interface SubjectRow {
  id: string;
  name: Uint8Array;
  version: number;
}

const openName = (archive: Archive, row: SubjectRow): string =>
  archive.sealer.get({ kind: 'dossier', id: row.id }, { table: 'subject', column: 'name', rowId: row.id, version: row.version }, row.name);

/** Names of subjects by id. The caller has looked at the scope of the pages that name them. */
export async function readPersonNames(tx: DeskTx, archive: Archive, subjectIds: readonly string[]): Promise<Map<string, string>> {
  if (!subjectIds.length) return new Map();
  const rows = await tx.queryNamed<SubjectRow>(
    'catalogue-person-names',
    'select id, name, version from subject where id = any($1::uuid[])',
    [subjectIds],
  );
  return new Map(rows.map((row) => [row.id, openName(archive, row)]));
}

const NAME_CHARS_MAX = 200;

/**
 * The subjects that these names mean on a dossier's pages: a person this dossier names already, else a new subject under a key of its own.
 * Two dossiers that name somebody alike name two subjects: that they are one person is for a person to determine.
 * CRASH: keys of new subjects are durable before their rows; without the commit they are left over and fsck lists them.
 * @throws ArchiveError `subject/name-too-long` (caller)
 */
export async function findOrMakePersons(
  tx: DeskTx,
  archive: Archive,
  at: { readonly dossierId: string; readonly place: Place; readonly known: readonly string[] },
  names: readonly string[],
): Promise<string[]> {
  const wanted = [...new Set(names.map((name) => wellFormed(name).normalize('NFC').trim()).filter((name) => name !== ''))];
  if (wanted.some((name) => [...name].length > NAME_CHARS_MAX))
    throw new ArchiveError('subject/name-too-long', 'caller', { max: NAME_CHARS_MAX });
  const byName = new Map([...(await readPersonNames(tx, archive, at.known))].map(([id, name]) => [name, id]));
  const fresh = wanted.filter((name) => !byName.has(name)).map((name) => ({ id: archive.clock.newId(), name }));
  if (fresh.length) {
    await archive.keys.createMany(
      fresh.map(({ id }) => ({ kind: 'dossier' as const, id, parent: { kind: 'fonds' as const, id: at.place.fondsId } })),
    );
    const entryIds = fresh.map(() => archive.clock.newId());
    for (const [i, { id, name }] of fresh.entries()) {
      await tx.query(
        `insert into subject (id, fonds_id, unit_id, category, level, kind, key_id, name, entry_id, created_at_ms)
         values ($1, $2, $3, $4, $5, 'person', $1, $6, $7, $8)`,
        [
          id,
          at.place.fondsId,
          at.place.unitId,
          at.place.category,
          at.place.level,
          archive.sealer.seal({ kind: 'dossier', id }, { table: 'subject', column: 'name', rowId: id, version: 1 }, name),
          entryIds[i],
          archive.clock.nowMs(),
        ],
      );
      byName.set(name, id);
    }
    await tx.logMany(
      fresh.map(({ id }, i) => ({
        id: entryIds[i],
        kind: 'subject.named',
        place: at.place,
        dossierId: at.dossierId,
        objectId: id,
        changed: [madeObjects('subject', [id])],
      })),
    );
  }
  return wanted.map((name) => byName.get(name)!);
}
