import type { Readable } from 'node:stream';
import { appendUpload, createUpload, getUpload, removeUpload } from '../../ingest/index.ts';
import type { Handlers } from '../handler.ts';

/** The protocol version and what of it is offered. Source: tus 1.0.0, core, creation and termination. */
export const TUS = { 'tus-resumable': '1.0.0', 'tus-version': '1.0.0', 'tus-extension': 'creation,termination' };

export const uploadHandlers: Pick<Handlers, 'createUpload' | 'getUploadOffset' | 'appendUpload' | 'cancelUpload'> = {
  createUpload: async ({ archive, account, request, reply, desk }) => {
    (await desk()).scope('page.import');
    const id = await createUpload(archive, account.accountId, Number(request.headers['upload-length']));
    return reply
      .status(201)
      .headers({ ...TUS, location: `/api/v1/uploads/${id}`, 'upload-offset': '0' })
      .send();
  },
  getUploadOffset: async ({ archive, account, params, reply }) => {
    const upload = await getUpload(archive, account.accountId, params.uploadId);
    return reply
      .status(200)
      .headers({ ...TUS, 'upload-offset': String(upload.offset), 'upload-length': String(upload.byteCount) })
      .send();
  },
  appendUpload: async ({ archive, account, params, request, reply }) => {
    const upload = await getUpload(archive, account.accountId, params.uploadId);
    const offset = await appendUpload(archive, upload, Number(request.headers['upload-offset']), request.body as Readable);
    return reply
      .status(204)
      .headers({ ...TUS, 'upload-offset': String(offset) })
      .send();
  },
  cancelUpload: async ({ archive, account, params, reply }) => {
    const upload = await getUpload(archive, account.accountId, params.uploadId);
    await removeUpload(archive, upload.id);
    return reply.status(204).headers(TUS).send();
  },
};
