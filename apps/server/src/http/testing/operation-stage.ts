import type { Visitor, WebFixture } from './web-fixture.ts';

/** One request that does its operation well. */
export interface PreparedCall {
  readonly as: Visitor;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** How an operation is called; the calls are made in their order, each may rest on those before. */
export interface OperationCall {
  readonly operation: string;
  call(web: WebFixture): Promise<PreparedCall>;
}

type Entered = Visitor & { accountId: string; name: string };

/** What the calls are about. */
export interface Stage {
  owner: Entered;
  clerk: Entered;
  reader: Entered;
  passing: Entered;
  other: Entered;
  /** Whom an employment file is about, and that file. */
  person: Entered;
  fileId: string;
  /** Who approves what the owner granted. */
  second: Entered;
  dossierId: string;
  pageIds: string[];
  units: string[];
}

const stages = new WeakMap<object, Stage>();
const stageOf = (web: WebFixture): Stage => {
  const stage = stages.get(web);
  if (!stage) throw new Error('prepareCalls comes first');
  return stage;
};

/** Lays out a dossier, units and accounts for the calls. */
export async function prepareCalls(web: WebFixture): Promise<void> {
  const dossierId = await web.addDossier({ name: '公孙度' });
  await web.importPages(dossierId, ['1.png', '2.png', '3.png']);
  const pages = await web.archive.db
    .system('test')
    .query<{ id: string }>('select id from page where dossier_id = $1 order by arrival', [dossierId]);
  await web.archive.db
    .system('test')
    .query(`update page set read_state = 'needs_person', read_reason = 'reading/failed' where id = $1`, [pages[2]!.id]);
  const units: string[] = [];
  for (const code of ['U1', 'U2', 'U3', 'U4', 'U5', 'U6']) units.push(await web.addUnit(code));
  const fileId = await web.addDossier({ name: '阚泽', scheme: 'employee-lifecycle' });
  const [owner, person] = [await web.enter('trial_owner'), await web.enter('person')];
  const tied = await owner.call('PUT', `/api/v1/accounts/${person.accountId}/subjects/${fileId}`);
  if (tied.status >= 300) throw new Error(`the person is not tied to the file: ${JSON.stringify(tied.body)}`);
  stages.set(web, {
    owner,
    person,
    fileId,
    second: await web.enter('archivist', { fondsId: web.fondsId }),
    clerk: await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: units[0]! }),
    reader: await web.enter('reader'),
    passing: await web.enter('archivist', { fondsId: web.fondsId }),
    other: await web.enter('archivist', { fondsId: web.fondsId }),
    dossierId,
    pageIds: pages.map((p) => p.id),
    units,
  });
}

/** Makes a request out of the stage. */
export type Make = (stage: Stage, web: WebFixture) => PreparedCall | Promise<PreparedCall>;

export const call = (operation: string, make: Make): OperationCall => ({ operation, call: async (web) => make(stageOf(web), web) });
/** A call of the trial's owner, who may do almost everything. */
export const owner = (
  operation: string,
  method: PreparedCall['method'],
  path: (s: Stage, w: WebFixture) => string,
  body?: (s: Stage, w: WebFixture) => unknown,
) => call(operation, (s, w) => ({ as: s.owner, method, path: `/api/v1${path(s, w)}`, ...(body ? { body: body(s, w) } : {}) }));

/** The one value that a statement finds. */
export async function one(web: WebFixture, text: string, ...params: unknown[]): Promise<string> {
  const [row] = await web.archive.db.system('test').query<{ value: string }>(text, params);
  if (!row) throw new Error(`a call rests on what is not there: ${text}`);
  return String(row.value);
}

export const versionOf = async (web: WebFixture, dossierId: string) =>
  Number(await one(web, 'select version as value from dossier where id = $1', dossierId));
