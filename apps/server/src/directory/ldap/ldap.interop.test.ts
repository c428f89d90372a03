import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSession, insertSession } from '../../access/index.ts';
import { type Actor, deskTx, openDesk } from '../../desk/index.ts';
import { useArchive } from '../../testing/archive-fixture.ts';
import { readLdapSettings } from './ldap-settings.ts';
import { readLdap } from './read-ldap.ts';
import { type SyncOptions, startLdapJob, syncLdap } from './sync-ldap.ts';

const SLAPD = ['/usr/sbin/slapd', '/usr/lib/openldap/slapd', '/usr/local/libexec/slapd'].find((path) => existsSync(path));
const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema'].find((path) => existsSync(path));
const SUFFIX = 'dc=lantai,dc=test';
const PEOPLE = 620;

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('a port'))));
    });
  });

/** Names with what an LDAP filter would read, were they not compared as values. */
const ODD = ['star*name', 'paren(x)'];
/** Organisational units: one below another, one without a name, and one of a code that lies elsewhere in the fonds. */
const UNITS = [
  ['ou=group', 'Group', 'Group'],
  ['ou=east,ou=group', 'EAST', '东区公司'],
  ['ou=rd,ou=east,ou=group', 'EAST-RD', '研发部'],
  ['ou=plain,ou=group', 'PLAIN', null],
  ['ou=taken,ou=group', 'U2', '占用'],
] as const;
const unitEntry = ([place, code, name]: (typeof UNITS)[number]) =>
  [
    `dn: ${place},${SUFFIX}`,
    'objectClass: organizationalUnit',
    `postalCode: ${code}`,
    ...(name ? [`description:: ${Buffer.from(name).toString('base64')}`] : []),
  ].join('\n');

const entryOf = (n: number, uid = `user${n}`) =>
  [
    `dn: employeeNumber=${n},${SUFFIX}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn:: ${Buffer.from(`公冶${n}`).toString('base64')}`,
    'sn: x',
    `employeeNumber: ${n}`,
    `departmentNumber: ${n % 2 ? 'U1' : 'U2'}`,
    ...(n === 7 ? ['employeeType: disabled'] : []),
    'title: security_admin',
  ].join('\n');

describe.skipIf(!SLAPD || !SCHEMAS)('a real slapd (skipped where there is none)', () => {
  const fixture = useArchive();
  let folder = '';
  let slapd: ChildProcess | undefined;
  let urls: { ldap: string; ldaps: string };
  let security: Actor;
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const modify = (ldif: string) =>
    execFileSync('ldapmodify', ['-x', '-H', urls.ldap, '-D', `cn=admin,${SUFFIX}`, '-y', at('secret')], {
      input: ldif,
      stdio: ['pipe', 'pipe', 'pipe'],
    });

  function certificate(): void {
    for (const name of ['ca', 'other'])
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
      );
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
    writeFileSync(at('san'), 'subjectAltName=DNS:localhost\n');
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'san',
      '-out',
      'server.pem',
    );
  }

  function configure(): void {
    mkdirSync(at('db'));
    // slapd's own password file has no line end.
    writeFileSync(at('secret'), 'richtig', { mode: 0o600 });
    writeFileSync(at('wrong'), 'falsch', { mode: 0o600 });
    const lines = [
      ...['core', 'cosine', 'inetorgperson'].map((name) => `include ${SCHEMAS}/${name}.schema`),
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `pidfile ${at('pid')}`,
      `TLSCertificateFile ${at('server.pem')}`,
      `TLSCertificateKeyFile ${at('server.key')}`,
      'database mdb',
      `suffix "${SUFFIX}"`,
      `rootdn "cn=admin,${SUFFIX}"`,
      'rootpw richtig',
      `directory ${at('db')}`,
      'maxsize 67108864',
      'limits * size.soft=100 size.hard=100 size.prtotal=unlimited size.pr=500',
    ];
    writeFileSync(at('slapd.conf'), `${lines.join('\n')}\n`);
    const root = `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: Lantai\ndc: lantai`;
    const people = Array.from({ length: PEOPLE }, (_, n) => entryOf(n + 1));
    const odd = ODD.map((uid, i) => entryOf(9000 + i, uid));
    const placed = [`dn: uid=placed,ou=rd,ou=east,ou=group,${SUFFIX}`, 'objectClass: inetOrgPerson', 'cn: x', 'sn: x', 'uid: placed'].join(
      '\n',
    );
    writeFileSync(at('data.ldif'), `${[root, ...people, ...odd, ...UNITS.map(unitEntry), placed].join('\n\n')}\n`);
    execFileSync(SLAPD!, ['-T', 'add', '-f', at('slapd.conf'), '-l', at('data.ldif')], { stdio: 'pipe' });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lantai-slapd-'));
    certificate();
    configure();
    const [ldap, ldaps] = [await freePort(), await freePort()];
    urls = { ldap: `ldap://localhost:${ldap}`, ldaps: `ldaps://localhost:${ldaps}` };
    slapd = spawn(SLAPD!, ['-f', at('slapd.conf'), '-h', `${urls.ldap}/ ${urls.ldaps}/`, '-d', '0'], { stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries++) {
      try {
        execFileSync('ldapwhoami', ['-x', '-H', urls.ldap, '-D', `cn=admin,${SUFFIX}`, '-y', at('secret')], { stdio: 'pipe' });
        break;
      } catch {
        // Not listening yet.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    security = await fixture.addAccount({ role: 'security_admin' });
    for (const code of ['U1', 'U2']) await fixture.addUnit(code);
  }, 120_000);
  afterAll(async () => {
    const gone = new Promise((resolve) => slapd?.once('exit', resolve));
    slapd?.kill();
    if (slapd) await gone;
    rmSync(folder, { recursive: true, force: true });
  });

  function settings(over: object = {}) {
    const base = {
      fonds: 'Z999',
      url: urls.ldaps,
      caFile: 'ca.pem',
      bindDn: `cn=admin,${SUFFIX}`,
      passwordFile: 'secret',
      base: SUFFIX,
      filter: '(&(objectClass=inetOrgPerson)(employeeNumber=*))',
      attributes: { disabled: 'employeeType' },
      as: 'account1',
    };
    writeFileSync(at('ldap.json'), JSON.stringify({ ...base, ...over }));
    return readLdapSettings(at('ldap.json'), join(folder, 'nowhere'));
  }
  const sync = async (options: SyncOptions = {}, over: object = {}) => {
    const desk = await openDesk(fixture.archive, security, 'administration');
    const { people: steps } = await syncLdap(fixture.archive, desk, settings(over), options);
    const counts: Record<string, number> = {};
    for (const { act, refusal } of steps) counts[refusal?.code ?? act] = (counts[refusal?.code ?? act] ?? 0) + 1;
    return counts;
  };

  it('is read page by page over TLS, StartTLS and, on this machine, in clear', async () => {
    const { people } = await readLdap(settings());
    expect(people).toHaveLength(PEOPLE + ODD.length);
    expect(people.find((p) => p.loginName === 'user7')).toMatchObject({
      displayName: '公冶7',
      unit: 'U1',
      disabled: true,
      role: null,
      level: null,
    });
    expect(new Set(people.map((p) => p.externalId)).size).toBe(people.length);
    expect((await readLdap(settings({ url: urls.ldap, startTls: true }))).people).toHaveLength(people.length);
    expect((await readLdap(settings({ url: urls.ldap }))).people).toHaveLength(people.length);
  });

  it('of another certificate, another name or another password is refused, and so is one that is not there', async () => {
    const code = (over: object) =>
      readLdap(settings(over)).then(
        () => 'read',
        (error: { code?: string }) => error.code,
      );
    expect(await code({})).toBe('read');
    expect(await code({ caFile: 'other.pem' })).toBe('ldap/tls');
    expect(await code({ url: urls.ldap, startTls: true, caFile: 'other.pem' })).toBe('ldap/tls');
    expect(await code({ url: urls.ldaps.replace('localhost', '127.0.0.1') })).toBe('ldap/tls');
    expect(await code({ passwordFile: 'wrong' })).toBe('ldap/refused');
    expect(await code({ url: 'ldap://localhost:1' })).toBe('ldap/unreachable');
    expect(await code({ base: 'dc=none' })).toBe('ldap/search');
  });

  it('is asked for one person by the name as it is, whatever a filter would read in it', async () => {
    const names = async (loginName: string) => (await readLdap(settings(), { loginName })).people.map((p) => p.loginName);
    for (const name of [...ODD, 'user12']) expect(await names(name)).toEqual([name]);
    for (const name of ['user1*', '*', 'user1)(uid=*', '*)(objectClass=*', '']) expect(await names(name)).toEqual([]);
  });

  it('is kept in step: shown, made, changed, disabled and brought back', async () => {
    const few = { filter: '(|(uid=user1)(uid=user2)(uid=user3)(uid=user7))' };
    expect(await sync({ dryRun: true }, few)).toEqual({ create: 4 });
    expect(await sync({}, few)).toEqual({ create: 4 });
    expect(await sync({}, few)).toEqual({ nothing: 4 });
    const rows = await fixture.archive.db.query<{ id: string; role: string; disabled: boolean; code: string }>(
      `select a.id, a.role, a.disabled, u.code from directory_person p join account a on a.id = p.account_id join unit u on u.id = a.unit_id order by a.created_at_ms`,
    );
    expect(rows.map((r) => [r.role, r.disabled, r.code]).sort()).toEqual([
      ['person', false, 'U1'],
      ['person', false, 'U1'],
      ['person', false, 'U2'],
      ['person', true, 'U1'],
    ]);
    const first = await fixture.archive.db.one<{ id: string }>('select id from account where name_token = $1', [
      fixture.archive.sealer.accountToken('user1'),
    ]);
    const session = await fixture.archive.db.tx((tx) =>
      insertSession(deskTx(tx, fixture.archive, null, 'administration'), fixture.archive, first!.id, {
        way: 'oidc',
        client: { address: '', browser: '' },
      }),
    );
    expect(await findSession(fixture.archive, session.token)).not.toBeNull();
    modify(`dn: employeeNumber=1,${SUFFIX}\nchangetype: modify\nreplace: employeeType\nemployeeType: disabled\n`);
    modify(`dn: employeeNumber=2,${SUFFIX}\nchangetype: modify\nreplace: departmentNumber\ndepartmentNumber: U1\n`);
    modify(`dn: employeeNumber=3,${SUFFIX}\nchangetype: delete\n`);
    expect(await sync({ person: 'user1' }, few)).toEqual({ disable: 1 });
    expect(await findSession(fixture.archive, session.token)).toBeNull();
    expect(await sync({}, few)).toEqual({ change: 1, disable: 1, nothing: 2 });
    modify(`dn: employeeNumber=1,${SUFFIX}\nchangetype: modify\ndelete: employeeType\n`);
    expect(await sync({}, few)).toEqual({ enable: 1, nothing: 2 });
  });

  it('that is suddenly almost empty disables nobody, and says so at the source until it is well again', async () => {
    const many = { filter: '(|(employeeNumber=1)(employeeNumber=2)(uid=user4*)(uid=user7))' };
    const { create = 0 } = await sync({}, many);
    expect(create).toBeGreaterThan(50);
    await expect(sync({}, { filter: '(uid=user1)' })).rejects.toThrow('directory/too-many-vanish');
    await expect(sync({}, { ...many, attributes: { externalId: 'carLicense' } })).rejects.toThrow('directory/complete-with-errors');
    const fault = () => fixture.archive.db.one<{ fault: string | null }>(`select fault from directory_source where kind = 'ldap'`);
    expect((await fault())?.fault).toBe('directory/complete-with-errors');
    expect(await sync({}, many)).toEqual({ nothing: create + 3 });
    expect((await fault())?.fault).toBeNull();
    const disabled = await fixture.archive.db.one<{ n: number }>(
      'select count(*)::int as n from directory_person p join account a on a.id = p.account_id where a.disabled and not p.gone',
    );
    expect(disabled?.n).toBe(1);
  });

  it('is kept in step by the job in the name of the account that the settings say', async () => {
    const name = 'account1';
    modify(`dn: employeeNumber=4,${SUFFIX}\nchangetype: modify\nreplace: departmentNumber\ndepartmentNumber: U1\n`);
    const job = startLdapJob(
      fixture.archive,
      settings({ as: name, filter: '(|(employeeNumber=1)(employeeNumber=2)(uid=user4*)(uid=user7))' }),
    );
    const moved = async () =>
      (
        await fixture.archive.db.one<{ n: number }>(
          `select count(*)::int as n from entry where kind = 'account.changed' and actor_id = $1 and at_ms > $2`,
          [security.accountId, startedAtMs],
        )
      )?.n;
    const startedAtMs = fixture.archive.clock.nowMs() - 1;
    await expect.poll(moved, { timeout: 30_000 }).toBeGreaterThan(0);
    await job.stop();
  });

  describe('organisational units', () => {
    const units = {
      base: `OU=Group, ${SUFFIX}`,
      below: 'U1',
      filter: '(objectClass=organizationalUnit)',
      attributes: { code: 'postalCode', name: 'description' },
    };
    // entryUUID tells people apart; nobody is enabled, disabled or made here but one.
    const placed = { units, filter: '(uid=placed)', fonds: 'Z999' };
    let system: Actor;
    beforeAll(async () => {
      system = await fixture.addAccount({ role: 'system_admin' });
    });
    const syncAs = async (actor: Actor, options: SyncOptions = {}) => {
      const done = await syncLdap(fixture.archive, await openDesk(fixture.archive, actor, 'administration'), settings(placed), options);
      const told = (steps: typeof done.units | typeof done.people) => steps.map((s) => s.refusal?.code ?? s.act);
      return {
        units: Object.fromEntries(done.units.map((s) => [s.code, s.refusal?.code ?? s.act])),
        people: told(done.people),
        unnamed: done.unnamed,
      };
    };
    const tree = async () =>
      Object.fromEntries(
        (
          await fixture.archive.db.query<{ code: string; above: string }>(
            'select u.code, p.code as above from unit u join unit p on p.id = u.parent_id',
          )
        ).map((r) => [r.code, r.above]),
      );

    it('are shown first and then made below the chosen one by the system administrator alone, who is shown nobody', async () => {
      const before = await tree();
      const expected = { EAST: 'create', 'EAST-RD': 'create', PLAIN: 'create', U2: 'directory/unit-outside' };
      expect(await syncAs(system, { dryRun: true })).toEqual({ units: expected, people: [], unnamed: [] });
      expect(await tree()).toEqual(before);
      const others = { EAST: 'directory/not-your-office', 'EAST-RD': 'directory/not-your-office', PLAIN: 'directory/not-your-office' };
      expect((await syncAs(security, { dryRun: true, mayEmpty: true })).units).toMatchObject(others);
      expect(await tree()).toEqual(before);
      expect((await syncAs(system)).units).toEqual(expected);
      expect(await tree()).toEqual({ ...before, EAST: 'U1', 'EAST-RD': 'EAST', PLAIN: 'U1' });
    });

    it('place the person whose entry lies in one of them', async () => {
      expect((await syncAs(security, { mayEmpty: true })).people.filter((act) => act === 'create')).toHaveLength(1);
      const row = await fixture.archive.db.one<{ code: string }>(
        'select u.code from account a join unit u on u.id = a.unit_id where a.name_token = $1',
        [fixture.archive.sealer.accountToken('placed')],
      );
      expect(row?.code).toBe('EAST-RD');
    });

    it('are renamed and moved with the directory; one that it names no more is told and stays', async () => {
      const desc = Buffer.from('研发中心').toString('base64');
      modify(`dn: ou=rd,ou=east,ou=group,${SUFFIX}\nchangetype: modify\nreplace: description\ndescription:: ${desc}\n`);
      modify(`dn: ou=plain,ou=group,${SUFFIX}\nchangetype: delete\n`);
      modify(`dn: uid=placed,ou=rd,ou=east,ou=group,${SUFFIX}\nchangetype: delete\n`);
      modify(`dn: ou=rd,ou=east,ou=group,${SUFFIX}\nchangetype: modrdn\nnewrdn: ou=rd\ndeleteoldrdn: 0\nnewsuperior: ou=group,${SUFFIX}\n`);
      const done = await syncAs(system);
      expect(done).toEqual({
        units: { EAST: 'nothing', 'EAST-RD': 'change', U2: 'directory/unit-outside' },
        people: [],
        unnamed: ['PLAIN'],
      });
      expect(await tree()).toMatchObject({ EAST: 'U1', 'EAST-RD': 'U1', PLAIN: 'U1', U2: expect.not.stringMatching('U1') });
      expect((await syncAs(system)).units).toEqual({ EAST: 'nothing', 'EAST-RD': 'nothing', U2: 'directory/unit-outside' });
    });

    it('are kept by the job in the name of a system administrator, and not in that of an account that is none', async () => {
      const rename = (name: string) =>
        modify(
          `dn: ou=east,ou=group,${SUFFIX}\nchangetype: modify\nreplace: description\ndescription:: ${Buffer.from(name).toString('base64')}\n`,
        );
      const renamed = async () =>
        (
          await fixture.archive.db.query<{ actor: string }>(
            `select actor_id as actor from entry where kind = 'unit.renamed' and at_ms > $1`,
            [startedAtMs],
          )
        ).map((r) => r.actor);
      const startedAtMs = fixture.archive.clock.nowMs();
      rename('东部公司');
      const keeps = (as: string) => startLdapJob(fixture.archive, settings({ ...placed, units: { ...units, as } }));
      const refused = keeps('nobody-here');
      const fault = () => fixture.archive.db.one<{ fault: string | null }>(`select fault from directory_source where kind = 'ldap'`);
      await expect.poll(async () => (await fault())?.fault, { timeout: 30_000 }).toBe('ldap/account');
      await refused.stop();
      expect(await renamed()).toEqual([]);
      const job = keeps('account2');
      await expect.poll(renamed, { timeout: 30_000 }).toEqual([system.accountId]);
      await job.stop();
    });

    it('are kept by nobody who keeps neither units nor people', async () => {
      const archivist = await fixture.addAccount({ role: 'archivist' });
      await expect(syncAs(archivist)).rejects.toMatchObject({ code: 'desk/not-allowed' });
      await expect(syncAs(system, { person: 'user1' })).rejects.toMatchObject({ code: 'desk/not-allowed' });
    });
  });
});
