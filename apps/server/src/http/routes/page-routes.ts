import { imageInfo } from '@lantai/images';
import type { ReadingLine } from '@lantai/reading';
import { Masker } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import type { FastifyRequest } from 'fastify';
import type { Archive } from '../../archive/index.ts';
import { deskTx } from '../../desk/index.ts';
import { correctReading, findReading, findSignatures } from '../../ingest/index.ts';
import { findShown } from '../../masking/index.ts';
import {
  downloadOriginal,
  findRecipe,
  type OpenedView,
  openThumbnails,
  type PageImages,
  redeemView,
  type ShownPageRef,
  turnReading,
  viewPage,
} from '../../pages/index.ts';
import type { Call, Handlers } from '../handler.ts';

type PageHandlers = Pick<
  Handlers,
  | 'viewPage'
  | 'getReading'
  | 'correctReading'
  | 'getPageSignatures'
  | 'getOptimisedRecipe'
  | 'getImageInfo'
  | 'getImage'
  | 'openThumbnails'
  | 'getThumbnail'
  | 'downloadOriginal'
>;

/** A tile may be kept by the viewer's own browser as long as its token lives: the token is in its address. */
const TILE_CACHE = 'private, max-age=900, immutable';

/** What the token of an image request opens, for this session alone. */
async function openedPage(
  call: Call<'getReading' | 'getPageSignatures' | 'getOptimisedRecipe' | 'getImageInfo' | 'getImage'>,
  viewToken: string,
): Promise<ShownPageRef & Pick<OpenedView, 'entryId' | 'utcOffsetMinutes'>> {
  const opened = await redeemView(call.archive, viewToken, call.account, call.session?.digest ?? null);
  if (!opened.page) throw new ArchiveError('view/not-found', 'caller');
  const { dossierId, entryId, utcOffsetMinutes } = opened;
  return { ...opened.page, dossierId, entryId, utcOffsetMinutes };
}

/** The address of an image service; the specification wants it whole. */
const imageBase = (request: FastifyRequest, viewToken: string) => `${request.protocol}://${request.host}/iiif/${viewToken}`;

export function pageHandlers(images: PageImages): PageHandlers {
  return {
    viewPage: async (call) => {
      const view = await viewPage(call.archive, await call.desk(), call.params.pageId, call.session?.digest ?? null, call.query.image);
      images.warm(view);
      return {
        viewToken: view.token,
        expiresAtMs: view.expiresAtMs,
        entryId: view.entryId,
        iiif: `/iiif/${view.token}`,
        widthPx: view.widthPx,
        heightPx: view.heightPx,
        image: imageInfo(imageBase(call.request, view.token), view),
        shows: view.image,
        hasReading: view.hasReading,
      };
    },
    getReading: async (call) => {
      const at = await openedPage(call as never, call.params.viewToken);
      const reading = await call.archive.db
        .system('view-token')
        .tx((tx) => findReading(deskTx(tx, call.archive, call.account.accountId, 'archive_work'), call.archive, at.pageId, at.dossierId));
      if (!reading) throw new ArchiveError('reading/not-found', 'caller');
      const versions = await listVersions(call.archive, at.pageId);
      const { engine, version, widthPx, heightPx, orientation, skewDegrees, lines } = turnReading(reading, at.turned);
      const now = await findShown(call.archive, await call.desk(), call.session?.digest ?? null, at);
      const masker = new Masker(now.shown);
      const masked = masker.lines(lines.map((line) => line.text));
      const views = lines.map((line, i) => lineView(line, masked[i]!));
      const masking = { hidden: masker.hidden, shownUntilMs: now.untilMs };
      return { engine, version, widthPx, heightPx, orientation, skewDegrees, lines: views, masking, versions };
    },
    correctReading: async ({ archive, desk, params, body }) => correctReading(archive, await desk(), params.pageId, body),
    getOptimisedRecipe: async (call) => {
      const at = await openedPage(call as never, call.params.viewToken);
      const recipe = await findRecipe(call.archive, at.pageId);
      if (!recipe) throw new ArchiveError('optimised/none', 'caller');
      const { name, version, parameters, encoding, libraries, inputSha256, outputSha256 } = recipe;
      return {
        name,
        version,
        parameters: { ...parameters },
        encoding: { ...encoding },
        libraries: { ...libraries },
        inputSha256,
        outputSha256,
      };
    },
    getPageSignatures: async (call) => {
      const at = await openedPage(call as never, call.params.viewToken);
      const found = await call.archive.db.system('view-token').tx((tx) => findSignatures(tx, call.archive, at.pageId));
      const now = await findShown(call.archive, await call.desk(), call.session?.digest ?? null, at);
      const masker = new Masker(now.shown);
      // An authority may have put somebody's ID number into a certificate's name.
      const mask = (text: string | null) => (text === null ? null : (masker.lines([text])[0] ?? null));
      const items = found.map((one) => ({
        ...one,
        faults: [...one.faults],
        seal: mask(one.seal),
        signer: one.signer && {
          ...one.signer,
          name: mask(one.signer.name),
          organisation: mask(one.signer.organisation),
          issuer: mask(one.signer.issuer),
        },
      }));
      return { items, masking: { hidden: masker.hidden, shownUntilMs: now.untilMs } };
    },
    getImageInfo: async (call) => {
      const at = await openedPage(call as never, call.params.viewToken);
      return imageInfo(imageBase(call.request, call.params.viewToken), at);
    },
    getImage: async (call) => {
      const at = await openedPage(call as never, call.params.viewToken);
      const looker = { entryId: at.entryId, name: call.account.name, utcOffsetMinutes: at.utcOffsetMinutes };
      const tile = await images.tile(at, call.params, looker);
      return call.reply.header('cache-control', TILE_CACHE).type(tile.mediaType).send(Buffer.from(tile.bytes));
    },
    openThumbnails: async (call) => {
      const leave = await openThumbnails(call.archive, await call.desk(), call.params.dossierId, call.session?.digest ?? null);
      return { token: leave.token, expiresAtMs: leave.expiresAtMs, entryId: leave.entryId, base: `/thumbs/${leave.token}` };
    },
    getThumbnail: async (call) => {
      const opened = await redeemView(call.archive, call.params.token, call.account, call.session?.digest ?? null);
      if (opened.kind !== 'thumbnails') throw new ArchiveError('view/not-found', 'caller');
      const looker = { entryId: opened.entryId, name: call.account.name, utcOffsetMinutes: opened.utcOffsetMinutes };
      const { turned } = call.query;
      const asTurned = turned === undefined ? undefined : (Number(turned) as ShownPageRef['turned']);
      const small = await images.thumbnail(opened.dossierId, call.params.pageFile.slice(0, 36), looker, asTurned);
      // Only an address that names the turn always shows the same picture.
      return call.reply
        .header('cache-control', turned === undefined ? 'no-store' : TILE_CACHE)
        .type(small.mediaType)
        .send(Buffer.from(small.bytes));
    },
    downloadOriginal: async (call) => {
      const file = await downloadOriginal(call.archive, await call.desk(), call.params.pageId);
      // The name stands in a header of a POST's answer, never in an address.
      const name = encodeURIComponent(file.name.split('/').pop() ?? 'page');
      return call.reply
        .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
        .type('application/octet-stream')
        .send(Buffer.from(file.bytes));
    },
  };
}

/** A line as the contract says it: places of uncertain characters count code points. What might stand where a character is hidden is hidden with it. */
function lineView({ quad: _quad, candidates, ...line }: ReadingLine, masked: string) {
  const shown = { ...line, text: masked };
  if (!candidates) return shown;
  const seen = candidates.filter((c) => masked[c.at] === line.text[c.at]);
  return { ...shown, candidates: seen.map((c) => ({ ...c, at: [...masked.slice(0, c.at)].length })) };
}

async function listVersions(archive: Archive, pageId: string) {
  const rows = await archive.db
    .system('view-token')
    .query<{ engine: string; version: string; created_at_ms: number; current: boolean }>(
      'select engine, version, created_at_ms, current from reading where page_id = $1 order by created_at_ms desc',
      [pageId],
    );
  return rows.map((r) => ({ engine: r.engine, version: r.version, atMs: r.created_at_ms, current: r.current }));
}
