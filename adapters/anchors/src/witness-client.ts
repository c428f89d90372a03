import { type AddCheckpoint, formatAddCheckpoint } from '@lantai/log';
import { ask } from './ask.ts';

/** What a witness answers. `conflict`: it remembers another size. */
export type WitnessAnswer =
  | { readonly kind: 'lines'; readonly lines: string }
  | { readonly kind: 'conflict'; readonly knownSize: number | null }
  | { readonly kind: 'refused'; readonly status: number };

/** Some lines of a hundred bytes. */
const REPLY_BYTES_MAX = 16 * 1024;
const TIMEOUT_MS = 15_000;

/**
 * Asks a witness to cosign (C2SP tlog-witness). @param url prefix below which `add-checkpoint` lies
 * @throws ArchiveError `witness/unreachable` (environment): no answer, or one by a server in trouble
 */
export async function askWitness(url: string, request: AddCheckpoint): Promise<WitnessAnswer> {
  const question = {
    url: `${url.replace(/\/+$/, '')}/add-checkpoint`,
    body: formatAddCheckpoint(request),
    contentType: 'text/plain; charset=utf-8',
    limit: REPLY_BYTES_MAX,
    timeoutMs: TIMEOUT_MS,
  };
  const reply = await ask(question, 'witness/unreachable');
  const text = new TextDecoder().decode(reply.bytes);
  if (reply.status === 200) return { kind: 'lines', lines: text };
  if (reply.status !== 409) return { kind: 'refused', status: reply.status };
  const m = reply.contentType === 'text/x.tlog.size' ? /^(0|[1-9]\d{0,15})\n$/.exec(text) : null;
  return { kind: 'conflict', knownSize: m ? Number(m[1]) : null };
}
