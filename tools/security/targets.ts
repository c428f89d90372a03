import type { ScannedArchive } from './scanned-archive.ts';

/** One operation with good values for what it takes, so that what a scanner alters is what makes the difference. */
export interface ScanTarget {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Path and query; values that are to be altered end in the mark. */
  readonly address: string;
  /** JSON, with the mark behind the values to be altered; null: no body. */
  readonly body: string | null;
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; schema: { type?: string; $ref?: string } }[];
  requestBody?: unknown;
}

/** What is read of openapi.json. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

/** Values that hold for the archive under scan, by the name of the parameter. */
export type KnownValues = ReadonlyMap<string, string>;

const bodyOf = <T>(text: string): T => JSON.parse(text) as T;
const DEADLINE_MS = 120_000;

async function waitFor<T>(what: string, find: () => Promise<T | null>): Promise<T> {
  for (const untilMs = Date.now() + DEADLINE_MS; Date.now() < untilMs; ) {
    const found = await find();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`the archive under scan has no ${what}`);
}

/** Imports the sample and asks the server for the ids that its routes take. */
export async function findValues({ ask }: ScannedArchive): Promise<KnownValues> {
  const started = bodyOf<{ dossierId: string; importId: string }>((await ask('POST', '/api/v1/imports/sample')).text);
  const { dossierId, importId } = started;
  await waitFor('imported sample', async () => {
    const { state } = bodyOf<{ state: string }>((await ask('GET', `/api/v1/imports/${importId}`)).text);
    return state === 'running' ? null : state;
  });
  const text = async (path: string, method = 'GET') => (await ask(method, path)).text;
  const [page] = bodyOf<{ pages: { id: string }[] }>(await text(`/api/v1/dossiers/${dossierId}/desk`)).pages;
  const [fonds] = bodyOf<{ fonds: { id: string; units: { id: string }[] }[] }>(await text('/api/v1/fonds')).fonds;
  const { viewToken } = bodyOf<{ viewToken: string }>(await text(`/api/v1/pages/${page?.id}/view`, 'POST'));
  const entryId = await waitFor(
    'entry',
    async () => bodyOf<{ items: { id: string }[] }>(await text('/api/v1/log/entries')).items[0]?.id ?? null,
  );
  const [account] = bodyOf<{ items: { id: string }[] }>(await text('/api/v1/accounts')).items;
  const known = {
    dossierId,
    importId,
    pageId: page?.id,
    viewToken,
    entryId,
    actorId: account?.id,
    accountId: account?.id,
    fondsId: fonds?.id,
  };
  const values = new Map(Object.entries({ ...FIXED, ...known, unitId: fonds?.units[0]?.id }));
  for (const [name, value] of values) if (!value) throw new Error(`the archive under scan has no ${name}`);
  return values as KnownValues;
}

/** What does not come of the archive. */
const FIXED: Readonly<Record<string, string>> = {
  code: 'P11',
  schemeId: 'cadre-2018',
  classCode: '1',
  queue: 'read',
  kind: 'page.viewed',
  cursor: 'eyJhIjoxfQ',
  region: 'full',
  size: '200,',
  rotation: '0',
  qualityFormat: 'default.jpg',
  tilePath: '0/000.p/5',
  version: '1',
  from: '1',
  to: '5',
  position: '1',
};

/**
 * Every operation that is asked by GET, takes parameters and whose every place in the address is known. A cursor is tried alone: one that does
 * not hold is refused before the others are looked at. Parameters that take one of a few words are left out: the schema takes nothing else.
 */
export function getTargets(document: OpenApi, known: KnownValues, mark: string): ScanTarget[] {
  const targets: ScanTarget[] = [];
  for (const [path, { get: operation }] of Object.entries(document.paths)) {
    const address = path.replace(/\{\+?(\w+)\}/g, (place, name: string) => (known.has(name) ? `${known.get(name)}${mark}` : place));
    if (!operation || address.includes('{')) continue;
    const names = (operation.parameters ?? []).filter((p) => p.in === 'query' && known.has(p.name)).map((p) => p.name);
    const add = (query: readonly string[]) =>
      targets.push({
        operation: operation.operationId,
        method: 'GET',
        address: query.length ? `${address}?${query.map((name) => `${name}=${known.get(name)}${mark}`).join('&')}` : address,
        body: null,
      });
    const filters = names.filter((name) => name !== 'cursor');
    if (filters.length || address !== path) add(filters);
    if (names.includes('cursor')) add(['cursor']);
  }
  return targets;
}

/** Bodies of a sample of operations: those that look for something by what is written in them, and some that write. */
const BODIES: Readonly<Record<string, (known: KnownValues) => unknown>> = {
  search: (known) => ({ query: '简历', filters: { classCodes: ['1'], fondsId: known.get('fondsId') } }),
  queryDossiers: () => ({ name: '李', tag: '待补', code: 'P11' }),
  findDossierByCode: () => ({ code: 'P1101' }),
  explainAccess: (known) => ({ dossierId: known.get('dossierId'), action: 'page.view' }),
  checkPolicy: () => ({ yaml: 'version: 1' }),
  editDossiers: (known) => ({ dossierIds: [known.get('dossierId')], change: { addTags: ['待补'] } }),
  saveView: () => ({ name: '我的视图', filters: { code: 'P11' } }),
  viewPage: () => null,
};

/** @throws Error when an operation is no more in the document: a sample that shrinks unseen is no sample */
export function postTargets(document: OpenApi, known: KnownValues, mark: string): ScanTarget[] {
  return Object.entries(BODIES).map(([operation, make]) => {
    const found = Object.entries(document.paths).find(([, methods]) => methods.post?.operationId === operation);
    if (!found) throw new Error(`no operation ${operation} is in openapi.json`);
    const body = make(known);
    const address = found[0].replace(/\{(\w+)\}/g, (_, name: string) => `${known.get(name)}${mark}`);
    const marked = JSON.stringify(body, (_, value: unknown) => (typeof value === 'string' ? `${value}${mark}` : value));
    return { operation, method: 'POST', address, body: body === null ? null : marked };
  });
}
