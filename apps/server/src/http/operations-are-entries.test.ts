import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoint, endpoints } from '@lantai/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLogSigners } from '../archive/index.ts';
import { type Sequencer, startSequencer } from '../sequencer/index.ts';
import { type EntrySwitch, withoutEntries } from './testing/failing-entries.ts';
import { callsOfOperations, NEEDS_LOG, type OperationCall, prepareCalls } from './testing/operation-calls.ts';
import { readOperationEntries } from './testing/operation-entries.ts';
import { type Answer, useWeb } from './testing/web-fixture.ts';

const entries: EntrySwitch = { fails: false };
const web = useWeb((archive) => ({ db: withoutEntries(archive.db, entries) }));
const table = readOperationEntries();
const ROOT = join(import.meta.dirname, '../../../..');

/** A test of another file, by its title. */
interface NamedTest {
  readonly file: string;
  readonly title: string;
}

const OIDC = {
  file: 'apps/server/src/http/oidc.test.ts',
  title: 'lets in who was linked by an administrator, and nobody by name alone',
};
const PASSKEY = {
  file: 'test/e2e/sign-in.test.ts',
  title: 'makes a passkey on the device, signs in by it, and refuses one answer twice and a copied device',
};

const SCAN = {
  file: 'apps/server/src/http/scans.test.ts',
  title: 'comes face by face, waits for a person at a jam, goes on with the same stack and ends in the dossier',
};

const PHONE = {
  file: 'apps/server/src/http/phone.test.ts',
  title: 'come into the dossier in their order, laid flat by a recipe, with the bytes received kept beside them',
};

/** Operations that need a browser's authenticator, a provider, an import, a reading or a habit of weeks, with the test that goes through each. */
const CALLED_ELSEWHERE: Readonly<Record<string, NamedTest>> = {
  finishOidcSignIn: OIDC,
  linkOidc: OIDC,
  addPasskey: PASSKEY,
  signInByPasskey: PASSKEY,
  startImport: {
    file: 'test/http/api.test.ts',
    title: 'takes an upload in pieces, exactly where it broke off, and imports it into a new dossier',
  },
  importSample: { file: 'test/http/api.test.ts', title: 'imports the sample dossier and reads it in the background' },
  decideUseAlarm: {
    file: 'apps/server/src/watch/use-watch.test.ts',
    title: 'stops archive business at every door and nothing else, until the security administrator decides',
  },
  correctReading: {
    file: 'apps/server/src/ingest/correct-reading.test.ts',
    title: 'holds what no dictionary has, is found by it and no more by what was wrong, and keeps the place of every line',
  },
  startScan: SCAN,
  continueScan: SCAN,
  endScan: SCAN,
  makeCaptureLink: PHONE,
  openCaptureLink: PHONE,
  endCaptureLink: { ...PHONE, title: 'is over when the desk ends it, and when its maker signs out' },
  sendPhotographs: PHONE,
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

/** Orders the log, which else stands still in these tests, and has it all in order when this resolves. */
async function takeUpLog(): Promise<Sequencer> {
  const { archive } = web;
  const [signer, ...moreSigners] = openLogSigners(archive.sealer, archive.identity.logOrigin);
  const folder = join(archive.config.dataFolder, 'log');
  const sequencer = startSequencer({ db: archive.db, folder, signer, moreSigners, origin: signer.name, intervalMs: 20 });
  await sequencer.drain();
  return sequencer;
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
    expect(Object.keys(CALLED_ELSEWHERE).filter((operation) => called.has(operation) || !(operation in endpoints))).toEqual([]);
    for (const [operation, { file, title }] of Object.entries(CALLED_ELSEWHERE)) {
      const text = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
      // A test that is skipped, or only planned, goes through nothing.
      const isThere = text.includes(`  it('${title}'`) || text.includes(`  it(\n    '${title}'`);
      expect({ operation, file, title, isThere }).toEqual({ operation, file, title, isThere: true });
    }
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
      const { as, method, path, body, headers } = await call(web);
      const log = NEEDS_LOG.has(operation) ? await takeUpLog() : null;
      // What a call had to prepare is not the operation's.
      await newEntries();
      // However slow the machine is: nobody is asked for the password again.
      await web.database.ownerDb.query('update session set fresh_at_ms = $1', [web.served.clock.nowMs()]);
      await web.database.ownerDb.query('delete from use_alarm');
      const before = await fingerprint();
      entries.fails = true;
      let refused: Answer;
      try {
        refused = await as.call(method, path, body, headers);
      } finally {
        entries.fails = false;
      }
      expect({ operation, isRefused: refused.status >= 500, answer: refused.status >= 500 ? null : refused.body }).toEqual({
        operation,
        isRefused: true,
        answer: null,
      });
      expect(await fingerprint()).toEqual(before);
      const answer = await as.call(method, path, body, headers);
      await log?.stop();
      expect({ operation, ...short(answer) }).toEqual({ operation, status: expect.toSatisfy((s: number) => s < 300) });
      const { kinds, stated } = await newEntries();
      const [always, ...others] = row?.kinds ?? [];
      expect(kinds, `docs/spec/log-entry.md, section 8, says of ${operation}: ${row?.kinds.join(' ')}`).toContain(always);
      expect(kinds.filter((kind) => kind !== always && !others.includes(kind))).toEqual([]);
      expect({ operation, withStates: stated.includes(always ?? '') }).toEqual({ operation, withStates: row?.withStates });
    });
});
