import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutCopy, COPY_LINES, copyPages, writeWhole } from '../testing/copies.ts';
import { openZip } from '../zip/archive.ts';

// Copies out before programs of others: poppler (Debian poppler-utils) and PDFBox preflight (Debian libpdfbox2-java, libactivation-java,
// libjaxb-api-java, any Java); and beside OFD packages that others made (../shared/samples/real/ofd).

const JARS = '/usr/share/java';
const CLASSES = ['preflight', 'pdfbox2', 'fontbox2', 'xmpbox', 'commons-logging', 'commons-io', 'javax.activation', 'jaxb-api'];
const jars = CLASSES.map((name) => join(JARS, `${name}.jar`));
const hasProgram = (name: string) => {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasPoppler = hasProgram('pdftotext');
const hasPreflight = hasProgram('java') && jars.every((jar) => existsSync(jar));
const SAMPLES = join(process.cwd(), '..', 'shared', 'samples', 'real', 'ofd');

let folder: string;
let pdf: Uint8Array;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-copies-'));
  pdf = await writeWhole(aboutCopy('pdf-a-1b', 3), await copyPages());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** What preflight says of a file; it ends with 1 where the file is none. */
function preflight(path: string): string {
  try {
    return execFileSync('java', ['-cp', jars.join(':'), 'org.apache.pdfbox.preflight.Validator_A1b', path], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

describe.skipIf(!hasPoppler)('pdftotext (needs poppler-utils)', () => {
  it('returns the text layer line by line, to the character', () => {
    const text = execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', file('t.pdf', pdf), '-'], { encoding: 'utf8' });
    // Poppler gives any blank, the ideographic one too, as a plain one.
    const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/\s/gu, ' '));
    expect(
      text
        .split('\f')
        .slice(0, 3)
        .map((page) => plain(page.trimEnd().split('\n'))),
    ).toEqual(COPY_LINES.map(plain));
  });
});

describe.skipIf(!hasPreflight)('PDFBox preflight (needs libpdfbox2-java)', () => {
  it('accepts a copy as PDF/A-1b', () => {
    expect(preflight(file('a.pdf', pdf))).toContain('is a valid PDF/A-1b file');
  });

  it('refuses the same copy once its output intent is gone, its part is another, or its dates disagree', () => {
    const broken = (from: string, to: string) => {
      const text = Buffer.from(pdf).toString('latin1');
      expect(text).toContain(from);
      // As long as before: places in the table of objects stay right.
      return Buffer.from(text.replace(from, to.padEnd(from.length)), 'latin1');
    };
    for (const [from, to] of [
      ['/S /GTS_PDFA1', '/S /GTS_PDFX'],
      ['<pdfaid:part>1</pdfaid:part>', '<pdfaid:part>7</pdfaid:part>'],
      ['/CreationDate (D:20261122', '/CreationDate (D:20261121'],
    ] as const)
      expect(preflight(file('b.pdf', broken(from, to))), from).not.toContain('is a valid PDF/A-1b file');
  });
});

describe.skipIf(!existsSync(SAMPLES))('OFD packages of others (needs ../shared/samples/real/ofd)', () => {
  it('have the parts and elements that a copy as OFD has, and no element of a copy is unknown to them or to GB/T 33190', async () => {
    const parse = async (bytes: Uint8Array) => {
      const archive = await openZip(bytes);
      if ('kind' in archive) return null;
      const parts = new Map<string, Set<string>>();
      for (const member of archive.members) {
        if (!member.path.endsWith('.xml')) continue;
        const kind = member.path.replace(/Doc_\d+/i, 'Doc').replace(/Page_\d+/i, 'Page');
        const read = archive.read(member);
        if (read instanceof Uint8Array === false) continue;
        const names = new TextDecoder().decode(read as Uint8Array).matchAll(/<(?:ofd:)?([A-Z]\w+)/g);
        parts.set(kind, new Set([...(parts.get(kind) ?? []), ...[...names].map((m) => m[1]!)]));
      }
      return parts;
    };
    const { readFileSync } = await import('node:fs');
    const known = new Map<string, Set<string>>();
    for (const name of readdirSync(SAMPLES)) {
      const parts = await parse(readFileSync(join(SAMPLES, name)));
      for (const [kind, names] of parts ?? []) known.set(kind, new Set([...(known.get(kind) ?? []), ...names]));
    }
    const ours = (await parse(await writeWhole(aboutCopy('ofd', 3), await copyPages())))!;
    // None of the samples has a title or an outline; these are of GB/T 33190-2016, 7.4, 7.9 and 14.2.
    const OUTLINE = ['Title', 'Outlines', 'OutlineElem', 'Actions', 'Action', 'Goto', 'Dest'];
    for (const [kind, names] of ours) {
      expect([...known.keys()], kind).toContain(kind);
      const strange = [...names].filter((n) => !known.get(kind)!.has(n) && !OUTLINE.includes(n));
      expect([kind, strange]).toEqual([kind, []]);
    }
  });
});
