import { layCatalogueSheet } from '@lantai/catalogue';
import { Masker } from '@lantai/search';
import { ArchiveError, parsePartialDate } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { loadCatalogue } from './catalogue-state.ts';
import { readOtherCodes } from './dossier-codes.ts';
import { findHead } from './find-dossier.ts';
import { findQualityStandard, judgeCatalogue } from './quality.ts';
import { runSheetWorker, type SheetRequest } from './sheet-maker.ts';
import { asReport, asTables, layChaseList, layRemarksSheet } from './side-sheets.ts';

/** The catalogue sheet (目录), the remarks sheet (备考表), the chase list (催缴清单). */
export type SheetKind = 'catalogue' | 'remarks' | 'chase';

/** A catalogue sheet as a file. Clear personal data: it goes to the one who asked, never to a disk. */
export interface MadeSheet {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** `<code>-目录.xlsx` in ASCII: the dossier's code, never the person. */
  readonly fileName: string;
}

const MEDIA_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const;

/** A face that the checks found blank holds no content and is not counted. */
const BLANK = 'blank';

/**
 * Writes the catalogue sheet (目录) of a dossier, or one that lies beside it; an entry of the log that vouches for its bytes.
 * @throws ArchiveError `dossier/not-found`, `quality/no-standard`, `desk/not-allowed` (caller), `sheet/failed`, `sheet/timeout` (environment)
 */
export async function makeCatalogueSheet(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  format: 'xlsx' | 'pdf',
  language: 'zh' | 'en',
  what: SheetKind = 'catalogue',
): Promise<MadeSheet> {
  const { request, place, code } = await desk.act(
    'catalogue.export',
    async (tx, scope): Promise<{ request: SheetRequest; place: Place; code: string }> => {
      const head = await findHead(tx, archive, scope, { id: dossierId });
      if (!head) throw new ArchiveError('dossier/not-found', 'caller');
      const { state, pages } = await loadCatalogue(tx, archive, scope, dossierId);
      const blank = new Set(
        (
          await tx.query<{ page_id: string }>('select distinct page_id from finding where dossier_id = $1 and code = $2', [
            dossierId,
            BLANK,
          ])
        ).map((r) => r.page_id),
      );
      const masker = new Masker();
      const madeOn = parsePartialDate(new Date(archive.clock.nowMs()).toISOString().slice(0, 10));
      const second = (await readOtherCodes(tx, [dossierId])).get(dossierId)?.find((c) => c.standing === 'second');
      const about = { subjectName: head.subject.name, dossierCode: second ? `${head.code}（${second.code}）` : head.code, madeOn };
      const loosePages = pages.filter((p) => p.material_id === null && p.superseded_by === null && !blank.has(p.id)).length;
      const found = { place: head.place, code: head.code };
      if (what !== 'catalogue') {
        const side =
          what === 'remarks'
            ? layRemarksSheet(state, about, blank, loosePages, language)
            : layChaseList(
                judgeCatalogue(await findQualityStandard(tx, archive, state.scheme.id), state, loosePages).chased,
                about,
                language,
              );
        return { ...found, request: format === 'pdf' ? { report: asReport(side, language) } : { tables: asTables(side) } };
      }
      const materials = state.arrangement.materials.map((m) => ({
        ...m,
        code: state.marks.get(m.id)?.code ?? null,
        title: m.title && masker.text(m.title),
        remarks: masker.text(m.remarks),
        pages: m.pages.filter((id) => !blank.has(id)).length,
      }));
      const sheet = layCatalogueSheet(state.scheme, { ...about, set: head.copySet }, materials);
      return { ...found, request: { sheet, format, language } };
    },
  );
  const bytes = await runSheetWorker(archive.config, request);
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act('catalogue.export', (tx) =>
    tx.log({
      kind: 'catalogue.exported',
      place,
      dossierId,
      objectId: dossierId,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { format, ...(what === 'catalogue' ? {} : { sheet: what }) },
    }),
  );
  return { bytes, mediaType: MEDIA_TYPES[format], fileName: `${code.replace(/[^A-Za-z0-9-]/g, '_')}-${what}.${format}` };
}
