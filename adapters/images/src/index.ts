export { type FoundCode, loadCodeReader, readCodes } from './codes.ts';
export {
  checkWhole,
  type Damage,
  decodePixels,
  decodeReduced,
  decodeRegion,
  type ImageHeader,
  type Reduction,
  readHeader,
  reduced,
} from './decode.ts';
export { drawSvg } from './draw.ts';
export { type EncodedPage, encodePage, findTone, type Tone } from './encode.ts';
export { type FlatRecipe, type FlatSheet, findCorners, makeFlat } from './flat.ts';
export { findImageFormat, IMAGE_MEDIA_TYPES, type ImageFormat } from './format.ts';
export { hardenDecoders } from './harden.ts';
export { findImageRequest, type ImageRequest, imageInfo, planTile, type Rect, type TilePlan } from './iiif.ts';
export * from './limits.ts';
export { drawMarkSheet } from './mark-sheet.ts';
export { makeOptimised, type OptimisedImage, type OptimiseRecipe } from './optimised.ts';
export { orientJpeg } from './orient.ts';
export { type ImageOutcome, type ReceiveImageOptions, receiveImage } from './receive.ts';
export { makeThumbnail, thumbnailPixels } from './thumbnail.ts';
export { cropOnScan, cutTile, encodeTile, planOnPart, planOnSmaller, reductionFor, TILE_JPEG_QUALITY } from './tile.ts';
export { type ImagePage, type PageOrigin, type Pixels, type Refusal, refusal } from './types.ts';
