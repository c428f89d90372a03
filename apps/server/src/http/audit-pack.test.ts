import { join } from 'node:path';
import { type BundleVerdict, type Member, openZip, readWhole, sourceOfBytes, verifyBundle } from '@lantai/bundle';
import { parseReceipt } from '@lantai/log';
import { nodeBundlePrimitives } from '@lantai/primitives-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogSigners } from '../archive/index.ts';
import { type Sequencer, startSequencer } from '../sequencer/index.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const NAME = '欧阳若彤';
const PATHS = ['欧阳若彤履历表.png', '考核.png'];

interface Answered {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly code: string | null;
}

/** Asks for a pack as the browser would, and keeps the bytes of the answer. */
async function ask(
  visitor: Visitor,
  path: string,
  selection: unknown,
  headers: Record<string, string> = { 'lantai-purpose': 'audit' },
  over: object = {},
): Promise<Answered> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  // Contents leave as they were counted; evidence holds none.
  const counted = path === 'audit-packs' ? await visitor.call('POST', '/api/v1/audit-packs/counts', { selection }, headers) : null;
  const leave = counted && { confirmed: counted.status === 200 ? counted.body : NOTHING, reason: '巡察组调取' };
  const response = await web.app.inject({
    method: 'POST',
    url: `/api/v1/${path}`,
    headers: { cookie, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ selection, language: 'zh', ...(leave ? { leave } : {}), ...over }),
  });
  const isProblem = String(response.headers['content-type']).includes('problem+json');
  return { status: response.statusCode, bytes: new Uint8Array(response.rawPayload), code: isProblem ? response.json().code : null };
}

const NOTHING = { dossiers: 0, id_number: 0, phone: 0, address: 0, bank_account: 0, discipline: 0, health: 0, unread: 0 };

interface Opened {
  readonly verdict: BundleVerdict;
  readonly members: ReadonlyMap<string, Member>;
  // biome-ignore lint/suspicious/noExplicitAny: files are judged by the test, field by field
  json(path: string): Promise<any>;
}

/** Checks a pack as a stranger would: with the keys of the log and nothing else. */
async function check({ status, bytes, code }: Answered): Promise<Opened> {
  expect({ status, code }).toEqual({ status: 200, code: null });
  const opened = await openZip(sourceOfBytes(bytes));
  if (opened.kind === 'refused') throw new Error(opened.code);
  const { members } = opened;
  const verdict = await verifyBundle(nodeBundlePrimitives, { members, logKeys: web.archive.identity.logKeys });
  expect(verdict.faults).toEqual([]);
  expect(verdict.isValid).toBe(true);
  const read = async (path: string) => readWhole(members.get(path)!, 10_000_000);
  return { verdict, members, json: async (path) => JSON.parse(new TextDecoder().decode(await read(path))) };
}

const holds = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(Buffer.from(text));
const kinds = ({ verdict }: Opened) => new Set(verdict.entries.map((e) => e.entry.kind));

describe('audit packs', { timeout: 240_000 }, () => {
  let sequencer: Sequencer | undefined;
  let dossierId = '';
  let office = '';
  let archivist: Visitor & { accountId: string };
  let auditor: Visitor & { accountId: string };
  const dossier = () => ({ kind: 'dossier', dossierId });
  let made: Promise<Answered> | undefined;
  /** One pack of the dossier, for all tests that only look into it. */
  const first = () => {
    made ??= ask(archivist, 'audit-packs', dossier());
    return made;
  };

  beforeAll(async () => {
    const { archive } = web;
    const { logOrigin: origin } = archive.identity;
    const [signer, ...moreSigners] = openLogSigners(archive.sealer, origin);
    const folder = join(archive.config.dataFolder, 'log');
    sequencer = startSequencer({ db: archive.db, folder, signer, moreSigners, origin, clock: archive.clock, intervalMs: 20 });
    office = await web.addUnit('OFFICE');
    dossierId = await web.addDossier({ code: 'P-7', name: NAME, unitId: office });
    await web.importPages(dossierId, PATHS);
    archivist = await web.enter('archivist', { fondsId: web.fondsId, levelMax: 2 });
    auditor = await web.enter('audit_admin', { fondsId: web.fondsId, levelMax: 2 });
  }, 240_000);
  afterAll(() => sequencer?.stop());

  it('hold files as received, catalogue, history, policy and report of a dossier, each proved, for an archivist', async () => {
    const pack = await check(await first());
    const { verdict, members } = pack;
    expect(verdict.signatures.map((s) => s.algorithm)).toEqual(['ed25519', 'sm2']);
    expect(verdict.made?.entry).toMatchObject({
      actor: archivist.accountId,
      dossier: dossierId,
      params: { kind: 'audit-pack', purpose: 'audit', files: 2 },
    });
    expect(verdict.files.filter((f) => f.outcome === 'proved').map((f) => f.path)).toEqual([
      'files/d_P-7/00001.png',
      'files/d_P-7/00002.png',
    ]);
    const pngs = [1, 2].map((n) => Buffer.from(makeSmallPng(n)).toString('hex'));
    for (const path of ['files/d_P-7/00001.png', 'files/d_P-7/00002.png'])
      expect(pngs).toContain(Buffer.from(await readWhole(members.get(path)!, 1_000_000)).toString('hex'));
    expect(await pack.json('files/d_P-7/catalogue.json')).toMatchObject({
      name: NAME,
      code: 'P-7',
      files: [{ received: PATHS[0] }, { received: PATHS[1] }],
    });
    const history: { kind: string; actor: { name: string } | null }[] = await pack.json('history.json');
    expect(history.map((e) => e.kind)).toEqual(
      expect.arrayContaining(['dossier.created', 'file.received', 'page.received', 'dossier.opened', 'dossier.packed']),
    );
    expect(history).toHaveLength(verdict.entries.length);
    expect(await pack.json('scope.json')).toMatchObject({
      selection: dossier(),
      purpose: 'audit',
      contents: true,
      madeBy: archivist.accountId,
    });
    expect(await pack.json('policy.json')).toMatchObject({ version: 0, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    // The text of the policy is for who may read it.
    expect(members.has('policy.yaml')).toBe(false);
    expect(Buffer.from((await readWhole(members.get('report.pdf')!, 10_000_000)).subarray(0, 5)).toString()).toBe('%PDF-');
    // No name stands where the bundle is listed, only inside its files.
    expect(JSON.stringify([...members.keys()])).not.toContain(NAME);
  });

  it('hold no salt but those of the files handed out', async () => {
    const pack = await check(await first());
    const vouching = new Set(pack.verdict.files.flatMap((f) => f.entryId ?? []));
    for (const { entry } of pack.verdict.entries) {
      const text = new TextDecoder().decode(await readWhole(pack.members.get(`receipts/${entry.id}.tlog-proof`)!, 100_000));
      expect({ kind: entry.kind, salted: parseReceipt(text)?.salt !== undefined }).toEqual({
        kind: entry.kind,
        salted: vouching.has(entry.id),
      });
    }
    expect(vouching.size).toBe(2);
  });

  it('are refused to who may not export, and evidence to who does not read the log', async () => {
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: office, levelMax: 2 });
    const person = await web.enter('person', { fondsId: web.fondsId });
    for (const [visitor, path] of [
      [auditor, 'audit-packs'],
      [clerk, 'audit-packs'],
      [person, 'audit-packs'],
      [archivist, 'evidence-packs'],
      [clerk, 'evidence-packs'],
      [await web.enter('system_admin', { fondsId: web.fondsId }), 'evidence-packs'],
      [await web.enter('security_admin', { fondsId: web.fondsId }), 'evidence-packs'],
    ] as const)
      expect({ path, ...(await ask(visitor, path, dossier())), bytes: null }).toEqual({
        path,
        status: 403,
        code: 'desk/not-allowed',
        bytes: null,
      });
    expect(await ask(web.visitor(), 'audit-packs', dossier())).toMatchObject({ status: 401 });
  });

  it('hold accesses and proofs for an auditor, and nothing of the contents', async () => {
    const answered = await ask(auditor, 'evidence-packs', dossier());
    const pack = await check(answered);
    expect(pack.verdict.manifest).toMatchObject({ kind: 'evidence-pack', materials: [] });
    expect(pack.verdict.files.map((f) => f.path)).toEqual(['history.json', 'log/keys', 'policy.json', 'report.pdf', 'scope.json']);
    expect(kinds(pack)).toContain('page.received');
    for (const text of [NAME, ...PATHS, '考核']) expect({ text, held: holds(answered.bytes, text) }).toEqual({ text, held: false });
    for (const { entry } of pack.verdict.entries) {
      const text = new TextDecoder().decode(await readWhole(pack.members.get(`receipts/${entry.id}.tlog-proof`)!, 100_000));
      expect(parseReceipt(text)?.salt).toBeUndefined();
    }
    // What is about no dossier belongs to a period, and is not in the pack of a dossier.
    expect(kinds(pack)).not.toContain('session.opened');
  });

  it('of a subject, a unit and a period hold what lies in them and in the scope, and nothing beside', async () => {
    const other = await web.addDossier({ code: 'P-8', name: '司马青', unitId: await web.addUnit('ELSEWHERE') });
    await web.importPages(other, ['b.png']);
    const codesOf = async (answered: Answered) => {
      const scope = await (await check(answered)).json('scope.json');
      return scope.dossiers.map((d: { code: string }) => d.code);
    };
    expect(await codesOf(await ask(archivist, 'audit-packs', { kind: 'subject', dossierId }))).toEqual(['P-7']);
    expect(await codesOf(await ask(archivist, 'audit-packs', { kind: 'unit', unitId: web.rootUnitId }))).toEqual(['P-7', 'P-8']);
    const period = { kind: 'period', fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000 };
    expect(await codesOf(await ask(archivist, 'audit-packs', period))).toEqual(['P-7', 'P-8']);
    expect(kinds(await check(await ask(auditor, 'evidence-packs', period)))).toContain('session.opened');
    expect(await ask(archivist, 'audit-packs', { ...period, fromMs: 1, toMs: 2 })).toMatchObject({ status: 422, code: 'pack/empty' });
  });

  it('are cut to the level: what is secret or sealed is not found, and not missed in a larger pack', async () => {
    const secret = await web.addDossier({ code: 'P-9', name: '慕容白', unitId: office });
    const owner = await web.enter('trial_owner');
    const change = async (change: object) =>
      expect((await owner.call('POST', '/api/v1/dossiers/bulk-edits', { dossierIds: [secret], change })).body.changed).toBe(1);
    await change({ level: 2 });
    // Looked at and not taken along: an archivist of its level exports no secret dossier; its accesses are for the auditor.
    expect(await ask(archivist, 'audit-packs', { kind: 'dossier', dossierId: secret })).toMatchObject({
      status: 404,
      code: 'dossier/not-found',
    });
    const unit = await ask(archivist, 'audit-packs', { kind: 'unit', unitId: office });
    expect((await (await check(unit)).json('scope.json')).dossiers.map((d: { code: string }) => d.code)).toEqual(['P-7']);
    expect(holds(unit.bytes, 'P-9')).toBe(false);
    await check(await ask(auditor, 'evidence-packs', { kind: 'dossier', dossierId: secret }));
    await change({ category: 'discipline', level: 1 });
    expect(await ask(auditor, 'evidence-packs', { kind: 'dossier', dossierId: secret })).toMatchObject({
      status: 404,
      code: 'dossier/not-found',
    });
  });

  it('leave as they were counted and confirmed, with a reason where anything is sensitive, and not otherwise', async () => {
    const headers = { 'lantai-purpose': 'audit' };
    const counted = await archivist.call('POST', '/api/v1/audit-packs/counts', { selection: dossier() }, headers);
    // Nobody has read the pages here: whether they are sensitive nobody knows.
    expect(counted.body).toMatchObject({ dossiers: 1, unread: PATHS.length });
    expect((await auditor.call('POST', '/api/v1/audit-packs/counts', { selection: dossier() }, headers)).status).toBe(403);
    const withLeave = (confirmed: object, reason: string) =>
      ask(archivist, 'audit-packs', dossier(), headers, { leave: { confirmed, reason } });
    for (const confirmed of [NOTHING, { ...counted.body, unread: 0 }, { ...counted.body, dossiers: 2 }])
      expect(await withLeave(confirmed, '巡察组调取')).toMatchObject({ status: 409, code: 'export/not-as-confirmed' });
    expect(await withLeave(counted.body, ' ')).toMatchObject({ status: 422, code: 'export/reason-needed' });
    const held = await web.kindsOf(archivist.accountId);
    expect(held.filter((kind) => kind === 'export.withheld')).toHaveLength(4);
    expect(held).toContain('pack.counted');
    expect((await ask(archivist, 'audit-packs', dossier(), headers, { leave: null })).status).toBe(400);
  });

  it('are not made without a purpose, nor when the password was shown long ago', async () => {
    expect(await ask(archivist, 'audit-packs', dossier(), {})).toMatchObject({ status: 400 });
    expect(await ask(archivist, 'audit-packs', dossier(), { 'lantai-purpose': 'curiosity' })).toMatchObject({ status: 400 });
    web.moveClock(6 * 60_000);
    try {
      expect(await ask(archivist, 'audit-packs', dossier())).toMatchObject({ status: 403, code: 'session/fresh-needed' });
    } finally {
      web.moveClock(-6 * 60_000);
    }
  });

  it('leave an entry for each dossier and one for the pack, in the name of who made it', async () => {
    expect(await web.kindsOf(archivist.accountId)).toEqual(expect.arrayContaining(['dossier.packed', 'bundle.made']));
    expect(await web.kindsOf(auditor.accountId)).toEqual(expect.arrayContaining(['dossier.packed', 'bundle.made', 'request.refused']));
  });
});
