import type { TableSheet, TableStretch } from '@lantai/documents';
import type { SignatureReport } from '@lantai/documents/signatures';
import type { FlatRecipe, FoundCode, OptimiseRecipe, Pixels, Rect, Reduction } from '@lantai/images';
import type { AlterationField, AlterationHint, PageLie } from '@lantai/reading/alteration';
import type { CornerMarks, PaperName } from '@lantai/reading/photo';
import type { Finding } from '@lantai/values';

/** What the server asks of a decoder child. The bytes of the file travel as the request's only part. */
export type DecoderRequest =
  /**
   * Take a file apart: each page or member is a part of the answer. `structure`: decode only what looks odd.
   * `depth` is 1 for a member of an archive: an archive in an archive is refused before it is unpacked.
   */
  | {
      readonly kind: 'receive';
      readonly name: string;
      readonly check: 'structure' | 'decode';
      readonly password?: string;
      readonly depth?: 0 | 1;
      /** By whom signatures are judged; left out: nobody asks for them. */
      readonly trust?: DecoderTrust;
      /** The file is a photograph: its page is the sheet that lies there, laid flat. */
      readonly photo?: PhotoOrder;
    }
  /** Decode a page image, its sides divided by `by`, and turn it upright: `turned` is the clockwise turn that the scan suffered. */
  | { readonly kind: 'decode'; readonly turned: 0 | 90 | 180 | 270; readonly by: 1 | Reduction }
  /** A part of the upright page alone, scaled to `widthPx` × `heightPx`; `page` is the upright page's size. Answered without pixels where only the whole can be had. */
  | {
      readonly kind: 'part';
      readonly turned: 0 | 90 | 180 | 270;
      readonly page: { readonly widthPx: number; readonly heightPx: number };
      readonly crop: Rect;
      readonly widthPx: number;
      readonly heightPx: number;
    }
  /** The pixels of a small page image, turned upright: marks are laid on before it is encoded. */
  | { readonly kind: 'thumbnail'; readonly turned: 0 | 90 | 180 | 270; readonly longSidePx: number }
  /** The optimised image of a scan that lay so, its resolution as its file states it. */
  | {
      readonly kind: 'optimise';
      readonly orientation: 0 | 90 | 180 | 270;
      readonly skewDegrees: number;
      readonly resolutionDpi: number | null;
    }
  /** Hints of alteration at fields of a scan that lies so. */
  | { readonly kind: 'alterations'; readonly lie: PageLie; readonly fields: readonly AlterationField[] }
  /** The cells of an Excel workbook, of so many rows at most. */
  | { readonly kind: 'tables'; readonly rows: number }
  /** The rows of a catalogue, Excel or separated text, a stretch a part; of so many rows at most. */
  | { readonly kind: 'table-rows'; readonly rows: number }
  /** The signatures of a PDF or OFD alone, without its pages. */
  | { readonly kind: 'signatures'; readonly trust: DecoderTrust }
  /** QR and Code 128 codes on an image file of one page. */
  | { readonly kind: 'codes' };

/** Where the sheet lies on a photograph, and the paper that a person said it is (docs/spec/photograph.md). */
export interface PhotoOrder {
  readonly corners: CornerMarks;
  readonly paper: PaperName | null;
}

/** Whom signatures of documents are judged by. */
export interface DecoderTrust {
  /** Certificates that are believed, DER in base64. */
  readonly roots: readonly string[];
  /** Milliseconds since 1970 UTC: a child has a clock, but what is judged must not hang on it. */
  readonly nowMs: number;
}

/** Answer to `signatures`. */
export type SignaturesReply = { readonly kind: 'signatures'; readonly signatures: readonly SignatureReport[] } | Refusal;

/** A line of a document's own text, in pixels of its page image. */
export interface DocumentLine {
  readonly text: string;
  readonly box: readonly [number, number, number, number];
}

/** A clear no, from a rule. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** Part of the answer to `receive`; its bytes come beside it, but for a page that is the file itself. */
export type DecoderPart =
  | {
      readonly kind: 'page';
      readonly origin: 'as_received' | 'embedded' | 'rendered' | 'flattened';
      readonly mediaType: string;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly resolutionDpi?: number;
      readonly text?: readonly DocumentLine[];
      readonly textCovers?: 'page' | 'part';
      /** Text someone else's recognition laid under a scan: never the reading. */
      readonly hiddenText?: readonly DocumentLine[];
      readonly findings: readonly Finding[];
      /** Of a page that was laid flat. */
      readonly flatRecipe?: FlatRecipe;
    }
  | { readonly kind: 'member'; readonly path: string; readonly refused?: Refusal };

/** End of the answer to `receive`: pages and members count only after `pages` or `members`. */
export type DecoderReply =
  | {
      readonly kind: 'pages';
      readonly mediaType: string;
      readonly findings: readonly Finding[];
      readonly signatures?: readonly SignatureReport[];
    }
  | { readonly kind: 'members'; readonly findings: readonly Finding[] }
  | { readonly kind: 'kept'; readonly mediaType: string; readonly findings: readonly Finding[] }
  | Refusal;

/** Answer to `decode`, `part` and `thumbnail`; the pixels come beside it, to `part` perhaps none. */
export type DecodedReply = Omit<Pixels, 'data'>;

/** Answer to `tables`. */
export type TablesReply = { readonly kind: 'tables'; readonly sheets: readonly TableSheet[] } | Refusal;

/** Answer to `codes`; none where the file is no image that can be decoded. */
export type CodesReply = { readonly kind: 'codes'; readonly codes: readonly FoundCode[] };

/** Answer to `alterations`: hints by field, in the order of the fields. */
export type AlterationsReply = { readonly kind: 'alterations'; readonly hints: readonly (readonly AlterationHint[])[] };

/** Part of the answer to `table-rows`; the rows count only after its end. */
export type TablePart = TableStretch;

/** End of the answer to `table-rows`. */
export type TableEnd = { readonly kind: 'table' } | Refusal;

/** Answer to `optimise`; the JPEG comes beside it. */
export interface OptimisedReply {
  readonly kind: 'optimised';
  readonly widthPx: number;
  readonly heightPx: number;
  readonly recipe: OptimiseRecipe;
}
