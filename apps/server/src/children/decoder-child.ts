import { type Delivery, loadFallbackFonts, loadPdfium, readTables, receiveFile, streamTable } from '@lantai/documents';
import { judgeDocument, readRoots } from '@lantai/documents/signatures';
import * as images from '@lantai/images';
import {
  cropOnScan,
  cutTile,
  decodePixels,
  decodeReduced,
  decodeRegion,
  hardenDecoders,
  loadCodeReader,
  makeFlat,
  makeOptimised,
  type Pixels,
  type Reduction,
  readCodes,
  reduced,
  thumbnailPixels,
} from '@lantai/images';
import { findAlterations } from '@lantai/reading/alteration';
import { ArchiveError } from '@lantai/values';
import type {
  AlterationsReply,
  CodesReply,
  DecodedReply,
  DecoderPart,
  DecoderReply,
  DecoderRequest,
  DecoderTrust,
  OptimisedReply,
  PhotoOrder,
  SignaturesReply,
  TableEnd,
  TablePart,
  TablesReply,
} from './decoder-messages.ts';
import { type Emit, serveChild } from './serve.ts';

// The process in which files of strangers are taken apart. It holds no key, no database and no environment.
// Everything is loaded here, before rights are given up: fonts, the PDF engine, and the image library down to its SVG reader.
hardenDecoders();
loadPdfium();
loadFallbackFonts();
loadCodeReader();
await images.drawSvg('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', 8, 8);

type Reply = AlterationsReply | DecoderReply | DecodedReply | OptimisedReply | TablesReply | TableEnd | CodesReply | SignaturesReply;

serveChild<DecoderRequest, DecoderPart | TablePart, Reply>(async (request, [bytes], emit) => {
  if (!bytes) throw new ArchiveError('child/protocol', 'environment');
  if (request.kind === 'receive') return { reply: await receive(bytes, request, emit) };
  if (request.kind === 'tables') return { reply: await tables(bytes, request.rows) };
  if (request.kind === 'table-rows') return { reply: await tableRows(bytes, request.rows, emit) };
  if (request.kind === 'signatures') return { reply: await signatures(bytes, request.trust) };
  if (request.kind === 'codes') return { reply: await codes(bytes) };
  if (request.kind === 'alterations') return { reply: await alterations(bytes, request) };
  if (request.kind === 'optimise') {
    const { bytes: made, reply } = await optimised(bytes, request);
    return { reply, bytes: [made] };
  }
  if (request.kind === 'part') {
    const found = await part(bytes, request);
    if (!found) return { reply: { widthPx: 0, heightPx: 0, channels: 1 } };
    const { data, ...reply } = found;
    return { reply, bytes: [data] };
  }
  const { data, ...reply } = await decode(bytes, request);
  return { reply, bytes: [data] };
});

function decode(
  bytes: Uint8Array,
  request: Exclude<
    DecoderRequest,
    { kind: 'receive' | 'part' | 'tables' | 'table-rows' | 'codes' | 'optimise' | 'signatures' | 'alterations' }
  >,
): Promise<Pixels> {
  if (request.kind === 'thumbnail') return small(bytes, request);
  return request.by === 1 ? upright(bytes, request.turned) : uprightReduced(bytes, request.turned, request.by);
}

async function tables(bytes: Uint8Array, rows: number): Promise<TablesReply> {
  const sheets = await readTables(bytes, { rows });
  return 'kind' in sheets ? sheets : { kind: 'tables', sheets };
}

async function signatures(bytes: Uint8Array, trust: DecoderTrust): Promise<SignaturesReply> {
  const found = await judgeDocument(bytes, trustOf(trust));
  return 'kind' in found ? found : { kind: 'signatures', signatures: found };
}

const trustOf = ({ roots, nowMs }: DecoderTrust) => ({
  roots: readRoots(roots.map((der) => new Uint8Array(Buffer.from(der, 'base64')))),
  nowMs,
});

/** A code as a sheet bears it is large: half the resolution of a scan shows it. */
async function codes(bytes: Uint8Array): Promise<CodesReply> {
  const reduced = await decodeReduced(bytes, 2).catch(() => null);
  const decoded = reduced ? { pixels: reduced } : await decodePixels(bytes);
  return { kind: 'codes', codes: 'kind' in decoded ? [] : await readCodes(decoded.pixels) };
}

/** @throws ArchiveError `page/undecodable` (corruption): it was decodable on receipt */
async function alterations(
  bytes: Uint8Array,
  { lie, fields }: Extract<DecoderRequest, { kind: 'alterations' }>,
): Promise<AlterationsReply> {
  const decoded = await decodePixels(bytes);
  if ('kind' in decoded) throw new ArchiveError('page/undecodable', 'corruption');
  const { widthPx: width, heightPx: height, channels, data } = decoded.pixels;
  // A grey scan has no colours to differ: ink is compared by its darkness.
  const rgb = channels === 3 ? data : new Uint8Array(width * height * 3);
  if (channels === 1) for (let i = 0; i < data.length; i++) rgb.fill(data[i] ?? 0, i * 3, i * 3 + 3);
  return { kind: 'alterations', hints: fields.map((field) => findAlterations({ data: rgb, width, height }, lie, field)) };
}

async function tableRows(bytes: Uint8Array, rows: number, emit: Emit<TablePart>): Promise<TableEnd> {
  const stretches = streamTable(bytes, { rows });
  for (;;) {
    const next = await stretches.next();
    if (next.done) return next.value ?? { kind: 'table' };
    await emit(next.value);
  }
}

/** @throws ArchiveError `page/undecodable` (corruption): it was decodable on receipt */
async function optimised(
  bytes: Uint8Array,
  { orientation, skewDegrees, resolutionDpi }: Extract<DecoderRequest, { kind: 'optimise' }>,
): Promise<{ bytes: Uint8Array; reply: OptimisedReply }> {
  const made = await makeOptimised(bytes, { orientation, skewDegrees }, resolutionDpi);
  if ('kind' in made) throw new ArchiveError('page/undecodable', 'corruption');
  const { bytes: jpeg, ...rest } = made;
  return { bytes: jpeg, reply: { kind: 'optimised', ...rest } };
}

async function receive(
  bytes: Uint8Array,
  request: Extract<DecoderRequest, { kind: 'receive' }>,
  emit: Emit<DecoderPart>,
): Promise<DecoderReply> {
  const { check, password, depth, trust } = request;
  const deliveries = receiveFile(bytes, images, {
    check,
    depth: depth ?? 0,
    ...(password === undefined ? {} : { password }),
    ...(trust === undefined ? {} : { trust: trustOf(trust) }),
  });
  for (;;) {
    const next = await deliveries.next();
    if (next.done) return next.value;
    if (request.photo) {
      const refused = await flatten(bytes, next.value, request.photo, emit);
      if (refused) return refused;
    } else if (next.value.kind === 'page') {
      const { bytes: pageBytes, ...page } = next.value;
      // A page that is the file itself does not travel twice.
      await emit(page, page.origin === 'as_received' ? [] : [pageBytes]);
    } else if ('refused' in next.value) await emit(next.value);
    else await emit({ kind: 'member', path: next.value.path }, [next.value.bytes]);
  }
}

/**
 * The sheet on a photograph in place of the picture, with what was found of the file. Only a picture can be laid flat, and only one of a kind that
 * telephones make: it is the file itself.
 */
async function flatten(
  bytes: Uint8Array,
  delivery: Delivery,
  { corners, paper }: PhotoOrder,
  emit: Emit<DecoderPart>,
): Promise<DecoderReply | null> {
  if (delivery.kind !== 'page' || delivery.origin !== 'as_received') return { kind: 'refused', code: 'photo/no-photograph', detail: {} };
  const made = await makeFlat(bytes, corners, paper);
  if ('kind' in made) return made;
  const { bytes: jpeg, recipe: flatRecipe, widthPx, heightPx, resolutionDpi } = made;
  const { findings } = delivery;
  const size = { widthPx, heightPx, ...(resolutionDpi === null ? {} : { resolutionDpi }) };
  await emit({ kind: 'page', origin: 'flattened', mediaType: 'image/jpeg', ...size, findings, flatRecipe }, [jpeg]);
  return null;
}

/** The pixels of a page as one reads it. @throws ArchiveError `page/undecodable` (corruption): it was decodable on receipt */
async function upright(bytes: Uint8Array, turned: 0 | 90 | 180 | 270): Promise<Pixels> {
  const decoded = await decodePixels(bytes);
  if ('kind' in decoded) throw new ArchiveError('page/undecodable', 'corruption');
  return turnUpright(decoded.pixels, turned);
}

/** The same with its sides divided. */
async function uprightReduced(bytes: Uint8Array, turned: 0 | 90 | 180 | 270, by: Reduction): Promise<Pixels> {
  const found = await decodeReduced(bytes, by);
  if (found) return turnUpright(found, turned);
  const whole = await upright(bytes, turned);
  return cutTile(whole, { ...planOfWhole(whole), widthPx: reduced(whole.widthPx, by), heightPx: reduced(whole.heightPx, by) });
}

/** A part of the upright page, decoded alone. */
async function part(bytes: Uint8Array, request: Extract<DecoderRequest, { kind: 'part' }>): Promise<Pixels | null> {
  const { turned, crop, page, widthPx, heightPx } = request;
  const [width, height] = turned % 180 === 0 ? [widthPx, heightPx] : [heightPx, widthPx];
  const found = await decodeRegion(bytes, cropOnScan(crop, turned, page), width, height);
  return found && turnUpright(found, turned);
}

/** A plan that takes all of the pixels as they are. */
const planOfWhole = ({ widthPx, heightPx }: Pixels) =>
  ({
    crop: { x: 0, y: 0, width: widthPx, height: heightPx },
    widthPx,
    heightPx,
    mirror: false,
    degrees: 0,
    quality: 'default',
    format: 'jpg',
  }) as const;

async function turnUpright(pixels: Pixels, turned: 0 | 90 | 180 | 270): Promise<Pixels> {
  if (turned === 0) return pixels;
  return cutTile(pixels, { ...planOfWhole(pixels), degrees: ((360 - turned) % 360) as 90 | 180 | 270 });
}

/** The pixels of a thumbnail. */
async function small(bytes: Uint8Array, request: Extract<DecoderRequest, { kind: 'thumbnail' }>): Promise<Pixels> {
  if (request.turned === 0) return thumbnailPixels(bytes, request.longSidePx);
  const page = await upright(bytes, request.turned);
  const scale = Math.min(1, request.longSidePx / Math.max(page.widthPx, page.heightPx));
  const widthPx = Math.max(1, Math.round(page.widthPx * scale));
  const heightPx = Math.max(1, Math.round(page.heightPx * scale));
  return cutTile(page, { ...planOfWhole(page), widthPx, heightPx });
}
