/** What this browser keeps of a log between visits: the keys it first met, and the last checkpoint it believed. */
export interface LogMemory {
  readonly verifierKeys: readonly string[];
  /** The signed note of the last checkpoint; null before the first. */
  readonly note: string | null;
  readonly seenAtMs: number;
}

/** Where a memory is kept. The browser's storage in the page, a map in tests. */
export interface MemoryShelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const keyOf = (archiveId: string) => `lantai.log.${archiveId}`;

/** What is remembered of an archive's log; null at the first visit or when what was kept cannot be read. */
export function recallLog(shelf: MemoryShelf, archiveId: string): LogMemory | null {
  const text = shelf.getItem(keyOf(archiveId));
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<LogMemory>;
    if (!Array.isArray(value.verifierKeys) || !value.verifierKeys.every((k) => typeof k === 'string')) return null;
    return {
      verifierKeys: value.verifierKeys,
      note: typeof value.note === 'string' ? value.note : null,
      seenAtMs: typeof value.seenAtMs === 'number' ? value.seenAtMs : 0,
    };
  } catch {
    // Not what we wrote: as if this browser had never been here. The first-visit rule applies.
    return null;
  }
}

export function rememberLog(shelf: MemoryShelf, archiveId: string, memory: LogMemory): void {
  shelf.setItem(keyOf(archiveId), JSON.stringify(memory));
}
