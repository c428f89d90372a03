import {
  cutTile,
  encodeTile,
  findImageRequest,
  type Pixels,
  planOnPart,
  planOnSmaller,
  planTile,
  type Reduction,
  reductionFor,
  type TilePlan,
} from '@lantai/images';
import { CELLS_A_PAGE, CELLS_A_THUMBNAIL, LETTERS_A_PAGE, LETTERS_A_THUMBNAIL, planeOf } from '@lantai/marks';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DecodedReply, DecoderRequest, Urgency } from '../children/index.ts';
import { type Looker, ViewMarks } from './view-marks.ts';
import { type ImageKind, openPageBytes } from './view-page.ts';

/** Decoded pages kept for their next tiles: an A4 page at 300 dpi is 26 MB, so about fourteen of them. */
const CACHE_BYTES_MAX = 384 * 1024 * 1024;

const THUMBNAIL_SIDE_PX = 240;

/** A page to be shown, with the turn it is shown by: a page turned by a person is another image. */
export interface ShownPageRef {
  readonly dossierId: string;
  readonly pageId: string;
  readonly turned: 0 | 90 | 180 | 270;
  /** Which image of it; left out: the scan as received. */
  readonly image?: ImageKind;
  /** Version of an optimised image: one made anew is another. */
  readonly imageVersion?: number;
  /** Size of the upright page, as its row says: known before anything is decoded. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The long side of a page that fills the viewer of an ordinary screen. */
const FIT_SIDE_PX = 800;

/** More than are looked at between two visits to the same page. */
const BEGUN_MAX = 1000;

const nameOf = ({ pageId, turned, image = 'raw', imageVersion = 0 }: ShownPageRef, by: 1 | Reduction) =>
  `${pageId}/${image}${imageVersion}/${turned}/${by}`;

/** A tile or thumbnail, marked and encoded. */
export interface MarkedImage {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Decoded pages by id and turn, the least lately used dropped first. Decoding is done in a child process; what lies here is plain pixels in memory,
 * the same for every viewer, because marks are laid on tiles.
 */
export class PageImages {
  readonly #pages = new Map<string, { pixels: Promise<Pixels>; bytes: number }>();
  readonly #marks: ViewMarks;
  /** Pages at their own size of which one tile was cut alone. */
  readonly #begun = new Set<string>();
  #held = 0;

  constructor(readonly archive: Archive) {
    this.#marks = new ViewMarks(archive);
  }

  /** The upright pixels of a page, its sides divided by `by`, from memory or decoded now. @throws ArchiveError `page/not-found`, `blob/…`, `object/…`, `child/…` */
  async #get(at: ShownPageRef, by: 1 | Reduction): Promise<Pixels> {
    const name = nameOf(at, by);
    const known = this.#pages.get(name);
    if (known) {
      this.#pages.delete(name);
      this.#pages.set(name, known);
      return known.pixels;
    }
    const slot = { pixels: this.#decode(at, { kind: 'decode', turned: at.turned, by }), bytes: 0 };
    this.#pages.set(name, slot);
    try {
      const pixels = await slot.pixels;
      slot.bytes = pixels.data.length;
      this.#held += slot.bytes;
      this.#shrink();
      return pixels;
    } catch (error) {
      this.#pages.delete(name);
      throw error;
    }
  }

  #shrink(): void {
    for (const [id, slot] of this.#pages) {
      if (this.#held <= CACHE_BYTES_MAX) return;
      if (slot.bytes === 0) continue;
      this.#held -= slot.bytes;
      this.#pages.delete(id);
    }
  }

  /** Begins to decode what a viewer that shows the whole page asks for first, while it gets ready to ask. Whoever asks is told if it fails. */
  warm(at: ShownPageRef): void {
    const sidePx = Math.max(at.widthPx, at.heightPx);
    const by = ([4, 2] as const).find((reduction) => sidePx >= FIT_SIDE_PX * reduction);
    if (by) this.#get(at, by).catch(() => undefined);
  }

  async #cut(at: ShownPageRef, plan: TilePlan): Promise<Pixels> {
    const pixels = await this.#get(at, reductionFor(plan));
    return cutTile(pixels, planOnSmaller(plan, at, pixels));
  }

  /**
   * The first tile that somebody wants of a page at its own size: decoded alone; the page is decoded for the tile after it, which may never be wanted.
   * Null where that was so already, where a reduced page will do, or where the part cannot be had alone. The tile is the same either way, to the byte.
   */
  async #firstPart(at: ShownPageRef, plan: TilePlan): Promise<Pixels | null> {
    const by = reductionFor(plan);
    const { dossierId, pageId, turned, widthPx, heightPx, image } = at;
    const { crop } = plan;
    // A part that is most of the page spares nothing.
    const isSmall = crop.width * crop.height * 4 <= widthPx * heightPx;
    // Where a reduced page is what tiles are cut from, a part scaled by itself would differ from them by a shade.
    const name = nameOf(at, by);
    if (by !== 1 || !isSmall || this.#pages.has(name) || this.#begun.has(name)) return null;
    if (this.#begun.size >= BEGUN_MAX) this.#begun.clear();
    this.#begun.add(name);
    const { bytes } = await openPageBytes(this.archive, dossierId, pageId, image);
    const request = { kind: 'part', turned, page: { widthPx, heightPx }, crop, widthPx: plan.widthPx, heightPx: plan.heightPx } as const;
    const { reply, bytes: parts } = await this.archive.decoders.run<DecoderRequest, DecodedReply>(request, [bytes], {
      urgency: 'looked-at',
    });
    const data = parts[0];
    if (!data) return null;
    const part = { ...reply, data };
    return cutTile(part, planOnPart(plan, part));
  }

  async #decode({ dossierId, pageId, image }: ShownPageRef, request: DecoderRequest): Promise<Pixels> {
    const { bytes } = await openPageBytes(this.archive, dossierId, pageId, image);
    return this.#ask(pageId, bytes, request, 'looked-at');
  }

  async #ask(pageId: string, bytes: Uint8Array, request: DecoderRequest, urgency: Urgency): Promise<Pixels> {
    const answer = await this.archive.decoders.run<DecoderRequest, DecodedReply>(request, [bytes], { urgency });
    const data = answer.bytes[0];
    if (!data) throw new ArchiveError('page/undecodable', 'corruption', { page: pageId });
    return { ...answer.reply, data };
  }

  /** A small marked JPEG of the upright page; `asTurned` as somebody saw the page's row, left out: as it is now. @throws as {@link tile} */
  async thumbnail(dossierId: string, pageId: string, looker: Looker, asTurned?: ShownPageRef['turned']): Promise<MarkedImage> {
    const page = await openPageBytes(this.archive, dossierId, pageId);
    const { bytes } = page;
    const turned = asTurned ?? page.turned;
    const small = await this.#ask(pageId, bytes, { kind: 'thumbnail', turned, longSidePx: THUMBNAIL_SIDE_PX }, 'looked-at-next');
    const { widthPx, heightPx } = small;
    const plane = planeOf({ crop: { x: 0, y: 0, width: widthPx, height: heightPx }, widthPx, heightPx, mirror: false, degrees: 0 });
    const marked = await this.#marks.lay(small, { plane, page: small, letters: LETTERS_A_THUMBNAIL, cells: CELLS_A_THUMBNAIL }, looker);
    return { ...(await encodeTile(marked, 'jpg')), widthPx, heightPx };
  }

  /**
   * A marked tile by the parts of a IIIF Image API 3 address. @throws ArchiveError `image/request` (caller) for what level 2 does not offer,
   * or what lies outside the page; `page/not-found`, `blob/…`, `object/…`, `child/…`
   */
  async tile(
    at: ShownPageRef,
    parts: { region: string; size: string; rotation: string; qualityFormat: string },
    looker: Looker,
  ): Promise<MarkedImage> {
    const request = findImageRequest(parts.region, parts.size, parts.rotation, parts.qualityFormat);
    if (!request) throw new ArchiveError('image/request', 'caller');
    const plan = planTile(request, at);
    if (!plan) throw new ArchiveError('image/request', 'caller');
    const cut = (await this.#firstPart(at, plan)) ?? (await this.#cut(at, plan));
    const marked = await this.#marks.lay(cut, { plane: planeOf(plan), page: at, letters: LETTERS_A_PAGE, cells: CELLS_A_PAGE }, looker);
    return { ...(await encodeTile(marked, plan.format)), widthPx: marked.widthPx, heightPx: marked.heightPx };
  }
}
