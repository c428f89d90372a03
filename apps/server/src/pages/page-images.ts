import { cutTile, encodeTile, findImageRequest, fitsQuarter, type Pixels, planOnSmaller, planTile, type TilePlan } from '@lantai/images';
import { CELLS_A_PAGE, CELLS_A_THUMBNAIL, LETTERS_A_PAGE, LETTERS_A_THUMBNAIL, planeOf } from '@lantai/marks';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DecodedReply, DecoderRequest, QuarterReply } from '../children/index.ts';
import { type Looker, ViewMarks } from './view-marks.ts';
import { openPageBytes } from './view-page.ts';

/** Decoded pages kept for their next tiles: an A4 page at 300 dpi is 26 MB, so about fourteen of them. */
const CACHE_BYTES_MAX = 384 * 1024 * 1024;

const THUMBNAIL_SIDE_PX = 240;

/** A page to be shown, with the turn it is shown by: a page turned by a person is another image. */
export interface ShownPageRef {
  readonly dossierId: string;
  readonly pageId: string;
  readonly turned: 0 | 90 | 180 | 270;
}

/** A page decoded and turned upright, whole or at a quarter, with the size of the whole. */
interface Upright {
  readonly pixels: Pixels;
  readonly whole: { readonly widthPx: number; readonly heightPx: number };
}

type Level = 'whole' | 'quarter';

/** A tile or thumbnail, marked and encoded. */
export interface MarkedImage {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Decoded pages by id and turn, the least lately used dropped first. Decoding is done in a child process; what lies here is plain pixels in memory,
 * the same for every viewer, because marks are laid on tiles.
 */
export class PageImages {
  readonly #pages = new Map<string, { page: Promise<Upright>; bytes: number }>();
  readonly #marks: ViewMarks;
  #held = 0;

  constructor(readonly archive: Archive) {
    this.#marks = new ViewMarks(archive);
  }

  /** The size of the upright page. @throws ArchiveError `page/not-found`, `blob/…`, `object/…`, `child/…` */
  async sizeOf(at: ShownPageRef): Promise<{ widthPx: number; heightPx: number }> {
    // A quarter tells it too, in a third of the time, and is what the first tiles are cut from.
    return (await this.#get(at, 'quarter')).whole;
  }

  /** The upright pixels of a page, from memory or decoded now. @throws as {@link sizeOf} */
  async #get({ dossierId, pageId, turned }: ShownPageRef, level: Level): Promise<Upright> {
    const name = `${pageId}/${turned}/${level}`;
    const known = this.#pages.get(name);
    if (known) {
      this.#pages.delete(name);
      this.#pages.set(name, known);
      return known.page;
    }
    const slot = { page: this.#decode(dossierId, pageId, turned, level), bytes: 0 };
    this.#pages.set(name, slot);
    try {
      const page = await slot.page;
      slot.bytes = page.pixels.data.length;
      this.#held += slot.bytes;
      this.#shrink();
      return page;
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

  async #decode(dossierId: string, pageId: string, turned: ShownPageRef['turned'], level: Level): Promise<Upright> {
    const { bytes } = await openPageBytes(this.archive, dossierId, pageId);
    if (level === 'whole') {
      const { reply, bytes: parts } = await this.archive.decoders.run<DecoderRequest, DecodedReply>({ kind: 'decode', turned }, [bytes]);
      return { pixels: { ...reply, data: pixelsOf(pageId, parts) }, whole: reply };
    }
    const { reply, bytes: parts } = await this.archive.decoders.run<DecoderRequest, QuarterReply>({ kind: 'quarter', turned }, [bytes]);
    const { wholeWidthPx, wholeHeightPx, ...size } = reply;
    return { pixels: { ...size, data: pixelsOf(pageId, parts) }, whole: { widthPx: wholeWidthPx, heightPx: wholeHeightPx } };
  }

  /** A small marked JPEG of the upright page; `asTurned` as somebody saw the page's row, left out: as it is now. @throws as {@link get} */
  async thumbnail(dossierId: string, pageId: string, looker: Looker, asTurned?: ShownPageRef['turned']): Promise<MarkedImage> {
    const page = await openPageBytes(this.archive, dossierId, pageId);
    const { bytes } = page;
    const turned = asTurned ?? page.turned;
    const answer = await this.archive.decoders.run<DecoderRequest, DecodedReply>(
      { kind: 'thumbnail', turned, longSidePx: THUMBNAIL_SIDE_PX },
      [bytes],
    );
    const data = answer.bytes[0];
    if (!data) throw new ArchiveError('page/undecodable', 'corruption', { page: pageId });
    const small = { ...answer.reply, data };
    const { widthPx, heightPx } = small;
    const plane = planeOf({ crop: { x: 0, y: 0, width: widthPx, height: heightPx }, widthPx, heightPx, mirror: false, degrees: 0 });
    const marked = await this.#marks.lay(small, { plane, page: small, letters: LETTERS_A_THUMBNAIL, cells: CELLS_A_THUMBNAIL }, looker);
    return encodeTile(marked, 'jpg');
  }

  /**
   * A marked tile by the parts of a IIIF Image API 3 address. @throws ArchiveError `image/request` (caller) for what level 2 does not offer,
   * or what lies outside the page
   */
  async tile(
    at: ShownPageRef,
    parts: { region: string; size: string; rotation: string; qualityFormat: string },
    looker: Looker,
  ): Promise<MarkedImage> {
    const request = findImageRequest(parts.region, parts.size, parts.rotation, parts.qualityFormat);
    if (!request) throw new ArchiveError('image/request', 'caller');
    const page = await this.sizeOf(at);
    const plan = planTile(request, page);
    if (!plan) throw new ArchiveError('image/request', 'caller');
    const part = { plane: planeOf(plan), page, letters: LETTERS_A_PAGE, cells: CELLS_A_PAGE };
    const marked = await this.#marks.lay(await this.#cut(at, plan), part, looker);
    return encodeTile(marked, plan.format);
  }

  async #cut(at: ShownPageRef, plan: TilePlan): Promise<Pixels> {
    const { pixels, whole } = await this.#get(at, fitsQuarter(plan) ? 'quarter' : 'whole');
    return cutTile(pixels, planOnSmaller(plan, whole, pixels));
  }
}

function pixelsOf(pageId: string, parts: readonly Uint8Array[]): Uint8Array {
  const [data] = parts;
  if (!data) throw new ArchiveError('page/undecodable', 'corruption', { page: pageId });
  return data;
}
