import { findProblem } from '@lantai/contract/client';
import { api } from './client.ts';

/** Shows the dialog that asks for password or second factor again; resolves true when it was shown. */
type AskAgain = () => Promise<boolean>;

let askAgain: AskAgain | null = null;
/** One question at a time: several refused requests wait for the same answer. */
let asking: Promise<boolean> | null = null;

/** The dialog says here that it is ready. Returns how to take it back. */
export function whenFreshNeeded(ask: AskAgain): () => void {
  askAgain = ask;
  return () => {
    if (askAgain === ask) askAgain = null;
  };
}

const kept = new Map<string, Request>();

/*
 * A dangerous act that was refused for want of a fresh password is asked for and sent once more, so that no screen needs to know of it.
 */
api.use({
  onRequest({ request, id }) {
    if (request.method !== 'GET') kept.set(id, request.clone());
    return request;
  },
  async onResponse({ response, id }) {
    const again = kept.get(id);
    kept.delete(id);
    if (response.status !== 403 || !again || !askAgain) return response;
    const problem = findProblem(await response.clone().json());
    if (problem?.code !== 'session/fresh-needed') return response;
    asking ??= askAgain().finally(() => {
      asking = null;
    });
    return (await asking) ? fetch(again) : response;
  },
  onError({ id }) {
    kept.delete(id);
  },
});
