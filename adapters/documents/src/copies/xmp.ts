import { utf8 } from '@lantai/values';
import type { CopyAbout } from './copy-model.ts';
import { pdfText } from './text-codes.ts';

const PRODUCER = 'Lantai';

/** Text inside XML. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c]!);

/** To the second, in universal time. */
const isoOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The document's information dictionary. INVARIANT: says what {@link xmpPacket} says, word for word: PDF/A compares them. */
export function infoDictionary(about: CopyAbout): string {
  const date = `(D:${isoOf(about.madeAtMs).replace(/[-:TZ]/g, '')}Z)`;
  return `<< /Title ${pdfText(about.title)} /Author ${pdfText(about.keeper)} /Creator ${pdfText(PRODUCER)} /Producer ${pdfText(PRODUCER)} /CreationDate ${date} /ModDate ${date} >>`;
}

/** The metadata of a PDF/A: which part and level it keeps to, and what the document is. Source: ISO 19005-1, 6.7; XMP 1.0. */
export function xmpPacket(about: CopyAbout): Uint8Array {
  const part = about.form === 'pdf-a-2b' ? 2 : 1;
  const iso = isoOf(about.madeAtMs);
  return utf8(
    `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
      `<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>${part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>` +
      `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>` +
      `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(about.title)}</rdf:li></rdf:Alt></dc:title>` +
      `<dc:creator><rdf:Seq><rdf:li>${escapeXml(about.keeper)}</rdf:li></rdf:Seq></dc:creator></rdf:Description>` +
      `<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>${PRODUCER}</xmp:CreatorTool><xmp:CreateDate>${iso}</xmp:CreateDate><xmp:ModifyDate>${iso}</xmp:ModifyDate></rdf:Description>` +
      `<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>${PRODUCER}</pdf:Producer></rdf:Description>` +
      `</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
  );
}
