import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Endpoint, isForTokens } from './endpoint.ts';
import { endpoints } from './index.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/spec/sign-in.md'), 'utf8');
const section = page.slice(page.indexOf('## What asks again')).split('Hand out bytes and do not ask');
const namesIn = (text: string | undefined, column: number) =>
  (text ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...(line.split('|')[column] ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1] as string));
const asking = namesIn(section[0], 2);
const sparing = namesIn(section[1], 1);
const all: readonly (readonly [string, Endpoint])[] = Object.entries(endpoints);
/** A file, or what one is made of; another form of JSON is an answer like any other. */
const handsOutBytes = ({ answers }: Endpoint) =>
  Object.values(answers).some((answer) => 'media' in answer && answer.media.some((type) => !type.endsWith('json')));

describe('what asks for the password again', () => {
  it('is what docs/spec/sign-in.md lists, no more and no less', () => {
    const fresh = all.filter(([, endpoint]) => endpoint.needsFreshAuth).map(([id]) => id);
    expect([...asking].sort()).toEqual([...fresh].sort());
    expect(new Set(asking).size).toBe(asking.length);
  });
  it('or is spared it for a reason, whenever bytes are handed out', () => {
    const unsaid = all.filter(([id, endpoint]) => handsOutBytes(endpoint) && !asking.includes(id) && !sparing.includes(id));
    expect(unsaid.map(([id]) => id)).toEqual([]);
    expect(sparing.filter((id) => asking.includes(id) || !all.some(([known]) => known === id))).toEqual([]);
  });
  it('is closed to API tokens, which can show none', () => {
    for (const [id, endpoint] of all) if (endpoint.needsFreshAuth) expect([id, isForTokens(endpoint)]).toEqual([id, false]);
  });
});
