import { FOUR_PROPERTIES } from '@lantai/catalogue/properties';
import { type PropertyCheck, wordsOf } from '@lantai/contract';
import type { ReportDocument } from '@lantai/documents/sheets';
import { parsePartialDate } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { runSheetWorker } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { viewCheck } from './show-check.ts';
import { writeCheckXml } from './write-xml.ts';

type Language = 'zh' | 'en';

/** A report as it is handed out. */
export interface MadeReport {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly mediaType: 'application/pdf' | 'application/xml';
}

const MINUTE_MS = 60_000;
/** Findings of an item that are printed; the XML has all that are kept. */
const PRINTED_MAX = 12;

/**
 * The report of a check as PDF or XML, with the answers of persons as they stand now. An entry that commits to its bytes.
 * @throws ArchiveError `properties/not-found`, `desk/not-allowed` (caller), `sheet/…` (environment)
 */
export async function makePropertyReport(
  archive: Archive,
  desk: Desk,
  checkId: string,
  form: 'pdf' | 'xml',
  language: Language,
): Promise<MadeReport> {
  const { view, head } = await desk.act('catalogue.export', (tx, scope) => viewCheck(archive, tx, scope, checkId));
  const day = (ms: number) => new Date(ms + desk.utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 10);
  const bytes =
    form === 'pdf'
      ? await runSheetWorker(archive.config, { report: layReport(view, day(view.startedAtMs), language) })
      : writeCheckXml(view, archive.identity.archiveId);
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act('catalogue.export', (tx) =>
    tx.log({
      kind: 'properties.report-made',
      place: head.place,
      dossierId: view.dossierId,
      objectId: checkId,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { form },
    }),
  );
  const name = view.dossierCode.replace(/[^A-Za-z0-9-]/g, '_');
  return { bytes, fileName: `${name}-four-properties.${form}`, mediaType: form === 'pdf' ? 'application/pdf' : 'application/xml' };
}

const say = (language: Language, key: string, params: Record<string, string | number> = {}) =>
  wordsOf(language, `four-report/${key}`, params);

function layReport(check: PropertyCheck, day: string, language: Language): ReportDocument {
  const verdict = check.verdict ? say(language, `verdict.${check.verdict}`) : say(language, `state.${check.state}`);
  const counts = (['pass', 'fail', 'warn', 'manual', 'skipped'] as const).map((r) => `${say(language, `result.${r}`)} ${check.counts[r]}`);
  return {
    title: say(language, 'title'),
    language,
    madeOn: parsePartialDate(day),
    foot: `${check.dossierCode}　${check.id}`,
    sections: [
      {
        heading: '',
        lines: [],
        table: {
          columns: [
            { label: say(language, 'item'), share: 1 },
            { label: say(language, 'content'), share: 3 },
          ],
          rows: [
            [say(language, 'dossier'), check.dossierCode],
            [say(language, 'moment'), say(language, `moment.${check.moment}`)],
            [say(language, 'day'), day],
            [say(language, 'by'), check.startedByName],
            [say(language, 'verdict'), verdict],
            [say(language, 'counts'), counts.join(language === 'zh' ? '，' : ', ')],
            [say(language, 'standard'), `${check.standardName[language]}（${check.standard}）`],
          ],
        },
      },
      ...FOUR_PROPERTIES.map((property) => ({
        heading: say(language, `property.${property}`),
        lines: [],
        table: {
          columns: [
            { label: say(language, 'code'), share: 1.1 },
            { label: say(language, 'item'), share: 3 },
            { label: say(language, 'object'), share: 1.1 },
            { label: say(language, 'result'), share: 1.1 },
            { label: say(language, 'measured'), share: 4 },
          ],
          rows: check.items.filter((i) => i.property === property).map((i) => itemRow(i, language)),
        },
      })),
      { heading: say(language, 'signatures'), lines: [say(language, 'sign'), '', check.source] },
    ],
  };
}

function itemRow(item: PropertyCheck['items'][number], language: Language): string[] {
  const { measured, findings, findingCount, reason, answer } = item;
  const lines = [
    ...(item.checked ? [say(language, 'checked', { count: item.checked })] : []),
    ...(measured.version ? [String(measured.version)] : []),
    ...(reason ? [wordsOf(language, reason)] : []),
    ...findings.slice(0, PRINTED_MAX).map((f) => wordsOf(language, f.code, f.params)),
    ...(findingCount > PRINTED_MAX ? [say(language, 'more', { count: findingCount - PRINTED_MAX })] : []),
    ...(answer ? [say(language, 'answer', { name: answer.byName, words: answer.words })] : []),
  ];
  const object = say(language, `object.${item.object}`);
  return [item.code, item.name[language], object, say(language, `result.${item.result}`), lines.join(language === 'zh' ? '；' : '; ')];
}
