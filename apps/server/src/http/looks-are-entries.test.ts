import { describe, expect, it } from 'vitest';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();

describe('looks and changes over HTTP', () => {
  it('each leave the entries that docs/spec/log-entry.md names, in the name of who did them, and nothing more', async () => {
    const dossierId = await web.addDossier({ name: '孙三省' });
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const before = new Map<string, number>();
    const newKinds = async () => {
      const rows = await web.served.db.query<{ kind: string; n: number }>(
        'select kind, count(*)::int as n from entry where actor_id = $1 group by kind order by kind',
        [archivist.accountId],
      );
      const grown = rows.filter(({ kind, n }) => n > (before.get(kind) ?? 0)).map(({ kind }) => kind);
      for (const { kind, n } of rows) before.set(kind, n);
      return grown;
    };
    expect(await newKinds()).toEqual(['session.opened']);
    const newField = { fondsId: web.fondsId, place: 'dossier', code: 'shelf', kind: 'text', name: { zh: '架位', en: 'Shelf' } };
    const calls: [method: 'GET' | 'POST' | 'PUT', path: string, body: unknown, status: number, kinds: string[]][] = [
      ['GET', '/api/v1/dossiers', undefined, 200, ['dossiers.listed']],
      ['POST', '/api/v1/dossiers/query', { name: '孙三省' }, 200, ['dossiers.listed', 'search.made']],
      ['GET', `/api/v1/dossiers/${dossierId}`, undefined, 200, ['dossier.opened']],
      ['GET', `/api/v1/dossiers/${dossierId}/desk`, undefined, 200, ['desk.opened']],
      ['POST', `/api/v1/dossiers/${dossierId}/thumbnails`, undefined, 200, ['thumbnails.viewed']],
      ['POST', '/api/v1/search', { query: '孙三省' }, 200, ['search.made']],
      ['POST', '/api/v1/field-definitions', newField, 201, ['field.defined']],
      ['GET', `/api/v1/dossiers/${web.rootUnitId}`, undefined, 404, ['request.refused']],
      ['GET', '/api/v1/accounts', undefined, 403, ['request.refused']],
      // Exceptions, with their reasons in the specification.
      ['GET', '/api/v1/overview', undefined, 200, []],
      ['GET', '/api/v1/fonds', undefined, 200, []],
      ['GET', '/api/v1/schemes', undefined, 200, []],
      ['GET', '/api/v1/field-definitions', undefined, 200, []],
      ['GET', '/api/v1/session', undefined, 200, []],
      ['GET', '/api/v1/sessions', undefined, 200, []],
      ['GET', '/api/v1/log/entries', undefined, 200, []],
      ['PUT', '/api/v1/session/language', { language: 'en' }, 204, []],
    ];
    const found = [];
    for (const [method, path, body] of calls) {
      const { status, body: answer } = await archivist.call(method, path, body);
      found.push([method, path, status >= 400 && status !== 403 && status !== 404 ? [status, answer] : status, await newKinds()]);
    }
    expect(found).toEqual(calls.map(([method, path, , status, kinds]) => [method, path, status, kinds]));
  });
});
