import { MAX_OFD_TOTAL_BYTES } from '../limits.ts';
import { type Refused, refused } from '../outcome.ts';
import type { ZipArchive, ZipMember } from '../zip/archive.ts';
import { parseXml, type XmlElement } from './xml.ts';

/**
 * The parts of an OFD by path. Writers disagree about the case of names (`Doc_0`, `DOC_0`), so it does not count.
 * What was read once is kept: resources are shared by pages.
 */
export class OfdPackage {
  readonly #members = new Map<string, ZipMember>();
  readonly #xml = new Map<string, XmlElement | Refused>();
  #readBytes = 0;

  constructor(private readonly archive: ZipArchive) {
    for (const member of archive.members) this.#members.set(member.path.toLowerCase(), member);
  }

  /** Paths of all parts, in lower case. */
  paths(): readonly string[] {
    return [...this.#members.keys()];
  }

  /** Bytes of a part; `ofd/part-missing` when there is none, `ofd/too-large` when all parts read so far unpack to too much. */
  read(path: string): Uint8Array | Refused {
    const member = this.#members.get(path.toLowerCase());
    if (!member) return refused('ofd/part-missing');
    this.#readBytes += member.unpackedBytes;
    if (this.#readBytes > MAX_OFD_TOTAL_BYTES) return refused('ofd/too-large', { limit: MAX_OFD_TOTAL_BYTES });
    return this.archive.read(member);
  }

  /** Root element of a part. */
  readXml(path: string): XmlElement | Refused {
    const key = path.toLowerCase();
    let parsed = this.#xml.get(key);
    if (!parsed) {
      const bytes = this.read(path);
      parsed = 'kind' in bytes ? bytes : parseXml(bytes);
      this.#xml.set(key, parsed);
    }
    return parsed;
  }
}

/** True when the archive is an OFD. */
export function isOfd(archive: ZipArchive): boolean {
  return archive.members.some((member) => member.path.toLowerCase() === 'ofd.xml');
}

/**
 * The path a location means: from the root when it begins with a slash, else from the folder of the part that names it.
 * Never leads out of the package: `..` at the root stays there.
 */
export function resolvePath(fromPart: string, location: string): string {
  const trimmed = location.trim().replaceAll('\\', '/');
  const base = trimmed.startsWith('/') ? [] : fromPart.split('/').slice(0, -1);
  const out: string[] = [];
  for (const step of [...base, ...trimmed.split('/')]) {
    if (step === '..') out.pop();
    else if (step !== '' && step !== '.') out.push(step);
  }
  return out.join('/');
}
