import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A worksheet of plain text that may be long: its rows are asked for as they are written. */
export interface LongTable {
  readonly name: string;
  readonly columns: readonly { readonly heading: string; readonly width: number }[];
  readonly rows: Iterable<readonly string[]>;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const ROWS_AT_ONCE = 500;
/** Styles of the workbook: text, and bold text. Text, so that no number loses a digit and nothing becomes a formula. */
const TEXT = 1;
const BOLD = 2;
const NAME_CHARS_MAX = 31;
/** The first instant that a ZIP can say, so that the same table gives the same bytes. */
const MADE_AT = new Date(1980, 0, 1);

const escaped = (text: string) =>
  text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML may not hold these, and strings of workbooks write them so.
    .replace(/[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g, (c) => `_x${c.charCodeAt(0).toString(16).padStart(4, '0')}_`)
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function letters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest > 0 ? letters(rest) : '') + String.fromCharCode(65 + ((column - 1) % 26));
}

function rowXml(row: number, cells: readonly string[], style: number): string {
  const xml = cells.map((text, at) =>
    text === ''
      ? ''
      : `<c r="${letters(at + 1)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
  );
  return `<row r="${row}">${xml.join('')}</row>`;
}

function* sheetXml({ columns, rows }: LongTable): Generator<Buffer> {
  const cols = columns.map(({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" style="${TEXT}" customWidth="1"/>`);
  yield Buffer.from(
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>` +
      `<cols>${cols.join('')}</cols><sheetData>${rowXml(
        1,
        columns.map((c) => c.heading),
        BOLD,
      )}`,
  );
  let at = 1;
  let held: string[] = [];
  for (const cells of rows) {
    held.push(rowXml(++at, cells, TEXT));
    if (held.length < ROWS_AT_ONCE) continue;
    yield Buffer.from(held.join(''));
    held = [];
  }
  yield Buffer.from(`${held.join('')}</sheetData></worksheet>`);
}

/** Sheet names may not hold these, nor be long. */
const sheetName = (name: string) => name.replace(/[\\/?*[\]:]/g, ' ').slice(0, NAME_CHARS_MAX) || '1';

/**
 * Writes one table as an Excel workbook piece by piece: a hundred thousand rows need no more memory than a hundred. Every cell is text.
 * @throws what `rows` throws
 */
export async function* streamTableXlsx(table: LongTable): AsyncGenerator<Uint8Array> {
  const parts: readonly (readonly [path: string, xml: string])[] = [
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
        ['workbook:sheet.main', 'worksheets/sheet1:worksheet', 'styles:styles']
          .map((p) => p.split(':'))
          .map(
            ([part, type]) =>
              `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`,
          )
          .join('') +
        '</Types>',
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(sheetName(table.name))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>` +
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>',
    ],
  ];
  const zip = new ZipFile();
  for (const [path, xml] of parts) zip.addBuffer(Buffer.from(HEAD + xml), path, { mtime: MADE_AT });
  const sheet = Readable.from(sheetXml(table));
  // What the rows throw must reach whoever reads the file, or half a sheet would look whole.
  const failed = new Promise<never>((_, reject) => sheet.once('error', reject));
  failed.catch(() => undefined);
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', { mtime: MADE_AT });
  zip.end();
  const out = (zip.outputStream as unknown as Readable).iterator();
  for (;;) {
    const next = (await Promise.race([out.next(), failed])) as IteratorResult<Buffer>;
    if (next.done) return;
    yield next.value;
  }
}
