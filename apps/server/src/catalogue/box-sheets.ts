import { BOX_PLACE_STEPS, formatBoxCode } from '@lantai/catalogue';
import { wordsOf } from '@lantai/contract';
import type { BoxLabel, CodeTable, PlainTable, ReportDocument } from '@lantai/documents/sheets';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type BoxHead, type BoxLine, getBoxes, readBoxLines, standingOf } from '../boxes/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import type { MadeSheet } from './catalogue-sheet.ts';
import { readSchemes } from './schemes.ts';
import { runSheetWorker, type SheetRequest } from './sheet-maker.ts';

type Language = 'zh' | 'en';
type Say = (key: string, params?: Record<string, string | number>) => string;

/** Labels of boxes that are asked for. */
export interface BoxLabelOrder {
  readonly boxIds: readonly string[];
  readonly kind: 'face' | 'spine' | 'qr';
  readonly format: 'pdf' | 'xlsx';
}

/** A box with what lies in it, as far as the actor may see it. */
interface Opened {
  readonly box: BoxHead;
  readonly lines: readonly BoxLine[];
  /** As the class or scheme is called; empty when it is arranged by none. */
  readonly kind: string;
}

const MEDIA = { pdf: 'application/pdf', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;
const MINUTE_MS = 60_000;
const NUMBER_DIGITS = 4;

const sayIn =
  (language: Language): Say =>
  (key, params = {}) =>
    wordsOf(language, `box-sheet/${key}`, params);

const numberOf = (box: BoxHead) => String(box.number).padStart(NUMBER_DIGITS, '0');

/** A period in words: 永久, 30年. */
const periodOf = (retention: string | null, say: Say): string =>
  retention === null ? '' : retention === 'Y' ? say('permanent') : say('years', { years: Number(retention.slice(1)) });

const standingText = (box: BoxHead, say: Say): string => {
  const place = standingOf(box);
  return BOX_PLACE_STEPS.flatMap((step) => (place[step] ? [say(`place.${step}`, { value: place[step] })] : [])).join(' ');
};

function today(archive: Archive, desk: Desk) {
  const local = new Date(archive.clock.nowMs() + desk.utcOffsetMinutes * MINUTE_MS);
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

async function openBoxes(
  tx: DeskTx,
  archive: Archive,
  desk: Desk,
  scope: Parameters<typeof getBoxes>[1],
  ids: readonly string[],
  language: Language,
): Promise<Opened[]> {
  const boxes = await getBoxes(tx, scope, ids);
  const lines = await readBoxLines(tx, desk.sealer, scope, ids);
  const schemes = await readSchemes(tx, archive);
  return boxes.map((box) => {
    const scheme = schemes.find((s) => s.id === box.scheme);
    const found = scheme?.classes.find((c) => c.code === box.class_code);
    return {
      box,
      lines: lines.get(box.id) ?? [],
      kind: found ? `${found.display} ${found.name[language]}` : (scheme?.name[language] ?? ''),
    };
  });
}

/** The codes from and to which a box reaches. Told only by who sees all that lies in it: else the label would leave somebody out. */
function codesOf({ box, lines }: Opened): { first: string; last: string } {
  const all = lines.length === box.volumes;
  return { first: (all && lines[0]?.dossierCode) || '', last: (all && lines.at(-1)?.dossierCode) || '' };
}

function labelOf(opened: Opened, say: Say): BoxLabel {
  const { box, lines, kind } = opened;
  const { first, last } = codesOf(opened);
  const cells: [string, string][] = [
    [say('fonds'), box.fonds_code],
    [say('kind'), kind],
    [say('year'), box.year === null ? '' : String(box.year)],
    [say('retention'), periodOf(box.retention, say)],
    [say('codes'), first === last ? first : `${first} ～ ${last}`],
    [say('holds'), box.volumes ? say('volumesAndSheets', { volumes: box.volumes, sheets: box.sheets }) : ''],
    [say('standing'), standingText(box, say)],
  ];
  return {
    code: formatBoxCode({ fonds: box.fonds_code, number: box.number }),
    number: say('number', { number: numberOf(box) }),
    cells,
    // INVARIANT: nobody is named on the outside of a box unless the box says so, and then nobody is left out (ADR 0531).
    names: box.names_outside && lines.length === box.volumes ? lines.map((l) => l.name) : [],
    spineMm: box.spine_mm,
  };
}

function labelTable(opened: readonly Opened[], say: Say): CodeTable {
  const columns = [
    ...([
      'numberHeading',
      'fonds',
      'kind',
      'year',
      'retention',
      'first',
      'last',
      'volumes',
      'sheets',
      'standing',
      'spine',
      'names',
      'code',
    ] as const),
  ].map((key) => ({
    heading: say(key),
    width: key === 'kind' || key === 'standing' || key === 'code' ? 28 : key === 'first' || key === 'last' ? 22 : 12,
  }));
  const rows = opened.map((one) => {
    const label = labelOf(one, say);
    const { box } = one;
    const { first, last } = codesOf(one);
    const numbers = [
      String(box.volumes),
      String(box.sheets),
      standingText(box, say),
      String(box.spine_mm),
      label.names.join('、'),
      label.code,
    ];
    const cells = [
      numberOf(box),
      box.fonds_code,
      one.kind,
      box.year === null ? '' : String(box.year),
      periodOf(box.retention, say),
      first,
      last,
    ];
    return { code: label.code, cells: [...cells, ...numbers] };
  });
  return { name: say('labels'), codeHeading: say('qr'), columns, rows };
}

/**
 * Labels of boxes: face 盒面, spine 盒脊, QR code; as PDF, or as a table with pictures of the codes. Codes and numbers; names only where the box says
 * so and the actor sees all that lies in it. An entry that vouches for the bytes.
 * @throws ArchiveError `box/not-found` (caller), `sheet/…` (environment)
 */
export async function makeBoxLabels(
  archive: Archive,
  desk: Desk,
  { boxIds, kind, format }: BoxLabelOrder,
  language: Language,
): Promise<MadeSheet> {
  const say = sayIn(language);
  const opened = await desk.act('dossier.change', (tx, scope) => openBoxes(tx, archive, desk, scope, boxIds, language));
  const labels = opened.map((one) => labelOf(one, say));
  const request: SheetRequest =
    format === 'pdf'
      ? { boxLabels: { kind, title: say('labels'), labels, printedOn: today(archive, desk) }, language }
      : { codes: labelTable(opened, say) };
  const bytes = await runSheetWorker(archive.config, request);
  const named = kind === 'qr' && format === 'pdf' ? 0 : labels.reduce((n, l) => n + l.names.length, 0);
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act('dossier.change', (tx) =>
    tx.log({
      kind: 'box.label-printed',
      ...(boxIds.length === 1 ? { objectId: boxIds[0] } : {}),
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { labels: kind, format, boxes: boxIds.length, named },
    }),
  );
  return { bytes, mediaType: MEDIA[format], fileName: `boxes-${kind}.${format}` };
}

/**
 * Contents lists (盒内目录) of boxes, one behind the other: they lie inside, and name whose dossiers are there.
 * @throws ArchiveError `box/not-found`, `box/hidden` (caller) when something in a box may not be seen: a list that leaves somebody out would be taken
 * for whole; `sheet/…` (environment)
 */
export async function makeBoxLists(
  archive: Archive,
  desk: Desk,
  { boxIds, format }: { readonly boxIds: readonly string[]; readonly format: 'pdf' | 'xlsx' },
  language: Language,
): Promise<MadeSheet> {
  const say = sayIn(language);
  const opened = await desk.act('catalogue.export', (tx, scope) => openBoxes(tx, archive, desk, scope, boxIds, language));
  if (opened.some(({ box, lines }) => lines.length !== box.volumes)) throw new ArchiveError('box/hidden', 'caller');
  const bytes = await runSheetWorker(
    archive.config,
    format === 'pdf' ? { report: listReport(opened, say, language, today(archive, desk)) } : { tables: listTables(opened, say) },
  );
  await desk.act('catalogue.export', (tx) =>
    tx.log({
      kind: 'box.list-exported',
      ...(boxIds.length === 1 ? { objectId: boxIds[0] } : {}),
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { format, boxes: boxIds.length, volumes: opened.reduce((n, o) => n + o.lines.length, 0) },
    }),
  );
  return { bytes, mediaType: MEDIA[format], fileName: `boxes-contents.${format}` };
}

const LIST_COLUMNS = [
  ['place', 0.08],
  ['dossier', 0.3],
  ['name', 0.24],
  ['volume', 0.08],
  ['sheets', 0.1],
  ['remarks', 0.2],
] as const;

const listRows = ({ lines }: Opened) =>
  lines.map((l, at) => [String(at + 1), l.dossierCode, l.name, String(l.volume), String(l.sheets), '']);

function listReport(opened: readonly Opened[], say: Say, language: Language, madeOn: ReportDocument['madeOn']): ReportDocument {
  return {
    title: say('list'),
    language,
    madeOn,
    foot: say('signed'),
    sections: opened.map((one, at) => ({
      heading: say('number', { number: numberOf(one.box) }),
      newPage: at > 0,
      lines: labelOf(one, say)
        .cells.filter(([, value]) => value !== '')
        .map(([label, value]) => `${label}：${value}`),
      table: { columns: LIST_COLUMNS.map(([key, share]) => ({ label: say(key), share })), rows: listRows(one) },
    })),
  };
}

const WIDTH = 90;

const listTables = (opened: readonly Opened[], say: Say): PlainTable[] =>
  opened.map((one) => ({
    name: `${one.box.fonds_code}-${numberOf(one.box)}`.slice(0, 31).replace(/[\\/?*[\]:]/g, '_'),
    columns: LIST_COLUMNS.map(([key, share]) => ({ heading: say(key), width: Math.round(share * WIDTH) })),
    rows: listRows(one),
  }));
