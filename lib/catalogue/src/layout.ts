import type { Finding, PartialDate } from '@lantai/values';
import { findClass, findClassPrefix } from './class-name.ts';
import { type CutPath, cutPaths, isClearClass, isInteger, rootDepth, sortPages, splitDossiers } from './layout-paths.ts';
import { type MaterialName, readMaterialName, readTitledPage } from './material-name.ts';
import { compareNatural, findNumeral } from './numerals.ts';
import { classPosition, findSchemeClass, type Scheme, type SchemeClass } from './scheme.ts';
import { formatTitle, indexTitles, type TitleIndex } from './titles.ts';

/** How a folder of pages is laid out. `codes`: no folders, each file is named class-material-page. */
export type LayoutShape = 'class/material/page' | 'class/page' | 'material/page' | 'page' | 'codes';

/** What was guessed of a folder before reading it. */
export interface LayoutGuess {
  readonly shape: LayoutShape;
  /** Leading folders to drop: the dossier's own and those above. */
  readonly depth: number;
  /** Whether a folder named by a mere number is a class; else it is a material. */
  readonly numbersAreClasses: boolean;
  /** Class folders were told by number alone, and the same numbers could count materials. */
  readonly ambiguous: boolean;
  /** Folders that hold a dossier each, when the paths are of several; import them one by one. */
  readonly dossierFolders: readonly string[];
}

/** A material as the folders show it. */
export interface LaidMaterial {
  readonly classCode: string | null;
  /** Number in its class, when the folder gives one. */
  readonly number: number | null;
  /** The scheme's wording where it knows the title, else the folder's. Personal data may stand in it. */
  readonly title: string | null;
  readonly titleKnown: boolean;
  readonly date: PartialDate | null;
  /** Its pages, in order. */
  readonly paths: readonly string[];
}

/** The order of class, material and page that a folder of scans shows. */
export interface Layout {
  readonly shape: LayoutShape;
  readonly materials: readonly LaidMaterial[];
  /** Pages that belong to no material yet, in order, with their class when the folder gives one. */
  readonly loose: readonly { readonly path: string; readonly classCode: string | null }[];
  readonly ignored: readonly string[];
  /** Absolute or climbing paths; never read. */
  readonly refused: readonly string[];
  readonly findings: readonly Finding[];
}

const distinct = (names: Iterable<string | undefined>) => [...new Set(names)].filter((n) => n !== undefined);

/** Guesses how paths are laid out. Pure: looks at names only, never at files. */
export function guessLayout(paths: readonly string[], scheme: Scheme, index: TitleIndex = indexTitles(scheme)): LayoutGuess {
  const { cut } = cutPaths(paths);
  const dossiers = splitDossiers(scheme, index, cut);
  const depth = rootDepth(scheme, index, cut);
  const tops = distinct(cut.map((c) => c.folders[depth]));
  const numbersAreClasses = guessNumbers(scheme, cut, depth, tops);
  const placed = cut.map((c) => placePage(scheme, index, c, { depth, numbersAreClasses }));
  const classed = placed.some((p) => p.classCode !== null && p.fromFolder);
  const grouped = placed.some((p) => p.name !== null && !p.fromCode);
  const codes = !tops.length && placed.length > 0 && placed.every((p) => p.fromCode);
  const shape = codes ? 'codes' : classed ? (grouped ? 'class/material/page' : 'class/page') : grouped ? 'material/page' : 'page';
  const ambiguous = shape === 'class/page' && tops.some(isInteger) && !tops.some((t) => isClearClass(scheme, t));
  return { shape, depth, numbersAreClasses, ambiguous, dossierFolders: dossiers.length > 1 ? dossiers.map((d) => d.folder) : [] };
}

/** Numbers are classes beside clear class folders, or when every one is a class and pages lie deeper, or at least in classes that hold materials. */
function guessNumbers(scheme: Scheme, cut: readonly CutPath[], depth: number, tops: readonly string[]): boolean {
  const numbers = tops.filter(isInteger);
  const classes = numbers.map((n) => findClass(scheme, n));
  if (tops.some((t) => isClearClass(scheme, t))) return true;
  if (!numbers.length || classes.some((c) => !c)) return false;
  const deeper = cut.some((c) => c.folders.length > depth + 1 && isInteger(c.folders[depth] ?? ''));
  return deeper || classes.every((c) => c?.holdsMaterials);
}

interface Placed {
  readonly cut: CutPath;
  readonly classCode: string | null;
  readonly fromFolder: boolean;
  readonly fromCode: boolean;
  /** Class folder that holds no materials of its own. */
  readonly emptyClass: string | null;
  readonly group: string;
  readonly name: MaterialName | null;
}

function classFolder(
  scheme: Scheme,
  index: TitleIndex,
  folder: string,
  deeper: boolean,
  numbersAreClasses: boolean,
): { found: SchemeClass; rest: string } | null {
  if (isInteger(folder)) {
    const found = numbersAreClasses ? findClass(scheme, folder) : null;
    return found && { found, rest: '' };
  }
  const match = findClassPrefix(scheme, folder);
  if (!match) return null;
  const whole = readMaterialName(index, folder);
  const same = whole.match?.title.classCode === match.schemeClass.code;
  // `2-自传` with pages right inside is a material; with folders inside it is the class, which older schemes called so.
  if (whole.match && match.rest === '')
    return deeper ? { found: match.schemeClass, rest: '' } : same ? { found: match.schemeClass, rest: whole.words ?? '' } : null;
  // `3-年度考核登记表` is class 3 with its title, `2-年度考核登记表` the second material.
  if (whole.match && !same) return null;
  if (match.rest !== '' && !whole.match && !numbersAreClasses) return null;
  return { found: match.schemeClass, rest: whole.match ? match.rest : '' };
}

function placePage(
  scheme: Scheme,
  index: TitleIndex,
  cut: CutPath,
  guess: { readonly depth: number; readonly numbersAreClasses: boolean },
): Placed {
  let at = guess.depth;
  let found: SchemeClass | null = null;
  let rest = '';
  const first = cut.folders[at];
  const top = first === undefined ? null : classFolder(scheme, index, first, cut.folders.length > at + 1, guess.numbersAreClasses);
  if (top) {
    ({ found, rest } = top);
    at++;
    const child = rest === '' ? findChild(scheme, found, cut.folders[at]) : null;
    if (child) {
      found = child;
      at++;
    }
  }
  const below = cut.folders.slice(at);
  const naming = below[0] ?? (rest || null);
  const base = {
    cut,
    classCode: found?.holdsMaterials ? found.code : null,
    fromFolder: found !== null,
    fromCode: false,
    emptyClass: found && !found.holdsMaterials ? found.code : null,
  };
  if (naming !== null)
    return { ...base, group: cut.folders.slice(0, below.length ? at + 1 : at).join('/'), name: readMaterialName(index, naming) };
  const code = found ? null : readPageCode(scheme, cut.stem);
  if (code)
    return { ...base, classCode: code.classCode, fromCode: true, group: `${code.classCode}/${code.number}`, name: numberOnly(code.number) };
  const titled = readTitledPage(index, cut.stem);
  const group = `${cut.folders.join('/')}//${titled?.words ?? ''}`;
  return { ...base, group, name: titled && { number: null, words: titled.words, match: titled.match, date: null } };
}

const numberOnly = (number: number): MaterialName => ({ number, words: null, match: null, date: null });

function findChild(scheme: Scheme, parent: SchemeClass, folder: string | undefined): SchemeClass | null {
  if (folder === undefined) return null;
  const named = findClass(scheme, folder);
  if (named?.parent === parent.code) return named;
  // Below a class that holds nothing itself, 4/1 can only be 4-1.
  return !parent.holdsMaterials && isInteger(folder) ? findSchemeClass(scheme, `${parent.code}-${Number(folder)}`) : null;
}

function readPageCode(scheme: Scheme, stem: string): { classCode: string; number: number } | null {
  const match = /^(.{1,8})[-_](\d{1,3})[-_](\d{1,4})$/u.exec(stem.normalize('NFKC'));
  const found = match?.[1] === undefined ? null : findClass(scheme, match[1]);
  return found?.holdsMaterials && match?.[2] !== undefined ? { classCode: found.code, number: Number(match[2]) } : null;
}

/**
 * Reads class, material and page out of paths such as `dossier/四-1/03-学籍卡/002.jpg`, also without some of the levels.
 * Class folders by code, printed numeral, older code (41) or name; materials by number or title; pages in natural order.
 * Nothing is dropped: every path is in a material, loose, ignored or refused.
 * Findings tell of numbers used twice or missing, class folders that hold nothing, titles out of their class, and what was ambiguous; they name no folder.
 */
export function readLayout(
  paths: readonly string[],
  scheme: Scheme,
  index: TitleIndex = indexTitles(scheme),
  guess: LayoutGuess = guessLayout(paths, scheme, index),
): Layout {
  const { cut, ignored, refused } = cutPaths(paths);
  const findings: Finding[] = [];
  const say = (code: string, severity: Finding['severity'], params: Record<string, string | number>) =>
    findings.push({ code, severity, params });
  if (refused.length) say('layout/path-refused', 'error', { count: refused.length });
  if (guess.dossierFolders.length) {
    say('layout/several-dossiers', 'error', { count: guess.dossierFolders.length });
    const loose = sortPages(cut).map((c) => ({ path: c.path, classCode: null }));
    return { shape: 'page', materials: [], loose, ignored, refused, findings };
  }
  const placed = cut.map((c) => placePage(scheme, index, c, guess));
  // Codes in file names count only when every file has one: 1-2-3.jpg alone may be anything.
  const usesCodes = guess.shape === 'codes';
  const groups = new Map<string, Placed[]>();
  const loose: { cut: CutPath; classCode: string | null }[] = [];
  for (const page of placed)
    if (!page.name || (page.fromCode && !usesCodes)) loose.push({ cut: page.cut, classCode: page.fromCode ? null : page.classCode });
    else if (!groups.get(page.group)?.push(page)) groups.set(page.group, [page]);
  const materials = [...groups.values()].map((pages) => layMaterial(pages, say)).sort(byPlace(scheme));
  for (const code of distinct(placed.map((p) => p.emptyClass ?? undefined))) say('layout/class-holds-none', 'warning', { class: code });
  if (guess.ambiguous) say('layout/ambiguous', 'warning', {});
  loose.sort((a, b) => classPosition(scheme, a.classCode) - classPosition(scheme, b.classCode) || compareNatural(a.cut.path, b.cut.path));
  return {
    shape: guess.shape,
    materials: materials.map((m) => m.laid),
    loose: loose.map((l) => ({ path: l.cut.path, classCode: l.classCode })),
    ignored,
    refused,
    findings,
  };
}

const byPlace = (scheme: Scheme) => (a: { laid: LaidMaterial; group: string }, b: { laid: LaidMaterial; group: string }) =>
  classPosition(scheme, a.laid.classCode) - classPosition(scheme, b.laid.classCode) ||
  (a.laid.number ?? Number.MAX_SAFE_INTEGER) - (b.laid.number ?? Number.MAX_SAFE_INTEGER) ||
  compareNatural(a.group, b.group);

function layMaterial(
  pages: readonly Placed[],
  say: (code: string, severity: Finding['severity'], params: Record<string, string | number>) => void,
): { laid: LaidMaterial; group: string } {
  const { name, classCode, group } = pages[0]!;
  const usual = name?.match?.title.classCode ?? null;
  if (classCode !== null && usual !== null && usual !== classCode) say('layout/class-differs', 'warning', { class: classCode, usual });
  checkNumbers(pages, say);
  const laid: LaidMaterial = {
    classCode: classCode ?? usual,
    number: name?.number ?? null,
    title: name?.match ? formatTitle(name.match.title, name.match.year) : (name?.words ?? null),
    titleKnown: name?.match !== null,
    date: name?.date ?? null,
    paths: sortPages(pages.map((p) => p.cut)).map((c) => c.path),
  };
  return { laid, group };
}

/** Only where every page of a material is named by its number do the numbers mean something. */
function checkNumbers(
  pages: readonly Placed[],
  say: (code: string, severity: Finding['severity'], params: Record<string, string | number>) => void,
): void {
  const numbers = pages.map((p) => findNumeral(/(\d+|[一二三四五六七八九十百]+)\D{0,3}$/u.exec(p.cut.stem.normalize('NFKC'))?.[1] ?? ''));
  if (!numbers.every((n) => n !== null)) return;
  const distinctNumbers = new Set(numbers);
  if (distinctNumbers.size < numbers.length) say('layout/same-number', 'warning', { count: numbers.length - distinctNumbers.size });
  const missing = Math.max(...numbers) - Math.min(...numbers) + 1 - distinctNumbers.size;
  if (missing > 0) say('layout/number-gap', 'info', { count: missing });
}
