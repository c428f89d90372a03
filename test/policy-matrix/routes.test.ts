import { type Endpoint, endpoints } from '@lantai/contract';
import { ROLES } from '@lantai/policy';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, useWeb, type Visitor } from '../../apps/server/src/http/testing/web-fixture.ts';
import { refileDossiers } from '../../apps/server/src/search/index.ts';
import { REQUEST } from '../../apps/server/src/testing/approved-consultation.ts';
import { readMatrix, type Sign } from './matrix.ts';

const web = useWeb();
const matrix = readMatrix();
/** Columns of the matrix that are laid out as rows here; the others are held by the policy's own test. */
const COLUMNS = [
  'own',
  'below',
  'foreign',
  'other',
  'above',
  'secret',
  'relative',
  'self',
  'self-hr',
  'sealed',
  'non-compete',
  'self-non-compete',
  'named',
  'alone',
  'past',
  'restricted',
] as const;
type Column = (typeof COLUMNS)[number];

interface Placed {
  readonly dossierId: string;
  readonly pageId: string;
  readonly name: string;
  /** A name of restricted data is not searched; its line in the list is asked for without one. */
  readonly isUnsearched: boolean;
}

/** How one route is asked about one dossier, and what its answer says of it. */
interface Question {
  readonly ask: (visitor: Visitor, thing: Placed) => Promise<Answer>;
  /** Of an answer 200: whether the dossier is in it. Without it any success is. */
  readonly holds?: (answer: Answer, thing: Placed) => boolean;
}

const within = (pick: (item: Record<string, string>) => string | undefined) => (answer: Answer, thing: Placed) =>
  (answer.body.items ?? answer.body.hits).some((item: Record<string, string>) => pick(item) === thing.dossierId);

const QUESTIONS: Readonly<Record<string, Question>> = {
  listDossiers: { ask: (v) => v.call('GET', '/api/v1/dossiers?limit=200'), holds: within((i) => i.id) },
  queryDossiers: {
    ask: (v, t) => v.call('POST', '/api/v1/dossiers/query', t.isUnsearched ? { limit: 200 } : { name: t.name }),
    holds: within((i) => i.id),
  },
  search: { ask: (v, t) => v.call('POST', '/api/v1/search', { query: t.name }), holds: within((i) => i.dossierId) },
  getDossier: { ask: (v, t) => v.call('GET', `/api/v1/dossiers/${t.dossierId}`) },
  scoreDossier: { ask: (v, t) => v.call('GET', `/api/v1/dossiers/${t.dossierId}/quality`) },
  getDesk: { ask: (v, t) => v.call('GET', `/api/v1/dossiers/${t.dossierId}/desk`) },
  viewPage: { ask: (v, t) => v.call('POST', `/api/v1/pages/${t.pageId}/view`) },
  openThumbnails: { ask: (v, t) => v.call('POST', `/api/v1/dossiers/${t.dossierId}/thumbnails`) },
  downloadOriginal: { ask: (v, t) => v.call('POST', `/api/v1/pages/${t.pageId}/original`) },
  revealSensitive: { ask: (v, t) => v.call('POST', `/api/v1/dossiers/${t.dossierId}/reveals`, { kinds: ['phone'], reason: '核对' }) },
  copyPage: { ask: (v, t) => v.call('POST', `/api/v1/pages/${t.pageId}/copies`, { reason: '核对' }) },
  copyDossier: { ask: (v, t) => v.call('POST', `/api/v1/dossiers/${t.dossierId}/copies`, { reason: '核对' }) },
  editDossiers: {
    ask: (v, t) => v.call('POST', '/api/v1/dossiers/bulk-edits', { dossierIds: [t.dossierId], change: { state: 'open' } }),
    holds: (a) => a.body.changed === 1,
  },
};

function signOf(answer: Answer, question: Question, thing: Placed): Sign {
  if (answer.status === 403 && answer.body.code === 'desk/not-allowed') return 'refused';
  if (answer.status === 404) return 'not-found';
  expect({ status: answer.status, problem: answer.status < 300 ? null : answer.body }).toMatchObject({ problem: null });
  return !question.holds || question.holds(answer, thing) ? 'allowed' : 'not-found';
}

/** Names whose character pairs occur in no other of them. */
const NAMES = [...'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东西南北中春夏'].map((c, i, all) => `${c}${all[(i + 13) % all.length]}${c}`);

describe('the matrix at the doors of the server', () => {
  const visitors = new Map<string, Visitor & { accountId: string }>();
  const things = new Map<Column, Placed>();

  beforeAll(async () => {
    const { db } = web.served;
    const [office, neighbour] = [await web.addUnit('OFFICE'), await web.addUnit('NEIGHBOUR')];
    const section = await web.addUnit('SECTION');
    await db.query('update unit set parent_id = $2 where id = $1', [section, office]);
    const owner = await web.enter('trial_owner', { levelMax: 2 });
    const founded = await web.enter('system_admin');
    const other = await founded.call('POST', '/api/v1/fonds', { code: 'Z998', name: '他全宗', parentId: null });
    expect(other.status).toBe(201);
    const place: Record<Column, [unit: string, category: string, level: number]> = {
      own: [office, 'cadre', 1],
      below: [section, 'cadre', 1],
      foreign: [neighbour, 'cadre', 1],
      other: [other.body.unitId, 'cadre', 1],
      above: [office, 'cadre', 3],
      secret: [office, 'cadre', 2],
      relative: [office, 'cadre', 1],
      self: [office, 'cadre', 1],
      'self-hr': [office, 'employee', 1],
      sealed: [office, 'discipline', 1],
      'non-compete': [office, 'non_compete', 1],
      'self-non-compete': [office, 'non_compete', 1],
      named: [other.body.unitId, 'cadre', 1],
      alone: [other.body.unitId, 'cadre', 1],
      past: [other.body.unitId, 'cadre', 1],
      restricted: [office, 'cadre', 1],
    };
    for (const [n, column] of COLUMNS.entries()) things.set(column, await placeDossier(owner, column, place[column], NAMES[n]!));
    for (const role of ROLES) {
      const reach =
        role === 'unit_clerk' ? { fondsId: web.fondsId, unitId: office } : role === 'trial_owner' ? {} : { fondsId: web.fondsId };
      visitors.set(role, await web.enter(role, { ...reach, levelMax: 2 }));
    }
    await tieAll([...visitors.values()].map((v) => v.accountId));
    await nameAll(owner);
    await restrict(things.get('restricted')!.dossierId);
  });

  /** A dossier with one page, laid where the column says. */
  async function placeDossier(
    owner: Visitor,
    column: Column,
    [unitId, category, level]: [string, string, number],
    name: string,
  ): Promise<Placed> {
    const made = await owner.call('POST', '/api/v1/dossiers', {
      code: `M${column}`.replace(/[^A-Za-z]/g, ''),
      schemeId: 'cadre-2018',
      unitId,
      subject: { kind: 'person', name },
    });
    expect({ column, status: made.status, body: made.status === 201 ? null : made.body }).toMatchObject({ body: null });
    const dossierId = made.body.id as string;
    await web.importPages(dossierId, [`${column}.png`]);
    const edited = await owner.call('POST', '/api/v1/dossiers/bulk-edits', {
      dossierIds: [dossierId],
      change: { category, level: Math.min(level, 2) },
    });
    expect(edited.body.changed).toBe(1);
    // Above the clearance of every account here: nobody but the rows themselves can be asked to lie there.
    if (level > 2)
      await web.archive.db.system('test').tx(async (tx) => {
        await tx.query('update dossier set level = $2 where id = $1', [dossierId, level]);
        await tx.query('update page set level = $2 where dossier_id = $1', [dossierId, level]);
        await refileDossiers(tx, web.archive, [dossierId]);
      });
    const page = await web.archive.db.system('test').one<{ id: string }>('select id from page where dossier_id = $1', [dossierId]);
    return { dossierId, pageId: page!.id, name, isUnsearched: column === 'restricted' };
  }

  async function restrict(dossierId: string): Promise<void> {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const asked = await archivist.call('POST', '/api/v1/subject-requests', { dossierId, kind: 'restrict', text: '来窗口申请' });
    expect(asked.status).toBe(201);
    const decided = await archivist.call('POST', `/api/v1/subject-requests/${asked.body.id}/decision`, {
      decision: 'granted',
      reason: '核实期间',
    });
    expect(decided.status).toBe(204);
  }

  /** Every account is the same person, with the same relative. */
  async function tieAll(accountIds: readonly string[]): Promise<void> {
    const security = await web.enter('security_admin');
    const [first] = accountIds;
    for (const accountId of accountIds) {
      // One person in every role: no archive ties an administrator to a subject that another account is tied to. Only the rows can be asked for that.
      if (accountId !== first)
        await web.database.ownerDb.query(
          'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) select $1, subject_id, created_at_ms, entry_id from subject_tie where account_id = $2',
          [accountId, first],
        );
      for (const column of accountId === first ? (['self', 'self-hr', 'self-non-compete'] as const) : []) {
        const tied = await security.call('PUT', `/api/v1/accounts/${accountId}/subjects/${things.get(column)!.dossierId}`);
        expect(tied.status).toBe(204);
      }
      const kin = await security.call('POST', '/api/v1/kinships', {
        accountId,
        dossierId: things.get('relative')!.dossierId,
        relation: 'parent',
      });
      expect(kin.status).toBe(201);
    }
  }

  async function nameAll(owner: Visitor): Promise<void> {
    const reader = visitors.get('reader')!;
    const second = await web.enter('reader');
    const approver = await web.enter('trial_owner');
    const nowMs = Date.now();
    for (const column of ['named', 'alone', 'past'] as const) {
      const made = await owner.call('POST', '/api/v1/consultations', {
        target: { kind: 'dossier', id: things.get(column)!.dossierId },
        readers: [reader, second].map((r) => ({ accountId: r.accountId, partyMember: true })),
        rights: ['view', 'print', 'copy', 'export'],
        purposes: ['archive_work'],
        fromMs: nowMs - 60_000,
        untilMs: nowMs + 60 * 60_000,
        request: REQUEST,
      });
      expect({ column, status: made.status }).toEqual({ column, status: 201 });
      const approved = await approver.call('POST', `/api/v1/consultations/${made.body.id}/approval`, { opinion: '同意' });
      expect({ column, status: approved.status }).toEqual({ column, status: 204 });
      for (const r of column === 'alone' ? [reader] : [reader, second])
        expect((await r.call('POST', `/api/v1/consultations/${made.body.id}/presence`, { notRelated: true })).status).toBe(200);
      if (column === 'past')
        await web.archive.db
          .system('test')
          .query('update consultation set until_ms = $2::bigint, from_ms = $2::bigint - 1 where id = $1', [made.body.id, nowMs]);
    }
  }

  for (const [route, question] of Object.entries(QUESTIONS))
    it(`answers ${route} as the matrix says, for every role and dossier`, async () => {
      const [action] = route === 'editDossiers' ? (['dossier.change'] as const) : (matrix.actionsOfRoute.get(route) ?? []);
      const endpoint: Endpoint | undefined = endpoints[route as keyof typeof endpoints];
      const asksAgain = endpoint?.needsFreshAuth === true;
      const found: unknown[] = [];
      const expected: unknown[] = [];
      for (const role of ROLES)
        for (const column of COLUMNS) {
          const thing = things.get(column)!;
          // However slow the machine is: nobody is asked for the password again.
          if (asksAgain) await web.database.ownerDb.query('update session set fresh_at_ms = $1', [web.served.clock.nowMs()]);
          const answer = await question.ask(visitors.get(role)!, thing);
          found.push({ role, column, sign: signOf(answer, question, thing) });
          const cell = matrix.cases.find((c) => c.action === action && c.role === role && c.thing === column);
          expected.push({ role, column, sign: cell?.expected });
        }
      expect(found).toEqual(expected);
    });
});
