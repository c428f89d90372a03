/** A file on its way to the server. */
export interface UploadItem {
  readonly id: number;
  /** Name, or path inside a dropped folder. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed';
  /** Code of the failure. */
  readonly code: string | null;
  /** Given when the last byte is durable on the server. */
  readonly uploadId: string | null;
}

/** Sends one file; resumes where an earlier try stopped. Rejects with an error that has a `code`. */
export interface Transport {
  send(file: File, progress: (sentBytes: number) => void, signal: AbortSignal): Promise<string>;
}

export interface QueueView {
  readonly items: readonly UploadItem[];
  readonly isPaused: boolean;
}

interface Held {
  item: UploadItem;
  readonly file: File;
  abort: AbortController | null;
}

const SENDING_AT_ONCE = 3;

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : 'upload/failed';
};

/** Sends files a few at a time, outside of any screen, so that walking to another screen stops nothing. */
export class UploadQueue {
  private readonly held: Held[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly transport: Transport;
  private isPaused = false;
  private nextId = 1;
  private shown: QueueView = { items: [], isPaused: false };

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  readonly view = (): QueueView => this.shown;

  add(files: readonly { file: File; path: string }[]): void {
    const known = new Set(this.held.map(({ item }) => `${item.path} ${item.sizeBytes}`));
    for (const { file, path } of files) {
      // The same file dropped twice is one file.
      if (known.has(`${path} ${file.size}`)) continue;
      known.add(`${path} ${file.size}`);
      this.held.push({
        file,
        abort: null,
        item: { id: this.nextId++, path, sizeBytes: file.size, sentBytes: 0, state: 'waiting', code: null, uploadId: null },
      });
    }
    this.run();
  }

  pause(): void {
    this.isPaused = true;
    for (const held of this.held) held.abort?.abort();
    this.publish();
  }

  resume(): void {
    this.isPaused = false;
    this.run();
  }

  /** Tries all failed ones again. */
  retry(): void {
    for (const held of this.held) if (held.item.state === 'failed') this.set(held, { state: 'waiting', code: null });
    this.run();
  }

  remove(id: number): void {
    const at = this.held.findIndex(({ item }) => item.id === id);
    if (at < 0) return;
    this.held[at]!.abort?.abort();
    this.held.splice(at, 1);
    this.run();
  }

  clear(): void {
    for (const held of this.held) held.abort?.abort();
    this.held.length = 0;
    this.isPaused = false;
    this.publish();
  }

  private run(): void {
    const sending = () => this.held.filter(({ item }) => item.state === 'sending').length;
    for (const held of this.held) {
      if (this.isPaused || sending() >= SENDING_AT_ONCE) break;
      if (held.item.state === 'waiting') void this.send(held);
    }
    this.publish();
  }

  private async send(held: Held): Promise<void> {
    const abort = new AbortController();
    held.abort = abort;
    this.set(held, { state: 'sending' });
    try {
      const uploadId = await this.transport.send(held.file, (sentBytes) => this.set(held, { sentBytes }, true), abort.signal);
      this.set(held, { state: 'sent', sentBytes: held.item.sizeBytes, uploadId });
    } catch (error) {
      this.set(held, abort.signal.aborted ? { state: 'waiting' } : { state: 'failed', code: codeOf(error) });
    }
    held.abort = null;
    this.run();
  }

  private set(held: Held, change: Partial<UploadItem>, tell = false): void {
    held.item = { ...held.item, ...change };
    if (tell) this.publish();
  }

  private publish(): void {
    this.shown = { items: this.held.map(({ item }) => item), isPaused: this.isPaused };
    for (const listener of this.listeners) listener();
  }
}

/** Sums of a queue. */
export interface UploadTotals {
  readonly files: number;
  readonly sent: number;
  readonly failed: number;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly isDone: boolean;
}

export function totalsOf(items: readonly UploadItem[]): UploadTotals {
  const sent = items.filter((item) => item.state === 'sent').length;
  return {
    files: items.length,
    sent,
    failed: items.filter((item) => item.state === 'failed').length,
    sizeBytes: items.reduce((sum, item) => sum + item.sizeBytes, 0),
    sentBytes: items.reduce((sum, item) => sum + item.sentBytes, 0),
    isDone: items.length > 0 && sent === items.length,
  };
}
