import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { createTusTransport } from '../capture/tus-transport.ts';
import type { Transport } from '../capture/upload-queue.ts';
import type { Shot } from './shots.ts';

export type PhoneView = Schemas['PhoneView'];

const KEY = 'lantai.phone';

/** The token that the QR code said; taken out of the address at once, so that no history and no bookmark has it. */
export function takeToken(): string | null {
  const token = /^#([\w-]{20,100})$/.exec(window.location.hash)?.[1] ?? null;
  if (token) window.history.replaceState(null, '', window.location.pathname);
  return token;
}

/** A telephone's hold on its link: a secret that lives as long as this tab. */
export interface PhoneLink {
  readonly secret: string;
  readonly phone: PhoneView;
}

/** Opens the link of a token, or takes up the one that this tab held. Null when there is neither. @throws Refusal `phone/link-over` */
export async function openPhoneLink(token: string | null): Promise<PhoneLink | null> {
  if (token) {
    const opened = await answer(api.POST('/api/v1/phone/opening', { body: { token } }));
    sessionStorage.setItem(KEY, opened.secret);
    return opened;
  }
  const secret = sessionStorage.getItem(KEY);
  return secret === null ? null : { secret, phone: await askPhone(secret) };
}

const header = (secret: string) => ({ 'lantai-phone': secret });

/** What the link is for and what has come by it. @throws Refusal `phone/link-over`, `network/offline` */
export const askPhone = (secret: string): Promise<PhoneView> => answer(api.GET('/api/v1/phone', { params: { header: header(secret) } }));

/** Uploads by the telephone's secret. */
export const phoneTransport = (secret: string): Transport =>
  createTusTransport('phone', { endpoint: '/api/v1/phone/uploads', headers: header(secret) });

/** Puts uploaded shots into the dossier, in their order. */
export function sendShots(secret: string, shots: readonly (Shot & { readonly uploadId: string })[]): Promise<PhoneView> {
  const photographs = shots.map(({ uploadId, corners, paper }) => ({ uploadId, photo: corners ? { corners, paper } : null }));
  return answer(api.POST('/api/v1/phone/photographs', { params: { header: header(secret) }, body: { photographs: photographs as never } }));
}
