import type { Box, Finding } from '@lantai/values';
import type { SignatureReport } from './signatures/report.ts';

/** One line of a document's own text, in pixels of the page image delivered with it. */
export interface TextLine {
  readonly text: string;
  readonly box: Box;
}

/** A page of a received file. */
export interface DeliveredPage {
  readonly kind: 'page';
  /** `as_received`: the file itself is the page. `embedded`: taken bit-exact out of it. `rendered`: derived; the original stays beside it. */
  readonly origin: 'as_received' | 'embedded' | 'rendered';
  readonly mediaType: string;
  /** The page's file; for `as_received` the bytes handed in. */
  readonly bytes: Uint8Array;
  /** Size as shown, after the turn the file itself asks for. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly resolutionDpi?: number;
  /** Visible text of a page made by a program: it is the reading of this page, or of the part of it that is text. */
  readonly text?: readonly TextLine[];
  /** `part`: pictures fill so much of the page that it must be read as well. */
  readonly textCovers?: 'page' | 'part';
  /** Text laid invisibly under a scan by someone else's recognition. Never the reading; kept for comparison. */
  readonly hiddenText?: readonly TextLine[];
  readonly findings: readonly Finding[];
}

/** A member of an archive, to be received as a file of its own. A damaged one comes with its refusal instead of its bytes. */
export type DeliveredMember =
  | { readonly kind: 'member'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'member'; readonly path: string; readonly refused: Refused };

/** What a file yields while it is taken apart. */
export type Delivery = DeliveredPage | DeliveredMember;

/** A clear no. `detail` holds numbers and format names, never a word of the file. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/**
 * How a file ended. INVARIANT: pages and members yielded before count only if the end is `pages` or `members`;
 * whoever registers them does so in one transaction after this.
 */
export type Outcome =
  | {
      readonly kind: 'pages';
      readonly format: string;
      readonly mediaType: string;
      readonly pageCount: number;
      readonly findings: readonly Finding[];
      /** Signatures of the document, judged when that was asked for; left out where it has none. */
      readonly signatures?: readonly SignatureReport[];
    }
  | {
      readonly kind: 'members';
      readonly format: 'zip';
      readonly mediaType: 'application/zip';
      readonly memberCount: number;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: 'kept'; readonly format: string; readonly mediaType: string; readonly findings: readonly Finding[] }
  | Refused;

/** Pages or members one after another, then the outcome. */
export type Receiving = AsyncGenerator<Delivery, Outcome>;

/** Shorthand for a {@link Refused}. */
export function refused(code: string, detail: Refused['detail'] = {}): Refused {
  return { kind: 'refused', code, detail };
}
