import { describe, expect, it } from 'vitest';
import { operateDossier } from '../catalogue/index.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();

describe('a thumbnail', () => {
  it('has another address once its page was turned, and is kept by the browser only under an address that names the turn', async () => {
    const dossierId = await web.addDossier();
    await web.importPages(dossierId, ['1.png']);
    const archivist = await web.enter('archivist');
    const { body } = await archivist.call('POST', `/api/v1/dossiers/${dossierId}/thumbnails`);
    const desk = () => archivist.call('GET', `/api/v1/dossiers/${dossierId}/desk`).then((answer) => answer.body);
    const { version, pages } = await desk();
    const at = `${body.base}/${pages[0].id}.jpg`;
    const imageAt = async (address: string) => {
      const answer = await web.app.inject({ url: address, headers: { cookie: cookieOf(archivist) } });
      return { status: answer.statusCode, kept: String(answer.headers['cache-control']), bytes: answer.rawPayload };
    };
    const before = await imageAt(`${at}?turned=${pages[0].turned}`);
    expect(before).toMatchObject({ status: 200, kept: expect.stringContaining('immutable') });
    const turned = 90;
    await operateDossier(web.served, await web.desk(), dossierId, {
      baseVersion: version,
      operations: [{ type: 'turnPage', pageId: pages[0].id, turned }],
    });
    expect((await desk()).pages[0].turned).toBe(turned);
    const after = await imageAt(`${at}?turned=${turned}`);
    expect(after.bytes.equals(before.bytes)).toBe(false);
    const bare = await imageAt(at);
    expect(bare).toMatchObject({ status: 200, kept: 'no-store' });
    expect(bare.bytes.equals(after.bytes)).toBe(true);
    expect((await imageAt(`${at}?turned=45`)).status).toBe(400);
  });
});

const cookieOf = (visitor: { cookies: Map<string, string> }) => [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
