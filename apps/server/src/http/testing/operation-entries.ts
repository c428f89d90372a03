import { readFileSync } from 'node:fs';

/** What docs/spec/log-entry.md says that an operation leaves in the log. */
export interface OperationEntries {
  readonly operation: string;
  /** Kinds, the one that is always there first; empty: it leaves none, for the reason given there. */
  readonly kinds: readonly string[];
  /** Whether its first entry holds digests before and after. */
  readonly withStates: boolean;
}

const PAGE = new URL('../../../../../docs/spec/log-entry.md', import.meta.url);
const HEAD = '| operation | entries | states |';
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);

/** Reads the table of section 8. Anything that is not in its form is an error: a row that is not read would be a row that is not tested. */
export function readOperationEntries(text: string = readFileSync(PAGE, 'utf8')): OperationEntries[] {
  const lines = text.split('\n');
  const from = lines.indexOf(HEAD);
  if (from < 0) throw new Error(`docs/spec/log-entry.md has no table that begins with ${HEAD}`);
  const rows: OperationEntries[] = [];
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith('|')) break;
    const [operations = '', entries = '', states = '', ...more] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    const kinds = quoted(entries);
    const isNone = entries === 'none';
    if (more.length || !quoted(operations).length || isNone === kinds.length > 0 || states === '')
      throw new Error(
        `docs/spec/log-entry.md, section 8: this row is not | \`operation\` | \`kind\` or none | with states, – or a reason |:\n${line}`,
      );
    if (!isNone && states !== 'with states' && states !== '–')
      throw new Error(`docs/spec/log-entry.md, section 8: the last cell of an operation with entries is "with states" or "–":\n${line}`);
    for (const operation of quoted(operations)) rows.push({ operation, kinds, withStates: states === 'with states' });
  }
  return rows;
}
