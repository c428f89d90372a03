import { type Layout, readLayout, type Scheme } from '@lantai/catalogue';
import type { Finding } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { getScheme, type LaidPlace, type LayoutLookup, titlesOf } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { insertFindings } from './findings.ts';
import type { Destination } from './receive-batch.ts';

const STEP = 'layout';
const VERSION = '1';
const LOOSE: LaidPlace = { key: null, material: null, order: 0, rank: 0, classCode: null };

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Where the pages of an import belong, its containers opened on the way. */
export interface BatchLayout extends LayoutLookup {
  addContainer(container: string, memberPaths: readonly string[]): void;
  /** What a file says that is a separator sheet; null for any other. */
  findSeparator(path: string): Finding | null;
}

/** What the folders of one import say: where each file's pages belong. Members of containers are added when the container is opened. */
export class ImportLayout implements BatchLayout {
  readonly #places = new Map<string, LaidPlace>();
  readonly #scheme: Scheme;
  /** What is to be looked at: numbers missing or twice, classes that hold nothing. */
  readonly findings: readonly Finding[];

  /** @param paths of all files of the import, with `/` */
  constructor(scheme: Scheme, paths: readonly string[]) {
    this.#scheme = scheme;
    this.findings = this.#read('', paths).findings;
  }

  find(path: string): LaidPlace | null {
    return this.#places.get(path) ?? null;
  }

  /** Folders know of none. */
  findSeparator(_path: string): Finding | null {
    return null;
  }

  /**
   * Adds the members of a container. Folders inside it that show materials count; else its members lie, in order, where the container itself lies.
   * @param memberPaths as the container names them
   */
  addContainer(container: string, memberPaths: readonly string[]): void {
    const layout = this.#read(`${container}/`, memberPaths);
    const own = this.find(container);
    if (layout.materials.length || !own) return;
    const step = 1 / (memberPaths.length + 1);
    for (const [at, { path, classCode }] of layout.loose.entries())
      this.#places.set(`${container}/${path}`, { ...own, rank: own.rank + at * step, classCode: classCode ?? own.classCode });
  }

  #read(prefix: string, paths: readonly string[]): Layout {
    const layout = readLayout(paths, this.#scheme, titlesOf(this.#scheme));
    for (const [order, material] of layout.materials.entries()) {
      // The folder names the material: pages that come later, or again, find it.
      const key = JSON.stringify([prefix + folderOf(material.paths[0] ?? ''), material.classCode, material.number, material.title]);
      for (const [rank, path] of material.paths.entries())
        this.#places.set(prefix + path, { key, material, order, rank, classCode: material.classCode });
    }
    for (const { path, classCode } of layout.loose) this.#places.set(prefix + path, { ...LOOSE, classCode });
    return layout;
  }
}

/** Reads the layout of an import off its paths, under the dossier's scheme, and keeps what is to be looked at as findings of the dossier. */
export async function openImportLayout(archive: Archive, desk: Desk, to: Destination, paths: readonly string[]): Promise<ImportLayout> {
  const row = await desk.sql.one<{ scheme: string }>('select scheme from dossier where id = $1', [to.dossierId]);
  const layout = new ImportLayout(await getScheme(desk.sql, archive, row?.scheme ?? ''), paths);
  if (layout.findings.length)
    await desk.act('page.import', async (tx) => {
      await tx.query('delete from finding where dossier_id = $1 and step = $2', [to.dossierId, STEP]);
      await insertFindings(tx, archive, { ...to, pageId: null, sourceFileId: null, step: STEP, version: VERSION }, layout.findings);
    });
  return layout;
}
