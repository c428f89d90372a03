import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Masking } from './masking.ts';
import { BoxPx, Id, PurposeHeader, TimeMs } from './values.ts';

/** Leave to fetch the tiles and the text of one page: bound to session, page and purpose. */
/** Source: IIIF Image API 3.0, level 2. */
export const ImageInfo = z
  .object({
    '@context': z.literal('http://iiif.io/api/image/3/context.json'),
    id: z.string(),
    type: z.literal('ImageService3'),
    protocol: z.literal('http://iiif.io/api/image'),
    profile: z.literal('level2'),
    width: z.int(),
    height: z.int(),
    tiles: z.array(z.object({ width: z.int(), height: z.int().optional(), scaleFactors: z.array(z.int()) })).optional(),
    sizes: z.array(z.object({ width: z.int(), height: z.int() })).optional(),
    maxWidth: z.int().optional(),
    maxHeight: z.int().optional(),
    extraFormats: z.array(z.string()).optional(),
    extraQualities: z.array(z.string()).optional(),
    extraFeatures: z.array(z.string()).optional(),
  })
  .meta({ id: 'ImageInfo' });

/** The scan as received, or what was made of it: upright, level, cut to the sheet, its background cleaned. */
export const ImageKind = z.enum(['raw', 'optimised']);

export const PageView = z
  .object({
    viewToken: z.string(),
    expiresAtMs: TimeMs,
    entryId: Id.describe('The access entry this look made.'),
    iiif: z.string().describe('Base of the image service: append /info.json or /{region}/{size}/{rotation}/{quality}.{format}.'),
    widthPx: z.int().min(1).describe('Of the upright image.'),
    heightPx: z.int().min(1),
    image: ImageInfo.describe('What /info.json says, so that nobody need ask for it before the first tile.'),
    shows: ImageKind.describe('Which image the tiles are of. The boxes of a reading lie on the raw one.'),
    hasReading: z.boolean(),
  })
  .meta({ id: 'PageView' });
export type PageView = z.infer<typeof PageView>;

export const ReadingLineView = z
  .object({
    text: z.string(),
    box: BoxPx,
    confidence01: z.number().min(0).max(1),
    vertical: z.boolean().optional(),
    source: z.enum(['normal', 'red', 'cell', 'born_digital']),
    candidates: z
      .array(z.object({ at: z.int().min(0), options: z.array(z.object({ char: z.string(), confidence01: z.number() })) }))
      .optional()
      .describe('Second and third candidates of uncertain characters; `at` counts code points of `text`.'),
  })
  .meta({ id: 'ReadingLineView' });
export type ReadingLineView = z.infer<typeof ReadingLineView>;

/** What recognition saw: lines in reading order, boxes in pixels of the upright image. */
export const ReadingView = z
  .object({
    engine: z.string(),
    version: z.string(),
    widthPx: z.int(),
    heightPx: z.int(),
    orientation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
    skewDegrees: z.number(),
    lines: z.array(ReadingLineView),
    masking: Masking,
    versions: z.array(z.object({ engine: z.string(), version: z.string(), atMs: TimeMs, current: z.boolean() })),
  })
  .meta({ id: 'ReadingView' });
export type ReadingView = z.infer<typeof ReadingView>;

const SignatureFaultView = z.enum([
  'structure',
  'range-wrong',
  'altered',
  'wrong',
  'seal-wrong',
  'pages-changed',
  'not-valid-then',
  'empty',
  'weak',
  'unsupported',
  'signer-unknown',
  'seal-maker-unknown',
  'marks-changed',
  'not-compared',
  'parts-unsigned',
  'timestamp-wrong',
  'timestamp-unknown',
  'time-unproved',
  'appended',
]);

/** What was found of one signature of the document that a page came out of (docs/spec/signed-documents.md). */
export const SignatureView = z
  .object({
    format: z.enum(['pdf', 'ofd']),
    kind: z.enum(['signature', 'seal', 'timestamp']),
    verdict: z.enum(['holds', 'signer-unknown', 'broken', 'unchecked']),
    signer: z
      .object({
        name: z.string().nullable(),
        organisation: z.string().nullable(),
        issuer: z.string().nullable(),
        serial: z.string(),
        fromMs: TimeMs,
        untilMs: TimeMs,
      })
      .nullable()
      .describe('As the certificate says; null where none could be read.'),
    seal: z.string().nullable().describe('What an electronic seal calls itself.'),
    algorithm: z.string().nullable(),
    signedAtMs: TimeMs.nullable(),
    timeBy: z.enum(['timestamp', 'signer']).nullable(),
    covered: z.int().min(0).describe('Bytes of a PDF, parts of an OFD.'),
    total: z.int().min(0),
    faults: z.array(SignatureFaultView).describe('Words: code `signature/…`.'),
  })
  .meta({ id: 'SignatureView' });
export type SignatureView = z.infer<typeof SignatureView>;

/** How an optimised image was made: `lantai-optimise`. */
export const OptimisedRecipe = z
  .object({
    name: z.string(),
    version: z.string(),
    parameters: z.record(z.string(), z.unknown()).describe('Turn, skew, cut and paper as they were measured.'),
    encoding: z.record(z.string(), z.unknown()),
    libraries: z.record(z.string(), z.string()).describe('Versions of what decoded and encoded.'),
    inputSha256: z.string().describe('Of the raw image, hexadecimal.'),
    outputSha256: z.string().describe('Of the optimised one.'),
  })
  .meta({ id: 'OptimisedRecipe' });

const Token = z.string().min(16).max(200);
const page = z.object({ pageId: Id });

export const pageEndpoints = {
  viewPage: defineEndpoint({
    method: 'POST',
    path: '/api/v1/pages/{pageId}/view',
    tag: 'pages',
    right: 'page.view',
    summary: { zh: '查看一页', en: 'Look at a page' },
    description:
      'One look, one entry. The answer holds a short-lived token for the tiles and the reading of this page. `image=optimised` shows the optimised image (docs/spec/optimised-image.md), made when it is first asked for. Problem: `optimised/not-read-yet` (409).',
    headers: PurposeHeader,
    params: page,
    query: z.object({ image: ImageKind.optional() }),
    answers: { 200: PageView },
    problems: [404, 409],
  }),
  getReading: defineEndpoint({
    method: 'GET',
    path: '/api/v1/page-views/{viewToken}/reading',
    tag: 'pages',
    right: 'page.view',
    byViewToken: true,
    summary: { zh: '识读文字', en: 'The reading of a page' },
    params: z.object({ viewToken: Token }),
    answers: { 200: ReadingView },
    problems: [404, 410],
  }),
  correctReading: defineEndpoint({
    method: 'POST',
    path: '/api/v1/pages/{pageId}/reading-corrections',
    tag: 'pages',
    right: 'material.change',
    summary: { zh: '校改识读文字', en: 'Correct lines of a reading by hand' },
    description:
      "The machine's reading stays beside it; search and copies use the corrected one. Problems: `reading/changed` (409) when another reading is current by now, `reading/masked` (422) when a line holds masks.",
    headers: PurposeHeader,
    params: page,
    body: z
      .object({
        base: z.object({ engine: z.string().max(80), version: z.string().max(80) }).describe('The reading that was looked at.'),
        lines: z
          .array(z.object({ index: z.int().min(0), text: z.string().max(1000).describe('Empty: the line is taken out.') }))
          .min(1)
          .max(500),
      })
      .meta({ id: 'ReadingCorrection' }),
    answers: { 200: z.object({ engine: z.string(), version: z.string() }).meta({ id: 'CorrectedReading' }) },
    problems: [404, 409, 422],
  }),
  getPageSignatures: defineEndpoint({
    method: 'GET',
    path: '/api/v1/page-views/{viewToken}/signatures',
    tag: 'pages',
    right: 'page.view',
    byViewToken: true,
    summary: { zh: '电子签名与电子印章', en: 'Signatures of the document that a page came out of' },
    description: 'As judged when the file was received, by the certificates that the archive believed then. Empty where it has none.',
    params: z.object({ viewToken: Token }),
    answers: { 200: z.object({ items: z.array(SignatureView), masking: Masking }).meta({ id: 'PageSignatures' }) },
    problems: [404, 410],
  }),
  getOptimisedRecipe: defineEndpoint({
    method: 'GET',
    path: '/api/v1/page-views/{viewToken}/recipe',
    tag: 'pages',
    right: 'page.view',
    byViewToken: true,
    summary: { zh: '优化图像的处理记录', en: 'How the optimised image of a page was made' },
    description:
      'The recipe that makes it again bit for bit out of the raw image, with the digests of both (docs/spec/optimised-image.md). Problem: `optimised/none` (404) where none was made yet.',
    params: z.object({ viewToken: Token }),
    answers: { 200: OptimisedRecipe },
    problems: [404, 410],
  }),
  getImageInfo: defineEndpoint({
    method: 'GET',
    path: '/iiif/{viewToken}/info.json',
    tag: 'pages',
    right: 'page.view',
    byViewToken: true,
    summary: { zh: '图像信息', en: 'Image information (IIIF)' },
    params: z.object({ viewToken: Token }),
    answers: { 200: ImageInfo },
    problems: [404, 410],
  }),
  getImage: defineEndpoint({
    method: 'GET',
    path: '/iiif/{viewToken}/{region}/{size}/{rotation}/{qualityFormat}',
    tag: 'pages',
    right: 'page.view',
    byViewToken: true,
    summary: { zh: '图像', en: 'Image or tile (IIIF)' },
    description: 'IIIF Image API 3.0 level 2; `qualityFormat` is `{quality}.{format}`: default, color, gray or bitonal; jpg, png or webp.',
    params: z.object({
      viewToken: Token,
      region: z.string().max(60),
      size: z.string().max(60),
      rotation: z.string().max(20),
      qualityFormat: z.string().max(20),
    }),
    answers: { 200: { media: ['image/jpeg', 'image/png', 'image/webp'], what: 'The image.' } },
    problems: [404, 410],
  }),
  openThumbnails: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/thumbnails',
    tag: 'pages',
    right: 'page.view',
    summary: { zh: '打开缩略图', en: 'Open the thumbnails of a dossier' },
    description: 'One entry for all thumbnails of the dossier; fetch them at /thumbs/{token}/{pageId}.jpg.',
    headers: PurposeHeader,
    params: z.object({ dossierId: Id }),
    answers: {
      200: z.object({ token: z.string(), expiresAtMs: TimeMs, entryId: Id, base: z.string() }).meta({ id: 'ThumbnailLeave' }),
    },
    problems: [404],
  }),
  getThumbnail: defineEndpoint({
    method: 'GET',
    path: '/thumbs/{token}/{pageFile}',
    tag: 'pages',
    right: 'page.view',
    byViewToken: true,
    summary: { zh: '缩略图', en: 'A thumbnail' },
    params: z.object({
      token: Token,
      pageFile: z
        .string()
        .regex(/^[0-9a-f-]{36}\.jpg$/)
        .describe('Page id and `.jpg`.'),
    }),
    query: z.object({
      turned: z
        .enum(['0', '90', '180', '270'])
        .optional()
        .describe('As the desk says of the page, so that a page turned since has another address. Left out: as it is now, not to be kept.'),
    }),
    answers: { 200: { media: ['image/jpeg'], what: 'At most 240 pixels high, upright.' } },
    problems: [404, 410],
  }),
  downloadOriginal: defineEndpoint({
    method: 'POST',
    path: '/api/v1/pages/{pageId}/original',
    tag: 'pages',
    right: 'page.download',
    needsFreshAuth: true,
    summary: { zh: '下载原始文件', en: 'The file as received' },
    description: 'The bytes exactly as received (the whole file when the page is one of several in it). An entry of the log.',
    headers: PurposeHeader,
    params: page,
    answers: { 200: { media: ['application/octet-stream'], what: 'The file as received.' } },
    problems: [404],
  }),
} as const;
