import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ArchivalCode, Id, PurposeHeader, TimeMs } from './values.ts';

/** Photographs sent at once. */
export const PHOTOGRAPHS_MAX = 100;

const TusVersion = { 'tus-resumable': z.literal('1.0.0') };
const Secret = z.string().min(20).max(100);
const PhoneHeader = { 'lantai-phone': Secret.describe('The secret that opening the link gave. Never in an address.') };

/** What has come by a link. */
const Counts = {
  held: z.int().min(0).describe('Photographs begun or whole on the server, not sent into the dossier yet.'),
  arriving: z.int().min(0).describe('Sent, and being received.'),
  pages: z.int().min(0),
  attention: z.int().min(0).describe('Sent photographs that gave no page: duplicates, refused ones.'),
};

export const CaptureLinkView = z
  .object({
    id: Id,
    dossierId: Id,
    dossierCode: z.string(),
    state: z.enum(['waiting', 'open', 'ended']),
    expiresAtMs: TimeMs,
    ...Counts,
  })
  .meta({ id: 'CaptureLinkView' });
export type CaptureLinkView = z.infer<typeof CaptureLinkView>;

const PhoneView = z.object({ dossierCode: ArchivalCode, expiresAtMs: TimeMs, nowMs: TimeMs, ...Counts }).meta({ id: 'PhoneView' });

const place = z.int().min(0).max(65_536);
const corner = z.tuple([place, place]);

/** A photograph of which every byte is on the server. */
export const SentPhotograph = z
  .object({
    uploadId: Id,
    photo: z
      .object({
        corners: z
          .tuple([corner, corner, corner, corner])
          .describe('Of the sheet, clockwise from its top left, in 1/65536 of the picture as it is shown.'),
        paper: z.enum(['A3', 'A4', 'A5', 'B5', '8K', '16K']).nullable().describe('As a person said; null: not known.'),
      })
      .nullable()
      .describe('Null: the picture as it is becomes the page.'),
  })
  .meta({ id: 'SentPhotograph' });

const link = z.object({ linkId: Id });
const upload = z.object({ uploadId: Id });

/** Photographs by telephone: docs/spec/phone.md. */
export const phoneEndpoints = {
  makeCaptureLink: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/capture-links',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '生成手机拍照二维码', en: 'Make a link by which a telephone sends photographs into a dossier' },
    description:
      'The token is given once, for a QR code; it can be opened once, within 15 minutes and this session. `address`: where the archive is reached, when its operator said so. Problems: `phone/too-many` (409), `token/not-for-this` (403) for API tokens.',
    headers: PurposeHeader,
    params: z.object({ dossierId: Id }),
    answers: {
      201: z.object({ token: Secret, address: z.string().nullable(), link: CaptureLinkView }).meta({ id: 'CaptureLinkMade' }),
    },
    problems: [404, 409],
  }),
  getCaptureLink: defineEndpoint({
    method: 'GET',
    path: '/api/v1/capture-links/{linkId}',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '手机拍照进度', en: 'What has come by a link of one’s own' },
    headers: PurposeHeader,
    params: link,
    answers: { 200: CaptureLinkView },
    problems: [404],
  }),
  endCaptureLink: defineEndpoint({
    method: 'POST',
    path: '/api/v1/capture-links/{linkId}/end',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '结束手机拍照', en: 'End a link of one’s own at once' },
    headers: PurposeHeader,
    params: link,
    answers: { 204: { empty: 'Over.' } },
    problems: [404],
  }),
  openCaptureLink: defineEndpoint({
    method: 'POST',
    path: '/api/v1/phone/opening',
    tag: 'capture',
    right: 'open',
    summary: { zh: '手机打开拍照链接', en: 'Take the token out of a QR code, once, for a secret of this telephone' },
    description: 'Problem: `phone/link-over` (410), whatever the reason.',
    body: z.object({ token: Secret }).meta({ id: 'CaptureLinkOpening' }),
    answers: { 200: z.object({ secret: Secret, phone: PhoneView }).meta({ id: 'CaptureLinkOpened' }) },
    problems: [410],
  }),
  getPhone: defineEndpoint({
    method: 'GET',
    path: '/api/v1/phone',
    tag: 'capture',
    right: 'open',
    summary: { zh: '手机端状态', en: 'What a telephone’s link is for, and what has come by it' },
    headers: z.object(PhoneHeader),
    answers: { 200: PhoneView },
    problems: [410],
  }),
  createPhotoUpload: defineEndpoint({
    method: 'POST',
    path: '/api/v1/phone/uploads',
    tag: 'capture',
    right: 'open',
    summary: { zh: '新建照片上传', en: 'Begin the resumable upload of a photograph (tus)' },
    description: 'As `createUpload`, by a telephone’s secret. Problems: `phone/link-over` (410), `phone/link-full` (409).',
    headers: z.object({ ...TusVersion, ...PhoneHeader, 'upload-length': z.coerce.number().int().min(0) }),
    rawBody: 'application/offset+octet-stream',
    answers: { 201: { empty: 'Created; see Location.' } },
    problems: [409, 410, 412, 413],
  }),
  getPhotoUploadOffset: defineEndpoint({
    method: 'HEAD',
    path: '/api/v1/phone/uploads/{uploadId}',
    tag: 'capture',
    right: 'open',
    summary: { zh: '照片上传进度', en: 'How much of a photograph has arrived (tus)' },
    params: upload,
    headers: z.object({ ...TusVersion, ...PhoneHeader }),
    answers: { 200: { empty: 'See Upload-Offset.' } },
    problems: [404, 410, 412],
  }),
  appendPhotoUpload: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/phone/uploads/{uploadId}',
    tag: 'capture',
    right: 'open',
    summary: { zh: '照片续传', en: 'Send bytes of a photograph (tus)' },
    params: upload,
    headers: z.object({ ...TusVersion, ...PhoneHeader, 'upload-offset': z.coerce.number().int().min(0) }),
    rawBody: 'application/offset+octet-stream',
    answers: { 204: { empty: 'Taken; see Upload-Offset.' } },
    problems: [404, 409, 410, 412, 413, 415],
  }),
  cancelPhotoUpload: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/phone/uploads/{uploadId}',
    tag: 'capture',
    right: 'open',
    summary: { zh: '取消照片上传', en: 'Give the upload of a photograph up (tus)' },
    params: upload,
    headers: z.object({ ...TusVersion, ...PhoneHeader }),
    answers: { 204: { empty: 'Removed.' } },
    problems: [404, 410, 412],
  }),
  sendPhotographs: defineEndpoint({
    method: 'POST',
    path: '/api/v1/phone/photographs',
    tag: 'capture',
    right: 'open',
    summary: { zh: '照片归入案卷', en: 'Put photographs into the dossier, in this order' },
    description:
      'An import in the name of whoever made the link. The bytes received are kept; the page is the sheet laid flat (docs/spec/photograph.md). Problems: `upload/not-found` (404), `upload/incomplete` (409), `phone/link-over` (410).',
    headers: z.object(PhoneHeader),
    body: z.object({ photographs: z.array(SentPhotograph).min(1).max(PHOTOGRAPHS_MAX) }).meta({ id: 'SentPhotographs' }),
    answers: { 202: PhoneView },
    problems: [404, 409, 410],
  }),
} as const;
