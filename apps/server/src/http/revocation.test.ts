import { DEFAULT_POLICY } from '@lantai/policy/document';
import { beforeAll, describe, expect, it } from 'vitest';
import { editDossiers } from '../catalogue/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import {
  activatePolicy,
  attendConsultation,
  declareKinship,
  draftPolicy,
  endConsultation,
  endPost,
  givePost,
} from '../organisation/index.ts';
import { nameToReaders } from '../testing/approved-consultation.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const HOUR_MS = 60 * 60_000;

let security: Awaited<ReturnType<typeof web.enter>>;
let unitId: string;
beforeAll(async () => {
  security = await web.enter('security_admin');
  unitId = await web.addUnit('U1');
});

const actorOf = (accountId: string, role: Actor['role'], unit: string | null = null): Actor => ({
  accountId,
  role,
  fondsId: web.fondsId,
  unitId: unit,
  levelMax: 3,
});
const deskOf = (actor: Actor) => openDesk(web.served, actor, 'archive_work');
const keeper = () => deskOf({ ...actorOf(security.accountId, 'security_admin'), fondsId: null });

/** A dossier with a page, under a name that nobody else has. */
async function addThing(name: string, level = 1): Promise<Thing> {
  const dossierId = await web.addDossier({ unitId, name });
  await web.importPages(dossierId, ['1.png']);
  const [page] = await web.database.systemDb.query<{ id: string }>('select id from page where dossier_id = $1', [dossierId]);
  if (level > 1) await editDossiers(web.served, await web.desk(), [dossierId], { level });
  return { dossierId, pageId: page!.id, name };
}
interface Thing {
  readonly dossierId: string;
  readonly pageId: string;
  readonly name: string;
}

/** What each door says of the thing: whether a list holds it, whether a search does and counts it, and the status of every other. */
async function doors(visitor: Visitor, { dossierId, pageId, name }: Thing, tile: string | null) {
  const list = await visitor.call('GET', '/api/v1/dossiers');
  const found = await visitor.call('POST', '/api/v1/search', { query: name });
  const has = (items: { id?: string; dossierId?: string }[] | undefined) => (items ?? []).some((i) => (i.id ?? i.dossierId) === dossierId);
  const view = await visitor.call('POST', `/api/v1/pages/${pageId}/view`, {});
  const statuses = {
    dossier: (await visitor.call('GET', `/api/v1/dossiers/${dossierId}`)).status,
    desk: (await visitor.call('GET', `/api/v1/dossiers/${dossierId}/desk`)).status,
    thumbnails: (await visitor.call('POST', `/api/v1/dossiers/${dossierId}/thumbnails`, {})).status,
    view: view.status,
    tile: tile === null ? 200 : (await visitor.call('GET', tile)).status,
  };
  return {
    seen: { listed: has(list.body.items), found: has(found.body.hits), counted: found.body.count?.value ?? 0, ...statuses },
    tile: `${view.body.iiif}/full/max/0/default.jpg`,
  };
}

const OPEN = { listed: true, found: true, counted: 1, dossier: 200, desk: 200, thumbnails: 200, view: 200, tile: 200 };
/** Not found rather than refused: the answer does not tell that the thing exists. */
const NOT_FOUND = { listed: false, found: false, counted: 0, dossier: 404, desk: 404, thumbnails: 404, view: 404, tile: 404 };
const NOT_SIGNED_IN = { listed: false, found: false, counted: 0, dossier: 401, desk: 401, thumbnails: 401, view: 401, tile: 401 };
/** The role may do none of it at all, whatever the thing; the leave of a look is gone with it. */
const NOT_ALLOWED = { listed: false, found: false, counted: 0, dossier: 403, desk: 403, thumbnails: 403, view: 403, tile: 404 };

/** All doors open; then the revocation; then, with the next request and the leave of a look from before, what `after` says. */
async function expectRevoked(visitor: Visitor, thing: Thing, revoke: () => Promise<unknown>, after: typeof OPEN): Promise<void> {
  const before = await doors(visitor, thing, null);
  expect(before.seen).toEqual(OPEN);
  expect((await doors(visitor, thing, before.tile)).seen).toEqual(OPEN);
  await revoke();
  expect((await doors(visitor, thing, before.tile)).seen).toEqual(after);
}

const patch = async (accountId: string, change: object) => {
  const line = (await security.call('GET', '/api/v1/accounts')).body.items.find((a: { id: string }) => a.id === accountId);
  const answer = await security.call('PATCH', `/api/v1/accounts/${accountId}`, { baseVersion: line.version, ...change });
  expect(answer.body.code ?? answer.status).toBe(200);
};

describe('what is revoked is closed with the next request, at every door', () => {
  it('an account that is disabled', async () => {
    const thing = await addThing('欧阳静姝');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId });
    await expectRevoked(clerk, thing, () => patch(clerk.accountId, { disabled: true }), NOT_SIGNED_IN);
    expect((await clerk.signIn(clerk.name)).status).toBe(401);
  });

  it('a level that is lowered: the session ends, and the next one finds nothing above it', async () => {
    const [secret, plain] = [await addThing('司徒明远', 2), await addThing('司徒明达')];
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId, levelMax: 2 });
    await expectRevoked(clerk, secret, () => patch(clerk.accountId, { levelMax: 1 }), NOT_SIGNED_IN);
    await clerk.signIn(clerk.name);
    expect((await doors(clerk, secret, null)).seen).toEqual({ ...NOT_FOUND, tile: 200 });
    expect((await doors(clerk, plain, null)).seen).toEqual(OPEN);
  });

  it('a further post that ends', async () => {
    const thing = await addThing('上官若兰');
    const elsewhere = await web.addUnit('U-POST');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: elsewhere });
    const post = { role: 'unit_clerk', fondsId: web.fondsId, unitId, levelMax: 3, audiences: [] } as const;
    const given = await givePost(web.served, await keeper(), clerk.accountId, post);
    await expectRevoked(clerk, thing, async () => endPost(await keeper(), clerk.accountId, given.id), NOT_FOUND);
  });

  it('a consultation that ends', async () => {
    const thing = await addThing('诸葛承志');
    const readers = [await web.enter('reader'), await web.enter('reader')];
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const nowMs = web.served.clock.nowMs();
    const approver = await web.enter('archivist', { fondsId: web.fondsId });
    const [asker, other] = [archivist, approver].map((a) => actorOf(a.accountId, 'archivist'));
    const id = await nameToReaders(
      { asker: await deskOf(asker!), approver: await deskOf(other!) },
      {
        target: { kind: 'dossier', id: thing.dossierId },
        readers: readers.map((r) => ({ accountId: r.accountId, partyMember: true })),
        rights: ['view'],
        purposes: ['archive_work'],
        audiences: [],
        fromMs: nowMs - 1000,
        untilMs: nowMs + HOUR_MS,
      },
    );
    for (const r of readers) await attendConsultation(web.served, await deskOf({ ...actorOf(r.accountId, 'reader'), fondsId: null }), id);
    await expectRevoked(readers[0]!, thing, async () => endConsultation(await keeper(), id), NOT_FOUND);
  });

  it('the dossier of whoever turns out to be a relative', async () => {
    const thing = await addThing('皇甫怀瑾');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId });
    const declare = async () =>
      declareKinship(web.served, await deskOf(actorOf(clerk.accountId, 'unit_clerk', unitId)), {
        dossierId: thing.dossierId,
        relation: 'sibling',
      });
    await expectRevoked(clerk, thing, declare, NOT_FOUND);
  });

  it('a dossier that is moved to another unit', async () => {
    const thing = await addThing('令狐望舒');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId });
    const there = await web.addUnit('U-MOVED');
    const move = async () => editDossiers(web.served, await web.desk(), [thing.dossierId], { unitId: there });
    await expectRevoked(clerk, thing, move, NOT_FOUND);
  });

  it('a line of the policy that is gone', async () => {
    const thing = await addThing('公孙雨桐');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId });
    const lookless = DEFAULT_POLICY.replace('id: clerk-looks', 'id: clerk-looks-on-paper').replace(
      'roles: [unit_clerk]\n    actions: [dossier.list, dossier.read, page.view, search, sensitive.reveal, custody.read, receipt.make]',
      'roles: [unit_clerk]\n    actions: [custody.read]',
    );
    expect(lookless).toContain('clerk-looks-on-paper');
    const version = await draftPolicy(await keeper(), lookless);
    await expectRevoked(clerk, thing, async () => activatePolicy(await keeper(), version, 0), NOT_ALLOWED);
    await activatePolicy(await keeper(), 0, version);
    expect((await doors(clerk, thing, null)).seen).toEqual(OPEN);
  });
});
