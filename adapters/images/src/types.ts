import type { Finding } from '@lantai/values';

/** Decoded pixels, 8 bits a channel, rows from the top without padding: gray (1) or RGB (3). */
export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A clear no: which rule, with numbers only. The words are looked up by `code`. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** How one page came to be. `as_received`: the file itself is the page. `embedded`: taken bit-exact out of the file. `rendered`: derived, the original stays beside it. */
export type PageOrigin = 'as_received' | 'embedded' | 'rendered';

/** One page image of an image file. */
export interface ImagePage {
  readonly origin: PageOrigin;
  readonly mediaType: string;
  /** The page's file; for `as_received` the very bytes that were handed in. */
  readonly bytes: Uint8Array;
  /** Size as shown, after the turn the file itself asks for (EXIF or TIFF orientation). */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Absent when the file does not say it credibly. */
  readonly resolutionDpi?: number;
  readonly findings: readonly Finding[];
}

/** Shorthand for a {@link Refusal}. */
export function refusal(code: string, detail: Refusal['detail'] = {}): Refusal {
  return { kind: 'refused', code, detail };
}
