import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from './limits.ts';
import { receiveFile } from './receive.ts';
import { collect, makePaper, makePdf, makeZip, tools } from './testing/files.ts';

const receive = async (bytes: Uint8Array) => collect(receiveFile(bytes, tools));
const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe('any file', () => {
  it('is taken for what its bytes are', async () => {
    const jpeg = await makePaper();
    const image = await receive(jpeg);
    expect(image.outcome).toMatchObject({ kind: 'pages', format: 'jpeg', pageCount: 1 });
    expect(image.pages[0]).toMatchObject({ kind: 'page', origin: 'as_received' });
    const pdf = makePdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>',
    ]);
    expect((await receive(pdf)).outcome).toMatchObject({ kind: 'pages', format: 'pdf' });
    expect((await receive(makeZip([{ name: '1.jpg', data: jpeg }]))).members).toMatchObject([{ path: '1.jpg' }]);
  });
  it('of an office is kept as it came, unopened', async () => {
    const ooxml = (part: string) =>
      makeZip([
        { name: '[Content_Types].xml', data: '<Types/>' },
        { name: part, data: '<x/>' },
      ]);
    for (const [part, format] of [
      ['word/document.xml', 'docx'],
      ['xl/workbook.xml', 'xlsx'],
      ['ppt/presentation.xml', 'pptx'],
    ] as const)
      expect((await receive(ooxml(part))).outcome).toMatchObject({
        kind: 'kept',
        format,
        findings: [{ code: 'document/kept-as-original' }],
      });
    const odt = makeZip([
      { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
      { name: 'content.xml', data: '<x/>' },
    ]);
    expect((await receive(odt)).outcome).toMatchObject({ kind: 'kept', format: 'odt' });
    expect((await receive(bytesOf('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more'))).outcome).toMatchObject({
      kind: 'kept',
      format: 'compound',
    });
    expect((await receive(makeZip([{ name: 'word/document.xml', data: '<x/>' }]))).outcome).toMatchObject({ kind: 'members' });
  });
  it('that cannot be taken is refused by name', async () => {
    expect((await receive(new Uint8Array(0))).outcome).toMatchObject({ kind: 'refused', code: 'file/empty' });
    expect((await receive(bytesOf('Rar!\x1a\x07\x01\x00'))).outcome).toMatchObject({
      code: 'archive/unsupported',
      detail: { format: 'rar' },
    });
    expect((await receive(bytesOf("7z\xbc\xaf'\x1c..."))).outcome).toMatchObject({ code: 'archive/unsupported', detail: { format: '7z' } });
    expect((await receive(bytesOf(`${'a'.repeat(257)}ustar`))).outcome).toMatchObject({
      code: 'archive/unsupported',
      detail: { format: 'tar' },
    });
    expect((await receive(bytesOf('MZ a program'))).outcome).toMatchObject({ code: 'file/unknown-type' });
    expect((await receive(bytesOf('just words'))).outcome).toMatchObject({ code: 'file/unknown-type' });
    expect((await receive(new Uint8Array(MAX_FILE_BYTES + 1))).outcome).toMatchObject({ code: 'file/too-large' });
  });
});
