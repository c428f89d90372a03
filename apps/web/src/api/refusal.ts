import { findProblem, type Schemas } from '@lantai/contract/client';

/** Why a request gave no answer: a problem of the server, or no server at all (`network/offline`). */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** Finds the failure in the server's journal. */
  readonly reference: string | null;

  constructor(code: string, status: number, problem: Schemas['Problem'] | null = null) {
    super(code);
    this.code = code;
    this.status = status;
    this.params = problem?.params ?? {};
    this.reference = problem?.reference ?? null;
  }
}

interface Fetched<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** Listeners told when the server says that nobody is signed in. */
const onSignedOut = new Set<() => void>();
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut.add(listener);
  return () => void onSignedOut.delete(listener);
}

/** Makes a refusal of an answer that is no success. */
export function refusalOf(status: number, body: unknown): Refusal {
  const problem = findProblem(body);
  if (status === 401 && problem?.code !== 'session/refused') for (const listener of onSignedOut) listener();
  return new Refusal(problem?.code ?? `http/${status}`, status, problem);
}

/** The data of an answer. @throws Refusal when the server refused or could not be reached. */
export async function answer<T>(asking: Promise<Fetched<T>>): Promise<T> {
  let fetched: Fetched<T>;
  try {
    fetched = await asking;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refusal('network/offline', 0);
  }
  if (!fetched.response.ok) throw refusalOf(fetched.response.status, fetched.error);
  return fetched.data as T;
}

/** True for a refusal, optionally of one code. */
export function isRefusal(error: unknown, code?: string): error is Refusal {
  return error instanceof Refusal && (code === undefined || error.code === code);
}
