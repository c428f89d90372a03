export { type CatalogueField, type FieldKind, matchCatalogue, tokensOfCatalogue } from './catalogue-text.ts';
export type { ClosedNumber } from './closed-numbers.ts';
export { type Folded, foldedText, foldText } from './fold.ts';
export { isMasked, MASK, Masker, maskField, maskIdNumber, maskLines, maskText, SHOW_ALL, SHOW_NOTHING, type Shown } from './mask.ts';
export { type Certainty, couldHold, exactRanges, type Hit, holdsAll, holdsAllUnfolded, matchPage, type PageMatch } from './match.ts';
export {
  addressToken,
  catalogueNeeds,
  narrows,
  pageNeeds,
  type TokenFrequencies,
  type TokenNeeds,
  termShare01,
  tokensDecide,
} from './needs.ts';
export { type FoldedPage, foldLines, joinLines, type TextLine } from './page-text.ts';
export { tokensOfPage } from './page-tokens.ts';
export { matchesPinyin, pinyinForms } from './pinyin.ts';
export { bm25, planSearch, type SearchPlan } from './plan.ts';
export { parseQuery, type Query, type Term } from './query.ts';
export {
  addSensitive,
  countSensitive,
  findSensitive,
  isCardNumber,
  NOTHING_SENSITIVE,
  SENSITIVE_KINDS,
  type SensitiveCounts,
  type SensitiveKind,
} from './sensitive.ts';
export { type LitBox, litBoxes, makeSnippet, type PlacedLine, type Snippet } from './snippet.ts';
export { type Facets, facetTokens, type IndexCipher, TAG, type Tag, TokenBatch, tokensOfFacets } from './tokens.ts';
