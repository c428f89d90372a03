import type { OfdPackage } from './package.ts';
import { resolvePath } from './package.ts';
import { childrenOf, findChild, type XmlElement } from './xml.ts';

/** A font as the document names it; `file` when it carries the font. */
export interface OfdFont {
  readonly name: string;
  readonly bold: boolean;
  readonly file: string | null;
}

/** What objects refer to by number. */
export interface OfdResources {
  readonly fonts: ReadonlyMap<string, OfdFont>;
  /** Paths of images. */
  readonly images: ReadonlyMap<string, string>;
  readonly drawParams: ReadonlyMap<string, XmlElement>;
  readonly composites: ReadonlyMap<string, XmlElement>;
}

/** Reads resource parts in order; a part that is missing or broken leaves its numbers unknown, and what uses them is reported there. */
export function readResources(ofd: OfdPackage, paths: readonly string[], inherited?: OfdResources): OfdResources {
  const fonts = new Map(inherited?.fonts);
  const images = new Map(inherited?.images);
  const drawParams = new Map(inherited?.drawParams);
  const composites = new Map(inherited?.composites);
  for (const path of paths) {
    const root = ofd.readXml(path);
    if ('kind' in root) continue;
    const base = resolvePath(path, `${root.attributes.BaseLoc ?? '.'}/_`);
    for (const group of root.children) {
      for (const font of childrenOf(group, 'Font')) fonts.set(font.attributes.ID ?? '', describeFont(font, base));
      for (const media of childrenOf(group, 'MultiMedia')) {
        const file = findChild(media, 'MediaFile')?.text;
        if (file) images.set(media.attributes.ID ?? '', resolvePath(base, file));
      }
      for (const param of childrenOf(group, 'DrawParam')) drawParams.set(param.attributes.ID ?? '', param);
      for (const unit of [...childrenOf(group, 'CompositeGraphicUnit'), ...childrenOf(group, 'CompositeGraphUnit')])
        composites.set(unit.attributes.ID ?? '', unit);
    }
  }
  return { fonts, images, drawParams, composites };
}

function describeFont(font: XmlElement, base: string): OfdFont {
  const name = `${font.attributes.FontName ?? ''} ${font.attributes.FamilyName ?? ''}`;
  const file = findChild(font, 'FontFile')?.text;
  return { name, bold: font.attributes.Bold === 'true' || /bold|黑体|simhei/i.test(name), file: file ? resolvePath(base, file) : null };
}
