import type { Sql } from '../db/index.ts';

const names = new Map<string, string>();

/**
 * Runs a statement prepared once for each connection. For texts that scope and filters put together: they are few, and planning one takes
 * longer than answering it.
 */
export function queryPrepared<R>(tx: Sql, text: string, params: readonly unknown[]): Promise<R[]> {
  return tx.queryNamed<R>(statementName(text), text, params);
}

/** The name of a statement that was put together: the same text has the same name in this process. */
export function statementName(text: string): string {
  const name = names.get(text) ?? `search-${names.size}`;
  names.set(text, name);
  return name;
}
