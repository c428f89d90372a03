import { formatSeparator } from '@lantai/catalogue';
import { ArchiveError, assert } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { readOtherCodes } from './dossier-codes.ts';
import { findDossierByCode, findHead } from './find-dossier.ts';
import { readSchemes } from './schemes.ts';
import { runSheetWorker } from './sheet-maker.ts';

/** What is printed for dossiers: sheets to be laid between papers, or labels. */
export interface SeparatorOrder {
  /** By archival code, or by id. */
  readonly dossiers: readonly ({ readonly code: string } | { readonly id: string })[];
  readonly kind: 'sheets' | 'labels';
  readonly language: 'zh' | 'en';
}

const findById = (archive: Archive, desk: Desk, id: string) =>
  desk.act('dossier.list', (tx, scope) => findHead(tx, archive, scope, { id }));

/** Dossiers of one print. */
const DOSSIERS_MAX = 500;

/**
 * Separator sheets of dossiers, one for each dossier, for each class, and for a material of each class; or labels with their archival codes. They
 * say codes and classes alone, no name.
 * @throws ArchiveError `dossier/not-found`, `separator/too-many`, `desk/not-allowed` (caller), `sheet/…` (environment)
 */
export async function makeSeparators(archive: Archive, desk: Desk, { dossiers, kind, language }: SeparatorOrder): Promise<Uint8Array> {
  desk.scope('page.import');
  if (dossiers.length > DOSSIERS_MAX) throw new ArchiveError('separator/too-many', 'caller', { max: DOSSIERS_MAX });
  const heads = [];
  for (const by of dossiers) {
    const head = 'code' in by ? await findDossierByCode(archive, desk, by.code) : await findById(archive, desk, by.id);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    heads.push(head);
  }
  await desk.act('page.import', async (tx) => {
    await tx.log({ kind: 'separators.printed', params: { dossiers: heads.length, kind } });
  });
  const schemes = new Map((await readSchemes(archive.db, archive)).map((s) => [s.id, s]));
  const schemeOf = (id: string) => {
    const scheme = schemes.get(id);
    assert(scheme, 'a dossier names a scheme that there is');
    return scheme;
  };
  const today = new Date(archive.clock.nowMs() + desk.utcOffsetMinutes * 60_000);
  const printedOn = { year: today.getUTCFullYear(), month: today.getUTCMonth() + 1, day: today.getUTCDate() };
  if (kind === 'labels') {
    const others = await readOtherCodes(
      desk.sql,
      heads.map((h) => h.dossierId),
    );
    const secondOf = (id: string) => others.get(id)?.find((c) => c.standing === 'second');
    const labels = heads.map((h) => ({
      code: h.code,
      lines: [...[secondOf(h.dossierId)?.code ?? []].flat(), schemeOf(h.scheme).name[language]],
    }));
    return runSheetWorker(archive.config, { separators: { kind, labels, printedOn }, language });
  }
  const sheets = heads.flatMap((head) => {
    const sheet = (classCode: string | null, isMaterial: boolean, lines: string[]) => ({
      code: formatSeparator({ dossier: head.code, classCode, isMaterial }),
      dossier: head.code,
      lines,
    });
    const words =
      language === 'zh' ? { all: '本类散页', one: '新的一份材料' } : { all: 'loose pages of this class', one: 'a new material' };
    const classes = schemeOf(head.scheme).classes.filter((c) => c.holdsMaterials);
    return [
      sheet(null, false, []),
      ...classes.flatMap((c) => {
        const name = `${c.display} ${c.name[language]}`;
        return [sheet(c.code, true, [name, words.one]), sheet(c.code, false, [name, words.all])];
      }),
    ];
  });
  return runSheetWorker(archive.config, { separators: { kind, sheets, printedOn }, language });
}
