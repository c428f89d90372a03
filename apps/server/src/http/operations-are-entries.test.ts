import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoint, endpoints } from '@lantai/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EntrySwitch, withoutEntries } from './testing/failing-entries.ts';
import { callsOfOperations, type OperationCall, prepareCalls } from './testing/operation-calls.ts';
import { readOperationEntries } from './testing/operation-entries.ts';
import { type Answer, useWeb } from './testing/web-fixture.ts';

const entries: EntrySwitch = { fails: false };
const web = useWeb((archive) => ({ db: withoutEntries(archive.db, entries) }));
const table = readOperationEntries();
const ROOT = join(import.meta.dirname, '../../../..');

/** Operations that need a browser's authenticator, a provider, uploads or a whole procedure, with the test that goes through it. */
const CALLED_ELSEWHERE: Readonly<Record<string, string>> = {
  finishOidcSignIn: 'apps/server/src/http/oidc.test.ts',
  linkOidc: 'apps/server/src/http/oidc.test.ts',
  addPasskey: 'test/e2e/sign-in.test.ts',
  removePasskey: 'test/e2e/sign-in.test.ts',
  signInByPasskey: 'test/e2e/sign-in.test.ts',
  startImport: 'test/http/api.test.ts',
  importSample: 'test/http/api.test.ts',
  unlockFile: 'apps/server/src/ingest/long-document.test.ts',
  makeSubjectRequest: 'apps/server/src/personal/requests.test.ts',
  getSubjectRequest: 'apps/server/src/personal/requests.test.ts',
  getSubjectAnswer: 'apps/server/src/personal/requests.test.ts',
  decideSubjectRequest: 'apps/server/src/personal/requests.test.ts',
  extendSubjectRequest: 'apps/server/src/personal/requests.test.ts',
  fulfilSubjectRequest: 'apps/server/src/personal/requests.test.ts',
  withdrawSubjectRequest: 'apps/server/src/personal/requests.test.ts',
  approveDestruction: 'apps/server/src/personal/destruction.test.ts',
  liftRestriction: 'apps/server/src/personal/restriction.test.ts',
  recordConsent: 'apps/server/src/personal/requests.test.ts',
  withdrawConsent: 'apps/server/src/personal/requests.test.ts',
  keepNotice: 'apps/server/src/personal/requests.test.ts',
  decideUseAlarm: 'apps/server/src/watch/use-watch.test.ts',
  addAnchorProvider: 'apps/server/src/anchors/anchors.test.ts',
  endAnchorProvider: 'apps/server/src/anchors/anchors.test.ts',
  printCheckpoint: 'apps/server/src/anchors/anchors.test.ts',
  printPages: 'apps/server/src/http/copies.test.ts',
  printConsultationForm: 'test/e2e/rights.test.ts',
  copyPage: 'apps/server/src/http/copies.test.ts',
  revealSensitive: 'apps/server/src/http/masking.test.ts',
  exportRegister: 'apps/server/src/personal/registers.test.ts',
  recordAssessment: 'apps/server/src/personal/registers.test.ts',
  recordBreach: 'apps/server/src/personal/registers.test.ts',
  markBreach: 'apps/server/src/personal/registers.test.ts',
  makeBreachNotice: 'apps/server/src/personal/registers.test.ts',
  planDirectory: 'apps/server/src/http/directory.test.ts',
  makeDirectoryErrorSheet: 'apps/server/src/http/directory.test.ts',
  applyDirectory: 'apps/server/src/http/directory.test.ts',
  scimListUsers: 'apps/server/src/http/scim.test.ts',
  scimSearchUsers: 'apps/server/src/http/scim.test.ts',
  scimGetUser: 'apps/server/src/http/scim.test.ts',
  scimCreateUser: 'apps/server/src/http/scim.test.ts',
  scimReplaceUser: 'apps/server/src/http/scim.test.ts',
  scimPatchUser: 'apps/server/src/http/scim.test.ts',
  scimDeleteUser: 'apps/server/src/http/scim.test.ts',
  scimListGroups: 'apps/server/src/http/scim.test.ts',
  scimGetGroup: 'apps/server/src/http/scim.test.ts',
  scimCreateGroup: 'apps/server/src/http/scim.test.ts',
  scimReplaceGroup: 'apps/server/src/http/scim.test.ts',
  scimPatchGroup: 'apps/server/src/http/scim.test.ts',
  makeAuditPack: 'apps/server/src/http/audit-pack.test.ts',
  makeEvidencePack: 'apps/server/src/http/audit-pack.test.ts',
};

/** What may change although nothing is done: who was here when, and what the queue keeps of itself. */
const RESTLESS = [
  'use_alarm',
  'use_day',
  'session',
  'challenge',
  'view_token',
  'page_gram',
  'catalogue_gram',
  'gram_frequency',
  'gram_sample',
  'schema_version',
];

/** A fingerprint of every row that an act could have written. */
async function fingerprint(): Promise<Record<string, string>> {
  const { ownerDb } = web.database;
  const tables = await ownerDb.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> all($1) order by 1`,
    [RESTLESS],
  );
  const parts = tables.map(
    ({ name }) => `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as rows from ${name} t`,
  );
  const jobs = `select 'jobs' as name, md5(coalesce(string_agg(j.id || ' ' || j.priority || ' ' || j.state, '|' order by j.id), '')) as rows from pgboss.job j`;
  const rows = await ownerDb.query<{ name: string; rows: string }>([...parts, jobs].join(' union all '));
  return Object.fromEntries(rows.map((r) => [r.name, r.rows]));
}

const seen = new Set<string>();
const FAILURES: ReadonlySet<string> = new Set([
  'request.refused',
  'request.failed',
  'failures.counted',
  // The watch over use sees one account do everything at once.
  'use.warned',
  'use.slowed',
  'use.stopped',
]);

/** The entries since the last time: their kinds, and of which states speak. */
async function newEntries(): Promise<{ kinds: string[]; stated: string[] }> {
  const rows = await web.database.ownerDb.query<{ id: string; kind: string; stated: boolean }>(
    `select id, kind, position(convert_to('"stateAfter":', 'UTF8') in bytes) + position(convert_to('"stateBefore":', 'UTF8') in bytes) > 0 as stated from entry`,
  );
  const fresh = rows.filter((r) => !seen.has(r.id));
  for (const { id } of fresh) seen.add(id);
  // The failing calls are failures, and counted; those that could be written are section 7's.
  const kinds = (some: typeof fresh) => [...new Set(some.map((r) => r.kind))].filter((kind) => !FAILURES.has(kind)).sort();
  return { kinds: kinds(fresh), stated: kinds(fresh.filter((r) => r.stated)) };
}

const short = ({ status, body }: Answer) => (status >= 400 ? { status, body } : { status });

describe('every operation of the API', () => {
  it('stands in the table of docs/spec/log-entry.md, section 8, once', () => {
    const named = table.map((row) => row.operation);
    const missing = Object.keys(endpoints).filter((id) => !named.includes(id));
    expect(
      missing,
      `Write a row for each of these into the table of docs/spec/log-entry.md, section 8: | \`operation\` | \`kind.of-entry\` | with states | where it changes a row (hand the act's entry \`changed\`, apps/server/src/desk/changes.ts), | – | where it only looks, or | \`operation\` | none | the reason |. Then add a call to apps/server/src/http/testing/operation-calls.ts, or the test that goes through it to CALLED_ELSEWHERE`,
    ).toEqual([]);
    expect([...named].sort()).toEqual(Object.keys(endpoints).sort());
  });

  it('that leaves an entry is called here, or by the test that is named', () => {
    const called = new Set(callsOfOperations().map((c) => c.operation));
    const uncalled = table.filter((row) => row.kinds.length && !called.has(row.operation) && !CALLED_ELSEWHERE[row.operation]);
    expect(
      uncalled.map((row) => row.operation),
      'Add a call of each to apps/server/src/http/testing/operation-calls.ts; only what cannot be called there goes into CALLED_ELSEWHERE with its test',
    ).toEqual([]);
    for (const [operation, file] of Object.entries(CALLED_ELSEWHERE))
      expect({ operation, file, there: existsSync(join(ROOT, file)) }).toEqual({ operation, file, there: true });
  });

  it('that changes something is said to do so with states, or the specification says why not', () => {
    const spec = readFileSync(join(ROOT, 'docs/spec/log-entry.md'), 'utf8');
    const stateless = table.filter((row) => {
      const endpoint: Endpoint | undefined = endpoints[row.operation as keyof typeof endpoints];
      return endpoint?.method !== 'GET' && row.kinds.length > 0 && !row.withStates;
    });
    const reasons = spec.slice(spec.indexOf('## 9. '));
    expect(stateless.map((row) => row.operation).filter((operation) => !reasons.includes(`\`${operation}\``))).toEqual([]);
  });
});

describe('each operation that looks or changes', () => {
  const calls: OperationCall[] = callsOfOperations();

  beforeAll(async () => {
    // Each failing call below writes a line into the journal, as it must.
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await prepareCalls(web);
    await newEntries();
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  for (const { operation, call } of calls)
    it(`${operation} shows and changes nothing while no entry can be written, and leaves its entry when one can`, async () => {
      const row = table.find((r) => r.operation === operation);
      const { as, method, path, body } = await call(web);
      // What a call had to prepare is not the operation's.
      await newEntries();
      // However slow the machine is: nobody is asked for the password again.
      await web.database.ownerDb.query('update session set fresh_at_ms = $1', [web.served.clock.nowMs()]);
      await web.database.ownerDb.query('delete from use_alarm');
      const before = await fingerprint();
      entries.fails = true;
      let refused: Answer;
      try {
        refused = await as.call(method, path, body);
      } finally {
        entries.fails = false;
      }
      expect({ operation, isRefused: refused.status >= 500, answer: refused.status >= 500 ? null : refused.body }).toEqual({
        operation,
        isRefused: true,
        answer: null,
      });
      expect(await fingerprint()).toEqual(before);
      const answer = await as.call(method, path, body);
      expect({ operation, ...short(answer) }).toEqual({ operation, status: expect.toSatisfy((s: number) => s < 300) });
      const { kinds, stated } = await newEntries();
      const [always, ...others] = row?.kinds ?? [];
      expect(kinds, `docs/spec/log-entry.md, section 8, says of ${operation}: ${row?.kinds.join(' ')}`).toContain(always);
      expect(kinds.filter((kind) => kind !== always && !others.includes(kind))).toEqual([]);
      expect({ operation, withStates: stated.includes(always ?? '') }).toEqual({ operation, withStates: row?.withStates });
    });
});
