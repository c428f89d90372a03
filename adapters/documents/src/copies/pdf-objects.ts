import { deflateSync } from 'node:zlib';
import { concatBytes, utf8 } from '@lantai/values';

/** Latin-1 text as bytes: all of a PDF that is no stream is written so. */
const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/**
 * Numbers the objects of a PDF and gives their bytes one by one, remembering where each begins, so that a document of any length is written with
 * one page in memory. The file is one of PDF 1.4 without object streams: PDF/A-1 allows no other. Source: ISO 19005-1, 6.1; ISO 32000-1, 7.5.
 */
export class PdfObjects {
  readonly #places: number[] = [];
  #at = 0;

  /** A number for an object that is written later. */
  reserve(): number {
    this.#places.push(-1);
    return this.#places.length;
  }

  /** The first bytes: version, and a comment of four bytes above 127 that says the file is no text. Source: ISO 19005-1, 6.1.2. */
  header(): Uint8Array {
    return this.#emit(concatBytes(utf8('%PDF-1.4\n%'), Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 0x0a)));
  }

  object(id: number, body: string): Uint8Array {
    return this.#write(id, bytesOf(body));
  }

  /** @param dictionary entries beside Length, as `/Type /Metadata` */
  stream(id: number, dictionary: string, content: Uint8Array): Uint8Array {
    const head = bytesOf(`<< ${dictionary} /Length ${content.length} >>\nstream\n`);
    return this.#write(id, concatBytes(head, content, bytesOf('\nendstream')));
  }

  /** A stream packed by deflate. */
  packed(id: number, dictionary: string, content: string | Uint8Array): Uint8Array {
    const plain = typeof content === 'string' ? bytesOf(content) : content;
    return this.stream(id, `${dictionary} /Filter /FlateDecode`.trim(), new Uint8Array(deflateSync(plain)));
  }

  /** The last bytes. @param idHex the document's identifier, 32 hexadecimal digits */
  trailer(root: number, info: number, idHex: string): Uint8Array {
    const start = this.#at;
    const rows = this.#places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`);
    const size = this.#places.length + 1;
    return this.#emit(
      bytesOf(
        `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} /Root ${root} 0 R /Info ${info} 0 R /ID [<${idHex}> <${idHex}>] >>\nstartxref\n${start}\n%%EOF\n`,
      ),
    );
  }

  #write(id: number, body: Uint8Array): Uint8Array {
    this.#places[id - 1] = this.#at;
    return this.#emit(concatBytes(bytesOf(`${id} 0 obj\n`), body, bytesOf('\nendobj\n')));
  }

  #emit(bytes: Uint8Array): Uint8Array {
    this.#at += bytes.length;
    return bytes;
  }
}
