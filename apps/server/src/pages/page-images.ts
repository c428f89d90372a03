import { cutTile, encodeTile, findImageRequest, type Pixels, planTile } from '@lantai/images';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DecodedReply, DecoderRequest } from '../children/index.ts';
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

/** A page decoded and turned upright. */
type Upright = Pixels;

/**
 * Decoded pages by id and turn, the least lately used dropped first. Decoding is done in a child process; what lies here is plain pixels in memory,
 * the same for every viewer, because marks are laid on tiles.
 */
export class PageImages {
  readonly #pages = new Map<string, { pixels: Promise<Upright>; bytes: number }>();
  #held = 0;

  constructor(readonly archive: Archive) {}

  /** The upright pixels of a page, from memory or decoded now. @throws ArchiveError `page/not-found`, `blob/…`, `object/…`, `child/…` */
  async get({ dossierId, pageId, turned }: ShownPageRef): Promise<Upright> {
    const name = `${pageId}/${turned}`;
    const known = this.#pages.get(name);
    if (known) {
      this.#pages.delete(name);
      this.#pages.set(name, known);
      return known.pixels;
    }
    const slot = { pixels: this.#decode(dossierId, pageId, turned), bytes: 0 };
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

  async #decode(dossierId: string, pageId: string, turned: ShownPageRef['turned']): Promise<Upright> {
    const { bytes } = await openPageBytes(this.archive, dossierId, pageId);
    const answer = await this.archive.decoders.run<DecoderRequest, DecodedReply>({ kind: 'decode', turned }, [bytes]);
    const data = answer.bytes[0];
    if (!data) throw new ArchiveError('page/undecodable', 'corruption', { page: pageId });
    return { ...answer.reply, data };
  }

  /** A small JPEG of the upright page. @throws as {@link get} */
  async thumbnail(dossierId: string, pageId: string): Promise<Uint8Array> {
    const { bytes, turned } = await openPageBytes(this.archive, dossierId, pageId);
    const answer = await this.archive.decoders.run<DecoderRequest, object>({ kind: 'thumbnail', turned, longSidePx: THUMBNAIL_SIDE_PX }, [
      bytes,
    ]);
    const jpeg = answer.bytes[0];
    if (!jpeg) throw new ArchiveError('page/undecodable', 'corruption', { page: pageId });
    return jpeg;
  }

  /**
   * A tile by the parts of a IIIF Image API 3 address. @throws ArchiveError `image/request` (caller) for what level 2 does not offer,
   * or what lies outside the page
   */
  async tile(
    at: ShownPageRef,
    parts: { region: string; size: string; rotation: string; qualityFormat: string },
  ): Promise<{ mediaType: string; bytes: Uint8Array }> {
    const request = findImageRequest(parts.region, parts.size, parts.rotation, parts.qualityFormat);
    if (!request) throw new ArchiveError('image/request', 'caller');
    const pixels = await this.get(at);
    const plan = planTile(request, pixels);
    if (!plan) throw new ArchiveError('image/request', 'caller');
    return encodeTile(await cutTile(pixels, plan), plan.format);
  }
}
