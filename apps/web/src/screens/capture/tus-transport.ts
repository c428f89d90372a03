import { webPrimitives } from '@lantai/primitives-web';
import { formatHex, utf8 } from '@lantai/values';
import { DetailedError, Upload } from 'tus-js-client';
import { refusalOf } from '../../api/refusal.ts';
import type { Transport } from './upload-queue.ts';

const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRY_DELAYS_MS = [0, 1000, 3000, 8000];

/**
 * What names a file between two visits, so that an upload broken off goes on.
 * INVARIANT: a digest, because it is kept in the browser's storage and names of files hold names of people.
 */
export function fingerprintOf(file: { name: string; size: number; lastModified: number }, archiveId: string): string {
  return `lantai.upload.${formatHex(webPrimitives.hash('sha256', utf8([archiveId, file.name, file.size, file.lastModified].join('\0'))))}`;
}

function refusalOfTus(error: Error): Error {
  if (!(error instanceof DetailedError)) return error;
  const status = error.originalResponse?.getStatus() ?? 0;
  if (status === 0) return Object.assign(new Error('offline'), { code: 'network/offline' });
  try {
    return refusalOf(status, JSON.parse(error.originalResponse?.getBody() ?? ''));
  } catch {
    // The body was none of ours; the status says enough.
    return refusalOf(status, null);
  }
}

/** Where uploads go, and what lets them in beside the session. */
export interface TusPlace {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

const OWN_PLACE: TusPlace = { endpoint: '/api/v1/uploads', headers: {} };

/** tus 1.0.0 against our own server. The name of a file is not sent: it goes with the import, in a body. */
export function createTusTransport(archiveId: string, { endpoint, headers }: TusPlace = OWN_PLACE): Transport {
  return {
    send: (file, progress, signal) =>
      new Promise((resolve, reject) => {
        const upload = new Upload(file, {
          endpoint,
          headers: { ...headers },
          chunkSize: CHUNK_BYTES,
          retryDelays: RETRY_DELAYS_MS,
          metadata: {},
          removeFingerprintOnSuccess: true,
          fingerprint: () => Promise.resolve(fingerprintOf(file, archiveId)),
          onProgress: (sent) => progress(sent),
          onSuccess: () => resolve(new URL(upload.url ?? '', location.href).pathname.split('/').at(-1) ?? ''),
          onError: (error) => reject(refusalOfTus(error)),
          onShouldRetry: (error) => {
            const status = error.originalResponse?.getStatus() ?? 0;
            return status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
          },
        });
        signal.addEventListener('abort', () => {
          void upload.abort();
          reject(new DOMException('paused', 'AbortError'));
        });
        upload.findPreviousUploads().then((previous) => {
          if (signal.aborted) return;
          if (previous[0]) upload.resumeFromPreviousUpload(previous[0]);
          upload.start();
        }, reject);
      }),
  };
}
