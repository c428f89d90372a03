import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SYSTEM_TASKS } from './system-tasks.ts';
import { useTestDatabase } from './test-database.ts';

const SOURCES = new URL('../', import.meta.url).pathname;

/** What stands between the parenthesis at `at` and the one that closes it. */
function insideOf(text: string, at: number): string {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return text.slice(at, i);
  }
  return text.slice(at);
}

/** Statements, transactions and sessions of an ordinary connection that no reach was given to. */
const UNSCOPED = /\bdb\s*\.(?:query|queryNamed|one|execute|tx|session)\b(?:<[^(]*>)?\(/g;

function* sources(): Generator<{ path: string; text: string }> {
  for (const path of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.ts') && !/\.test\.ts$|(^|\/)testing\/|^db\//.test(path))
      yield { path, text: readFileSync(`${SOURCES}${path}`, 'utf8') };
}

describe('the sources', () => {
  const database = useTestDatabase();

  it('name no guarded table where no reach is set and the system was not asked: such a statement finds nothing, and may take it for absence', async () => {
    const rows = await database.ownerDb.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity`,
    );
    const names = new RegExp(`\\b(?:from|join|into|update)\\s+(?:${rows.map((r) => r.name).join('|')})\\b`);
    const found: string[] = [];
    let looked = 0;
    for (const { path, text } of sources())
      for (const match of text.matchAll(UNSCOPED)) {
        looked++;
        const statement = insideOf(text, match.index + match[0].length - 1);
        if (names.test(statement)) found.push(`${path}: ${names.exec(statement)![0]}`);
      }
    expect(found).toEqual([]);
    expect(looked).toBeGreaterThan(50);
    expect(names.test('select 1 from page where id = $1')).toBe(true);
  });

  it('ask the system for every task that is listed, and for no other purpose than it', () => {
    const asked = new Set<string>();
    for (const { text } of sources()) for (const [, task] of text.matchAll(/\.system\('([a-z-]+)'\)/g)) asked.add(task!);
    const { test: _test, ...tasks } = SYSTEM_TASKS;
    expect([...asked].sort()).toEqual(Object.keys(tasks).sort());
  });
});
