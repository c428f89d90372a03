import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLantaiClient, findProblem } from './client/index.ts';
import { type Endpoint, endpoints, finishOpenApi, routePath, routeSchema } from './index.ts';

const all = Object.entries(endpoints) as [string, Endpoint][];
const messages = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`./messages/${language}.json`, import.meta.url), 'utf8')) as Record<string, string>;

describe('the endpoint table', () => {
  it('names each method and path once', () => {
    const places = all.map(([, e]) => `${e.method} ${e.path}`);
    expect(new Set(places).size).toBe(places.length);
  });
  it('describes every parameter of every path, and no other', () => {
    for (const [id, e] of all) {
      const inPath = [...routePath(e).matchAll(/:(\w+)|(\*)/g)].map((m) => m[1] ?? m[2]);
      expect({ id, params: Object.keys(e.params?.shape ?? {}).sort() }).toEqual({ id, params: inPath.sort() });
    }
  });
  it('keeps names, numbers and free text out of addresses', () => {
    const personal = /name|title|text|^query$|number|phone|address|password|remarks|tag/i;
    for (const [id, e] of all)
      for (const key of [...Object.keys(e.query?.shape ?? {}), ...Object.keys(e.params?.shape ?? {})])
        expect({ id, key, personal: personal.test(key) }).toEqual({ id, key, personal: false });
  });
  it('says every operation in Chinese and in English', () => {
    for (const [, e] of all) {
      expect(e.summary.zh).toMatch(/\p{Script=Han}/u);
      expect(e.summary.en).not.toMatch(/\p{Script=Han}/u);
    }
  });
  it('answers a problem for a missing session wherever a session is needed, and never where it is not', () => {
    for (const [id, e] of all) expect(401 in (routeSchema(id, e).response as object)).toBe(e.right !== 'open');
  });
  it('has the same message codes in both languages, with the same parameters', () => {
    const [zh, en] = [messages('zh'), messages('en')];
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    // What has a name in both languages is told by the one of the message.
    const holes = (text: string) =>
      [...text.matchAll(/\{(\w+)/g)].map(([, hole]) => (hole === 'zh' || hole === 'en' ? 'name' : hole)).sort();
    for (const code of Object.keys(zh))
      expect({ code, holes: [...new Set(holes(zh[code]!))] }).toEqual({ code, holes: [...new Set(holes(en[code]!))] });
  });
});

describe('finishing the OpenAPI document', () => {
  const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const document = () => ({
    paths: {
      '/log/tile/{*}': { get: { parameters: [{ in: 'path', name: '*' }] } },
      '/api/v1/uploads': { post: { responses: {} } },
      '/a': { post: { body: schema('SentInput'), answer: schema('Both'), again: schema('BothInput') } },
    },
    components: {
      schemas: { Sent: {}, SentInput: { inner: schema('InnerInput') }, InnerInput: {}, Inner: {}, Both: {}, BothInput: {}, Unused: {} },
    },
  });
  it('names the wildcard, describes streams and keeps one name for each schema in use', () => {
    const done = finishOpenApi(document()) as unknown as Record<string, Record<string, Record<string, unknown>>>;
    expect(done.paths!['/log/tile/{tilePath}']).toEqual({ get: { parameters: [{ in: 'path', name: 'tilePath' }] } });
    expect(JSON.stringify(done.paths!['/api/v1/uploads'])).toContain('application/offset+octet-stream');
    expect(Object.keys(done.components!.schemas!).sort()).toEqual(['Both', 'BothInput', 'Inner', 'Sent']);
    expect(done.paths!['/a']).toEqual({ post: { body: schema('Sent'), answer: schema('Both'), again: schema('BothInput') } });
    expect(done.components!.schemas!.Sent).toEqual({ inner: schema('Inner') });
  });
});

describe('the client', () => {
  it('asks in the language of the moment, repeats a list as one name each time, and knows a problem', async () => {
    const asked: Request[] = [];
    const answer = { type: 'urn:lantai:problem:dossier/not-found', title: 'x', status: 404, code: 'dossier/not-found' };
    const client = createLantaiClient({
      baseUrl: 'http://lantai.example',
      language: () => 'en',
      fetch: (request) => {
        asked.push(request);
        return Promise.resolve(
          new Response(JSON.stringify(answer), { status: 404, headers: { 'content-type': 'application/problem+json' } }),
        );
      },
    });
    const { error } = await client.GET('/api/v1/dossiers', { params: { query: { state: ['open', 'filed'] } } });
    expect(asked[0]!.headers.get('accept-language')).toBe('en');
    expect(new URL(asked[0]!.url).search).toBe('?state=open&state=filed');
    expect(findProblem(error)?.code).toBe('dossier/not-found');
    expect(findProblem('<html>')).toBeNull();
    expect(findProblem({ code: 5 })).toBeNull();
  });
});
