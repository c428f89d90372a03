import { normaliseCode } from './archival-code.ts';
import { checkOf } from './checksum.ts';
import { findSchemeClass, type Scheme } from './scheme.ts';

/** What a separator sheet (分隔页) says: what follows it belongs to this dossier, class and material, until the next. */
export interface Separator {
  /** Archival code of the dossier. */
  readonly dossier: string;
  /** Null: the sheet begins a dossier, or ends a class. */
  readonly classCode: string | null;
  /** True: each such sheet begins a material of its class; false: what follows is of the class, not yet of a material. */
  readonly isMaterial: boolean;
}

/** Code word of the form, and its version. */
const MARK = 'LANTAI-SEP/1';

/** The text of a separator's code, `LANTAI-SEP/1 D=P1101 C=4-1 M=1 7A3F`. Source: docs/spec/separator.md. */
export function formatSeparator({ dossier, classCode, isMaterial }: Separator): string {
  const said = [
    MARK,
    `D=${normaliseCode(dossier)}`,
    ...(classCode === null ? [] : [`C=${classCode}`]),
    ...(isMaterial ? ['M=1'] : []),
  ].join(' ');
  return `${said} ${checkOf(said)}`;
}

/** What a code found on a page says: a separator, nothing of ours (null), or a separator that is damaged or of another version. */
export function readSeparator(text: string): Separator | 'damaged' | null {
  if (!text.startsWith('LANTAI-SEP/')) return null;
  const at = text.lastIndexOf(' ');
  const said = text.slice(0, Math.max(0, at));
  const form = /^LANTAI-SEP\/1 D=(\S{1,120})(?: C=(\S{1,20}))?( M=1)?$/u.exec(said);
  if (!form?.[1] || checkOf(said) !== text.slice(at + 1)) return 'damaged';
  const separator = { dossier: form[1], classCode: form[2] ?? null, isMaterial: form[3] !== undefined };
  // Only what would be written is read.
  return formatSeparator(separator) === text ? separator : 'damaged';
}

/** Where a page of a batch belongs by the separators before it. */
export interface SeparatedFile {
  readonly path: string;
  readonly kind: 'page' | 'separator';
  /** Null: no separator stood before it. */
  readonly dossier: string | null;
  readonly classCode: string | null;
  /** Counts the materials of the batch, from 1; null: of no material. */
  readonly material: number | null;
  /** Why it cannot be filed: a separator that is not to be believed stands before it, or is this. */
  readonly problem: 'damaged' | 'class-unknown' | 'several' | null;
}

/**
 * Goes through a batch in the order scanned. A separator switches dossier, class and material for what follows; one that is damaged, names a class
 * that the scheme has not, or stands on a page with another one makes everything behind it unsure, up to the next good one.
 */
export function separate(scheme: Scheme, files: readonly { readonly path: string; readonly codes: readonly string[] }[]): SeparatedFile[] {
  let now: Omit<SeparatedFile, 'path' | 'kind'> = { dossier: null, classCode: null, material: null, problem: null };
  let materials = 0;
  return files.map(({ path, codes }) => {
    const found = codes.map(readSeparator).filter((s) => s !== null);
    const [first] = found;
    if (first === undefined) return { path, kind: 'page', ...now };
    const good = first === 'damaged' ? null : first;
    const known = good?.classCode == null || findSchemeClass(scheme, good.classCode)?.holdsMaterials === true;
    const problem = found.length > 1 ? 'several' : !good ? 'damaged' : known ? null : 'class-unknown';
    now = problem
      ? { dossier: null, classCode: null, material: null, problem }
      : { dossier: good!.dossier, classCode: good!.classCode, material: good!.isMaterial ? ++materials : null, problem };
    return { path, kind: 'separator', ...now };
  });
}
