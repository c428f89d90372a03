import type { Finding } from '@lantai/values';

/** Decoded pixels, 8 bits a channel, rows from the top without padding. */
export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A page as an image adapter yields it. */
export interface ToolPage {
  readonly origin: 'as_received' | 'embedded' | 'rendered';
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly resolutionDpi?: number;
  readonly findings: readonly Finding[];
}

type ToolRefusal = {
  readonly kind: 'refused';
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
};

/**
 * What taking documents apart needs of an image adapter. Handed in, so that this package knows no image library
 * (arrows point down: adapters do not import each other). `@lantai/images` has every function under the same name.
 */
export interface ImageTools {
  /** Name of the image format by magic bytes; null when it is no image. */
  findImageFormat(bytes: Uint8Array): string | null;
  receiveImage(
    bytes: Uint8Array,
    options: { readonly check: 'structure' | 'decode' },
  ): AsyncGenerator<
    ToolPage,
    | {
        readonly kind: 'pages';
        readonly format: string;
        readonly mediaType: string;
        readonly pageCount: number;
        readonly findings: readonly Finding[];
      }
    | ToolRefusal
  >;
  /** The page file of derived pixels. */
  encodePage(pixels: Pixels, options: { lossless: boolean; resolutionDpi?: number }): Promise<{ mediaType: string; bytes: Uint8Array }>;
  /** Upright pixels of any image taken; or a refusal. */
  decodePixels(bytes: Uint8Array): Promise<{ pixels: Pixels } | ToolRefusal>;
  /** Size as shown and whether the file asks to be turned; or a refusal. */
  readHeader(
    bytes: Uint8Array,
  ): Promise<
    { readonly widthPx: number; readonly heightPx: number; readonly resolutionDpi?: number; readonly turned: boolean } | ToolRefusal
  >;
  /** Draws an SVG without text or outside references on white. */
  drawSvg(svg: string, widthPx: number, heightPx: number): Promise<Pixels>;
  /** The same JPEG with another EXIF orientation (1 to 8); coded data is not touched. */
  orientJpeg(bytes: Uint8Array, orientation: number): Uint8Array;
}
