import { ArchiveError } from '@lantai/values';

/** What a provider is asked over HTTP. */
export interface Question {
  readonly url: string;
  readonly body: Uint8Array | string;
  readonly contentType: string;
  /** Longest answer that is read, bytes. */
  readonly limit: number;
  readonly timeoutMs: number;
}

/** An answer, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Posts to a provider. Redirects are not followed: who answers is who was configured. @throws ArchiveError `code` (environment) with `reason` */
export async function ask(question: Question, code: 'anchor/unreachable' | 'witness/unreachable'): Promise<Reply> {
  const { url, body, contentType, limit, timeoutMs } = question;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof body === 'string' ? body : new Uint8Array(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: answer.status,
      contentType: (answer.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase(),
      bytes: answer.body ? await readAtMost(answer.body, limit, code) : new Uint8Array(0),
    };
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const reason = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'network';
    throw new ArchiveError(code, 'environment', { reason }, error);
  }
}

async function readAtMost(body: ReadableStream<Uint8Array>, limit: number, code: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new ArchiveError(code, 'environment', { reason: 'too-large' });
    }
    parts.push(next.value);
  }
  return new Uint8Array(Buffer.concat(parts));
}
