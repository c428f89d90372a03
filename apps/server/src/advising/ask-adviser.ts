import { readFile } from 'node:fs/promises';
import type { AdviserConfig } from '../adviser-config.ts';

/** What came of a question; only `answered` bears words, and they are a stranger's. */
export type AdviserAnswer =
  | { readonly outcome: 'answered'; readonly words: string }
  | { readonly outcome: 'unreachable' | 'timeout' | 'refused' | 'too-long' | 'malformed' };

/** A question as it goes over the wire. */
export function questionOf({ model }: Pick<AdviserConfig, 'model'>, rules: string, page: string): string {
  return JSON.stringify({
    model,
    temperature: 0,
    max_tokens: 200,
    response_format: { type: 'json_object' },
    messages: [
      { role: 'system', content: rules },
      { role: 'user', content: page },
    ],
  });
}

const ANSWER_BYTES_MAX = 64 * 1024;

/**
 * Asks an OpenAI-compatible endpoint (`/chat/completions`). Follows no redirect, which could lead out of the network, and reads 64 KiB at most.
 * Never throws over what the other side does: whatever goes wrong there is an outcome, and changes nothing.
 * @throws the file system's error when the key file cannot be read
 */
export async function askAdviser({ url, keyFile, timeoutMs }: AdviserConfig, question: string): Promise<AdviserAnswer> {
  const key = keyFile === null ? null : (await readFile(keyFile, 'utf8')).trim();
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      redirect: 'manual',
      signal,
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: question,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { outcome: 'refused' };
    }
    const text = await readShort(response);
    return text === null ? { outcome: 'too-long' } : wordsOf(text);
  } catch {
    // The network's own failures, by `fetch` all of one kind: the rules' proposal stays, and the entry names the outcome.
    return { outcome: signal.aborted ? 'timeout' : 'unreachable' };
  }
}

async function readShort(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    size += read.value.length;
    if (size > ANSWER_BYTES_MAX) {
      await reader?.cancel();
      return null;
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function wordsOf(text: string): AdviserAnswer {
  try {
    const answer = JSON.parse(text) as { choices?: readonly { message?: { content?: unknown } }[] } | null;
    const words = answer?.choices?.[0]?.message?.content;
    return typeof words === 'string' ? { outcome: 'answered', words } : { outcome: 'malformed' };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return { outcome: 'malformed' };
    throw error;
  }
}
