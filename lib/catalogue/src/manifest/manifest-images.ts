import { normaliseCode } from '../archival-code.ts';
import { readLayout } from '../layout.ts';
import { compareNatural } from '../numerals.ts';
import { foldTitle } from '../titles.ts';
import type { ManifestFinding } from './fields.ts';
import { isRefused, type ManifestDossier } from './manifest-check.ts';
import type { ManifestLine, ManifestScheme } from './manifest-line.ts';
import { foldName } from './manifest-subject.ts';

/** Which images belong to a dossier of the list, and to which of its materials. */
export interface MatchedImages {
  /** By place of the line in the dossier, in order. */
  readonly byLine: readonly (readonly string[])[];
  /** Of the dossier but of no material: they come in as loose pages. */
  readonly loose: readonly string[];
  /** Found by the name alone: wrong when a dossier further down is of a person of that name. */
  readonly isByName: boolean;
  readonly findings: readonly ManifestFinding[];
}

/** Files that are one face each; of others only opening them tells the pages. */
const ONE_FACE = /\.(?:jpe?g|png|jp2|j2k|bmp|webp)$/i;
const EXTENSION = /\.[^./]{1,5}$/;

/** How many faces images have together; null when one of them may have several. */
export const facesOf = (paths: readonly string[]): number | null => (paths.every((p) => ONE_FACE.test(p)) ? paths.length : null);

const foldPath = (path: string) => path.normalize('NFKC').toLowerCase();
const stemOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(EXTENSION, '');

interface Found {
  readonly path: string;
  /** Below what named the dossier. */
  readonly below: string;
}

/**
 * The files of a folder of scans, found by dossier: by a folder named with the archival code, the ID number or the name (`P1101`, `P1101 公冶长`),
 * or by file or folder names that begin with the archival code (`P1101-4-1-003-02.jpg`). Looks at names only.
 */
export class ImageFolders {
  readonly #byFolder = new Map<string, Found[]>();
  readonly #byPrefix = new Map<string, Found[]>();
  readonly #used = new Set<string>();

  constructor(readonly paths: readonly string[]) {
    for (const path of paths) {
      const parts = path.split('/');
      for (const [at, part] of parts.slice(0, -1).entries()) {
        const below = parts.slice(at + 1).join('/');
        for (const name of new Set([part, ...part.split(/[\s_+]+/u)].map(foldFolder))) if (name) add(this.#byFolder, name, { path, below });
      }
      this.#addPrefixes(path, parts);
    }
  }

  #addPrefixes(path: string, parts: readonly string[]): void {
    const at = parts.findIndex((p) => normaliseCode(p.replace(EXTENSION, '')).includes('-'));
    if (at < 0) return;
    const pieces = normaliseCode(at === parts.length - 1 ? stemOf(path) : parts[at]!).split('-');
    const extension = EXTENSION.exec(path)?.[0] ?? '';
    for (let n = 1; n < pieces.length; n++) {
      const rest = [pieces.slice(n).join('-'), ...parts.slice(at + 1)].join('/');
      add(this.#byPrefix, pieces.slice(0, n).join('-'), { path, below: at === parts.length - 1 ? rest + extension : rest });
    }
  }

  /** @param isOnlyOfName no other dossier of the list is of a person of that name */
  find(
    dossier: Pick<ManifestDossier, 'code' | 'subject'>,
    isOnlyOfName: boolean,
  ): { files: Found[]; by: 'code' | 'file' | 'id' | 'name' } | 'ambiguous' | null {
    const take = (files: Found[] | undefined, by: 'code' | 'file' | 'id' | 'name') => {
      for (const { path } of files ?? []) this.#used.add(path);
      return files && { files, by };
    };
    const { name, idNumber } = dossier.subject;
    const certain =
      take(this.#byFolder.get(foldFolder(dossier.code)), 'code') ??
      take(this.#byPrefix.get(normaliseCode(dossier.code)), 'file') ??
      (idNumber ? take(this.#byFolder.get(foldFolder(idNumber)), 'id') : undefined);
    if (certain) return certain;
    const named = this.#byFolder.get(foldFolder(name));
    if (!named || !name) return null;
    return isOnlyOfName ? take(named, 'name')! : 'ambiguous';
  }

  /** Files that no dossier asked for has taken. */
  unused(): string[] {
    return this.paths.filter((p) => !this.#used.has(p));
  }
}

const foldFolder = (name: string) => foldName(normaliseCode(name));

function add(map: Map<string, Found[]>, key: string, found: Found): void {
  const list = map.get(key);
  if (!list) map.set(key, [found]);
  else if (list.at(-1)?.path !== found.path) list.push(found);
}

/**
 * Gives the images of a dossier to its materials: by the names in the list, else by class and number in folder or file names. Fewer than the list
 * says, or a title that differs, is an error: nothing is filed by guess. More than it says is a warning, for blank faces have an image too.
 */
export function matchImages(scheme: ManifestScheme, folders: ImageFolders, dossier: ManifestDossier, isOnlyOfName: boolean): MatchedImages {
  const findings: ManifestFinding[] = [];
  const say: Say = (row, field, code, severity, params = {}) => findings.push({ row, field, code: `manifest/${code}`, severity, params });
  const found = folders.find(dossier, isOnlyOfName);
  const none = dossier.lines.map(() => []);
  if (found === 'ambiguous') say(dossier.firstRow, 'name', 'images-ambiguous', 'error');
  else if (!found) say(dossier.firstRow, 'dossierCode', 'images-none', 'error');
  if (!found || found === 'ambiguous') return { byLine: none, loose: [], isByName: false, findings };
  const byLine: string[][] = dossier.lines.map(() => []);
  const taken = new Set<string>();
  const give = (at: number, paths: readonly string[]) => {
    for (const path of paths) {
      if (taken.has(path)) say(dossier.lines[at]!.row, 'image', 'image-twice', 'error');
      taken.add(path);
      byLine[at]!.push(path);
    }
  };
  for (const [at, line] of dossier.lines.entries()) if (line.images.length) give(at, namedFiles(found.files, line, say));
  const rest = found.files.filter((f) => !taken.has(f.path));
  if (dossier.lines.some((l) => !l.images.length)) laidFiles(scheme, dossier.lines, rest, give, say);
  for (const [at, line] of dossier.lines.entries()) checkFaces(line, byLine[at]!, say);
  const loose = found.files.map((f) => f.path).filter((p) => !taken.has(p));
  // The row of such an image may be the one that cannot be taken.
  if (loose.length && !isRefused(dossier.findings)) say(dossier.firstRow, 'image', 'images-unmatched', 'warning', { count: loose.length });
  return { byLine, loose: loose.sort(compareNatural), isByName: found.by === 'name', findings };
}

type Say = (
  row: number,
  field: ManifestFinding['field'],
  code: string,
  severity: ManifestFinding['severity'],
  params?: ManifestFinding['params'],
) => void;

function namedFiles(files: readonly Found[], line: ManifestLine, say: Say): string[] {
  const out: string[] = [];
  for (const name of line.images) {
    const wanted = foldPath(name.replaceAll('\\', '/'));
    const fits = (path: string) => path === wanted || path.endsWith(`/${wanted}`);
    const hits = files.filter(
      ({ path }) => fits(foldPath(path)) || (!EXTENSION.test(wanted) && fits(foldPath(path).replace(EXTENSION, ''))),
    );
    if (hits.length === 1) out.push(hits[0]!.path);
    else say(line.row, 'image', hits.length ? 'image-ambiguous' : 'image-missing', 'error');
  }
  return out;
}

/** `4-1-003` or `4-1-003-02`: class, number and page at the beginning of a name. */
function codeOf({ scheme }: ManifestScheme, below: string): { classCode: string; number: number } | null {
  const [first = ''] = below.split('/');
  const name = normaliseCode(first.replace(EXTENSION, ''));
  const classes = scheme.classes
    .filter((c) => c.holdsMaterials && name.startsWith(`${c.code}-`))
    .sort((a, b) => b.code.length - a.code.length);
  for (const { code } of classes) {
    const number = /^(\d{1,4})(?:-\d{1,4})?$/.exec(name.slice(code.length + 1))?.[1];
    if (number !== undefined) return { classCode: code, number: Number(number) };
  }
  return null;
}

/** Materials as folder or file names show them, laid beside the lines by class and number, or by class and title where there is no number. */
function laidFiles(
  scheme: ManifestScheme,
  lines: readonly ManifestLine[],
  files: readonly Found[],
  give: (at: number, paths: readonly string[]) => void,
  say: Say,
): void {
  const counted = new Map<string, number>();
  const numbers = lines.map((line) => {
    const number = line.number ?? (counted.get(line.classCode) ?? 0) + 1;
    counted.set(line.classCode, number);
    return number;
  });
  const open = (at: number) => lines[at]!.images.length === 0;
  const lineOf = (classCode: string | null, number: number) =>
    lines.findIndex((l, at) => open(at) && l.classCode === classCode && numbers[at] === number);
  const coded = files.map((f) => ({ ...f, code: codeOf(scheme, f.below) }));
  if (coded.length && coded.every((f) => f.code)) {
    for (const { code, path } of [...coded].sort((a, b) => compareNatural(a.below, b.below))) {
      const at = lineOf(code!.classCode, code!.number);
      if (at >= 0) give(at, [path]);
    }
    return;
  }
  const pathOf = new Map(files.map((f) => [f.below, f.path]));
  for (const laid of readLayout([...pathOf.keys()], scheme.scheme, scheme.titles).materials) {
    const sameTitle = (l: ManifestLine) => laid.title !== null && foldTitle(l.title) === foldTitle(laid.title);
    const byTitle = lines.flatMap((l, at) => (open(at) && l.classCode === laid.classCode && sameTitle(l) ? [at] : []));
    const at = laid.number === null ? (byTitle.length === 1 ? byTitle[0]! : -1) : lineOf(laid.classCode, laid.number);
    if (at < 0) continue;
    if (laid.titleKnown && laid.title !== null && !sameTitle(lines[at]!)) say(lines[at]!.row, 'title', 'image-title-differs', 'error');
    give(
      at,
      laid.paths.map((p) => pathOf.get(p)!),
    );
  }
}

function checkFaces(line: ManifestLine, paths: readonly string[], say: Say): void {
  const faces = facesOf(paths);
  if (!paths.length) {
    if (line.pages !== 0) say(line.row, 'pages', 'images-none-of-material', 'error');
  } else if (faces !== null && line.pages !== null && faces < line.pages)
    say(line.row, 'pages', 'images-fewer', 'error', { pages: line.pages, images: faces });
  else if (faces !== null && line.pages !== null && faces > line.pages)
    say(line.row, 'pages', 'images-more', 'warning', { pages: line.pages, images: faces });
}
