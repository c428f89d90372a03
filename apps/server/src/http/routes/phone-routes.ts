import type { Readable } from 'node:stream';
import { ArchiveError } from '@lantai/values';
import type { FastifyRequest } from 'fastify';
import type { Archive } from '../../archive/index.ts';
import { appendUpload, removeUpload } from '../../ingest/index.ts';
import {
  createPhotoUpload,
  endLink,
  getHolder,
  getLink,
  getPhotoUpload,
  makeLink,
  openLink,
  type PhoneHolder,
  sendPhotographs,
} from '../../phone/index.ts';
import type { Handlers } from '../handler.ts';
import { RateWindow } from '../rate-window.ts';
import { TUS } from './upload-routes.ts';

type PhoneHandlers = Pick<
  Handlers,
  | 'makeCaptureLink'
  | 'getCaptureLink'
  | 'endCaptureLink'
  | 'openCaptureLink'
  | 'getPhone'
  | 'createPhotoUpload'
  | 'getPhotoUploadOffset'
  | 'appendPhotoUpload'
  | 'cancelPhotoUpload'
  | 'sendPhotographs'
>;

const LINK_REQUESTS_A_MINUTE_MAX = 600;

/** Operations of the desk's links, and of telephones, which are let in by their secret alone. */
export function phoneHandlers(): PhoneHandlers {
  const requests = new RateWindow(LINK_REQUESTS_A_MINUTE_MAX);
  const holderOf = async (archive: Archive, request: FastifyRequest): Promise<PhoneHolder> => {
    const holder = await getHolder(archive, String(request.headers['lantai-phone']));
    if (!requests.take(holder.linkId, archive.clock.nowMs())) throw new ArchiveError('request/too-many', 'caller');
    return holder;
  };
  const uploadOf = async (archive: Archive, request: FastifyRequest, uploadId: string) =>
    getPhotoUpload(archive, await holderOf(archive, request), uploadId);
  return {
    makeCaptureLink: async ({ archive, desk, session, params, reply }) => {
      if (!session) throw new ArchiveError('session/needed', 'caller');
      const { token, link } = await makeLink(archive, await desk(), session, params.dossierId);
      return reply.status(201).send({ token, address: archive.config.access.publicUrl, link });
    },
    getCaptureLink: async ({ archive, desk, params }) => getLink(archive, await desk(), params.linkId),
    endCaptureLink: async ({ archive, desk, params, reply }) => {
      await endLink(archive, await desk(), params.linkId);
      return reply.status(204).send();
    },
    openCaptureLink: async ({ archive, body }) => {
      const { secret, holder } = await openLink(archive, body.token);
      return { secret, phone: await viewOf(archive, holder) };
    },
    getPhone: async ({ archive, request }) => viewOf(archive, await holderOf(archive, request)),
    createPhotoUpload: async ({ archive, request, reply }) => {
      const id = await createPhotoUpload(archive, await holderOf(archive, request), Number(request.headers['upload-length']));
      return reply
        .status(201)
        .headers({ ...TUS, location: `/api/v1/phone/uploads/${id}`, 'upload-offset': '0' })
        .send();
    },
    getPhotoUploadOffset: async ({ archive, request, params, reply }) => {
      const { offset, byteCount } = await uploadOf(archive, request, params.uploadId);
      return reply
        .status(200)
        .headers({ ...TUS, 'upload-offset': String(offset), 'upload-length': String(byteCount) })
        .send();
    },
    appendPhotoUpload: async ({ archive, request, params, reply }) => {
      const upload = await uploadOf(archive, request, params.uploadId);
      const offset = await appendUpload(archive, upload, Number(request.headers['upload-offset']), request.body as Readable);
      return reply
        .status(204)
        .headers({ ...TUS, 'upload-offset': String(offset) })
        .send();
    },
    cancelPhotoUpload: async ({ archive, request, params, reply }) => {
      await removeUpload(archive, (await uploadOf(archive, request, params.uploadId)).id);
      return reply.status(204).headers(TUS).send();
    },
    sendPhotographs: async ({ archive, request, body, reply }) => {
      const holder = await holderOf(archive, request);
      await sendPhotographs(archive, holder, body.photographs);
      return reply.status(202).send(await viewOf(archive, holder));
    },
  };
}

/** What a telephone is told: the code of the dossier, and counts. Nothing of anybody. */
async function viewOf(archive: Archive, { desk, linkId, dossierCode, expiresAtMs }: PhoneHolder) {
  const { held, arriving, pages, attention } = await getLink(archive, desk, linkId);
  return { dossierCode, expiresAtMs, nowMs: archive.clock.nowMs(), held, arriving, pages, attention };
}
