import type { Finding } from '@lantai/values';
import { MAX_PAGES } from '../limits.ts';
import { type Refused, refused } from '../outcome.ts';
import { type OfdPackage, resolvePath } from './package.ts';
import { type OfdResources, readResources } from './resources.ts';
import { readSeals, type Seal } from './seals.ts';
import { childrenOf, findChild, numbersOf, type XmlElement } from './xml.ts';

/** A page as the document lists it. */
export interface OfdPageEntry {
  readonly id: string;
  readonly path: string;
  readonly document: OfdDocument;
}

/** One document of the package: what its pages share. */
export interface OfdDocument {
  readonly path: string;
  readonly resources: OfdResources;
  readonly templates: ReadonlyMap<string, { path: string; zOrder: string }>;
  /** x, y, width, height in millimetres of pages that say nothing themselves. */
  readonly pageArea: readonly number[];
  /** Annotation parts by page id. */
  readonly annotations: ReadonlyMap<string, readonly string[]>;
  readonly seals: readonly Seal[];
}

/** All pages of all documents in the package, in order, and what is to be said of the whole. */
export function readOfd(ofd: OfdPackage): { pages: OfdPageEntry[]; findings: Finding[] } | Refused {
  const root = ofd.readXml('OFD.xml');
  if ('kind' in root) return root;
  const pages: OfdPageEntry[] = [];
  const findings: Finding[] = [];
  for (const body of childrenOf(root, 'DocBody')) {
    const location = findChild(body, 'DocRoot')?.text;
    if (!location) return refused('ofd/no-document');
    const path = resolvePath('OFD.xml', location);
    const document = ofd.readXml(path);
    if ('kind' in document) return document;
    const signatures = findChild(body, 'Signatures')?.text;
    const seals = signatures ? readSeals(ofd, resolvePath('OFD.xml', signatures)) : [];
    if (signatures) findings.push({ code: 'document/signed', severity: 'info' });
    const shared = readDocument(ofd, path, document, seals);
    for (const page of childrenOf(findChild(document, 'Pages'), 'Page'))
      pages.push({ id: page.attributes.ID ?? '', path: resolvePath(path, page.attributes.BaseLoc ?? ''), document: shared });
    const attachments = countAttachments(ofd, path, document);
    if (attachments > 0) findings.push({ code: 'document/attachments-ignored', severity: 'warning', params: { count: attachments } });
  }
  if (pages.length === 0) return refused('ofd/no-document');
  if (pages.length > MAX_PAGES) return refused('document/too-many-pages', { count: pages.length, limit: MAX_PAGES });
  return { pages, findings };
}

function readDocument(ofd: OfdPackage, path: string, document: XmlElement, seals: readonly Seal[]): OfdDocument {
  const common = findChild(document, 'CommonData');
  const locations = [...childrenOf(common, 'PublicRes'), ...childrenOf(common, 'DocumentRes')].map((r) => resolvePath(path, r.text));
  const templates = childrenOf(common, 'TemplatePage').map(
    (t) =>
      [
        t.attributes.ID ?? '',
        { path: resolvePath(path, t.attributes.BaseLoc ?? ''), zOrder: t.attributes.ZOrder ?? 'Background' },
      ] as const,
  );
  const area = common && findChild(common, 'PageArea');
  return {
    path,
    resources: readResources(ofd, locations),
    templates: new Map(templates),
    pageArea: numbersOf(area ? findChild(area, 'PhysicalBox')?.text : undefined),
    annotations: readAnnotations(ofd, path, findChild(document, 'Annotations')?.text),
    seals,
  };
}

function readAnnotations(ofd: OfdPackage, documentPath: string, location: string | undefined): Map<string, string[]> {
  const byPage = new Map<string, string[]>();
  if (!location) return byPage;
  const path = resolvePath(documentPath, location);
  const root = ofd.readXml(path);
  if ('kind' in root) return byPage;
  for (const page of childrenOf(root, 'Page')) {
    const id = page.attributes.PageID ?? '';
    const files = childrenOf(page, 'FileLoc').map((f) => resolvePath(path, f.text));
    byPage.set(id, [...(byPage.get(id) ?? []), ...files]);
  }
  return byPage;
}

function countAttachments(ofd: OfdPackage, documentPath: string, document: XmlElement): number {
  const location = findChild(document, 'Attachments')?.text;
  const root = location ? ofd.readXml(resolvePath(documentPath, location)) : null;
  return root && !('kind' in root) ? childrenOf(root, 'Attachment').length : 0;
}
