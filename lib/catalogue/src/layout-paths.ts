import { findClassPrefix } from './class-name.ts';
import { readMaterialName } from './material-name.ts';
import { compareNatural } from './numerals.ts';
import type { Scheme } from './scheme.ts';
import type { TitleIndex } from './titles.ts';

/** A path cut into its folders and the file's name. */
export interface CutPath {
  /** As given. */
  readonly path: string;
  readonly folders: readonly string[];
  /** File name without its last ending. */
  readonly stem: string;
}

/** Files that systems leave behind and no scanner made. */
const LEFT_BEHIND = /^(?:\..*|__MACOSX|Thumbs\.db|desktop\.ini|~\$.*)$/i;

/** Cuts paths, either slash. Absolute and climbing paths and control characters are refused; what systems leave behind is ignored. */
export function cutPaths(paths: readonly string[]): { cut: CutPath[]; ignored: string[]; refused: string[] } {
  const cut: CutPath[] = [];
  const ignored: string[] = [];
  const refused: string[] = [];
  for (const path of paths) {
    const plain = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
    const parts = plain.split('/').filter((p) => p !== '.');
    const file = parts.at(-1) ?? '';
    if (/^\/|^[A-Za-z]:/.test(plain) || parts.some((p) => p === '..' || p === '') || /\p{Cc}/u.test(plain)) refused.push(path);
    else if (parts.some((p) => LEFT_BEHIND.test(p))) ignored.push(path);
    else cut.push({ path, folders: parts.slice(0, -1), stem: file.replace(/(?<=.)\.[^.]{1,8}$/, '') });
  }
  return { cut, ignored, refused };
}

export const isInteger = (name: string): boolean => /^\d+$/.test(name.normalize('NFKC').trim());

/** True when a folder can only be meant as a class: its name is one, and not a mere number. */
export function isClearClass(scheme: Scheme, name: string): boolean {
  return !isInteger(name) && findClassPrefix(scheme, name)?.rest === '';
}

/** Pages in natural order of folders, then names. */
export function sortPages(cut: readonly CutPath[]): CutPath[] {
  const place = (c: CutPath) => [...c.folders, c.stem].join('/');
  return [...cut].sort((a, b) => compareNatural(place(a), place(b)) || compareNatural(a.path, b.path));
}

const distinct = (names: Iterable<string | undefined>) => [...new Set(names)].filter((n) => n !== undefined);

/**
 * How many leading folders all paths share that say nothing of class or material: the dossier's own folder and those above it.
 * A shared folder that names a class, or a title of the scheme, is part of the layout.
 */
export function rootDepth(scheme: Scheme, index: TitleIndex, cut: readonly CutPath[]): number {
  const first = cut[0];
  if (!first) return 0;
  let depth = 0;
  for (; depth < first.folders.length; depth++) {
    const name = first.folders[depth]!;
    if (!cut.every((c) => c.folders[depth] === name)) break;
    const below = distinct(cut.map((c) => c.folders[depth + 1]));
    const holdsClasses = below.some((b) => isClearClass(scheme, b) && !isChild(scheme, name, b));
    if (!holdsClasses && (findClassPrefix(scheme, name)?.rest === '' || readMaterialName(index, name).match)) break;
  }
  return depth;
}

function isChild(scheme: Scheme, parent: string, child: string): boolean {
  const above = findClassPrefix(scheme, parent)?.schemeClass.code;
  return above !== undefined && findClassPrefix(scheme, child)?.schemeClass.parent === above;
}

/**
 * Folders that each hold a dossier of its own, with their paths; one entry, with an empty folder name, when the paths are of one dossier.
 * They are several when two or more folders, none of which names a class, a title or a number, hold class folders.
 */
export function splitDossiers(
  scheme: Scheme,
  index: TitleIndex,
  cut: readonly CutPath[],
): { readonly folder: string; readonly paths: readonly CutPath[] }[] {
  const depth = rootDepth(scheme, index, cut);
  const tops = distinct(cut.map((c) => c.folders[depth]));
  const plain = tops.every((t) => !isInteger(t) && findClassPrefix(scheme, t)?.rest !== '' && !readMaterialName(index, t).match);
  const deep = cut.filter((c) => c.folders.length > depth + 1);
  const classed = deep.filter((c) => findClassPrefix(scheme, c.folders[depth + 1]!)?.rest === '');
  if (tops.length < 2 || !plain || !deep.length || classed.length * 2 < deep.length) return [{ folder: '', paths: cut }];
  const folders = new Map<string, CutPath[]>();
  for (const c of cut) {
    const folder = c.folders.slice(0, depth + 1).join('/');
    if (!folders.get(folder)?.push(c)) folders.set(folder, [c]);
  }
  return [...folders].map(([folder, paths]) => ({ folder, paths }));
}
