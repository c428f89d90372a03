import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personOfEntry } from './ldap-person.ts';
import { placeKey, placeOfDn } from './ldap-place.ts';
import { readLdapSettings } from './ldap-settings.ts';
import { unitsOfEntries } from './ldap-units.ts';
import { readLdap } from './read-ldap.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-ldap-'));
  mkdirSync(at('data'));
  for (const name of ['secret', 'open', 'data/secret', 'empty'])
    writeFileSync(at(name), name === 'empty' ? '\n' : 'geheim\n', { mode: 0o600 });
  chmodSync(at('open'), 0o644);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BASE = {
  url: 'ldaps://ldap.example.cn',
  bindDn: 'cn=reader,dc=example,dc=cn',
  passwordFile: 'secret',
  base: 'dc=example,dc=cn',
  as: 'secadmin',
};
function read(over: object = {}) {
  writeFileSync(at('ldap.json'), JSON.stringify({ ...BASE, ...over }));
  return readLdapSettings(at('ldap.json'), at('data'));
}
const code = (over: object) => {
  try {
    read(over);
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('settings of an LDAP directory', () => {
  it('are read with what is usual where nothing is said', () => {
    expect(read()).toMatchObject({
      password: 'geheim',
      startTls: false,
      everyMinutes: 60,
      attributes: { externalId: 'entryUUID', loginName: 'uid', unit: 'departmentNumber' },
    });
    expect(read({ attributes: { externalId: 'objectGUID' } }).attributes).toMatchObject({ externalId: 'objectGUID', loginName: 'uid' });
  });

  it('let no password go in clear, lie in the data, be read by others or be missing', () => {
    expect(code({ url: 'ldap://ldap.example.cn' })).toBe('ldap/clear');
    for (const over of [{ url: 'ldap://ldap.example.cn', startTls: true }, { url: 'ldap://127.0.0.1:389' }, {}])
      expect(code(over)).toBe('taken');
    expect(code({ passwordFile: 'open' })).toBe('ldap/secret-open');
    expect(code({ passwordFile: 'data/secret' })).toBe('ldap/secret-inside-data');
    for (const passwordFile of ['none', 'empty']) expect(code({ passwordFile })).toBe('ldap/settings');
  });

  it('that are not right are refused, with what is wrong', () => {
    for (const over of [
      { url: 'https://x.cn' },
      { url: 'ldaps://user:pass@x.cn' },
      { startTls: true },
      { attributes: { role: 'title' } },
      { attributes: { loginName: 'uid)(cn=*' } },
      { everyMinutes: 1 },
      { password: 'x' },
      { as: undefined },
      { units: {} },
      { units: { base: 'ou=x', everything: true } },
    ])
      expect([over, code(over)]).toEqual([over, 'ldap/settings']);
  });
});

describe('a search', () => {
  it('by a filter that is none is refused before anything is asked', async () => {
    await expect(readLdap(read({ filter: '(uid=*' }))).rejects.toMatchObject({ code: 'ldap/settings', detail: { what: 'filter' } });
    const units = { base: 'ou=x', filter: 'ou=*)' };
    await expect(readLdap(read({ units }))).rejects.toMatchObject({ code: 'ldap/settings', detail: { what: 'units.filter' } });
  });
});

describe('the place of an entry', () => {
  const same = (...dns: string[]) => expect(new Set(dns.map((dn) => placeKey(placeOfDn(dn)))).size).toBe(1);

  it('is the same however its name is written', () => {
    same('OU=Staff,DC=Test', 'ou=staff,dc=test', 'ou = staff , dc = test');
    same('ou=A\\, B,dc=x', 'ou=a\\2c b,dc=x', 'ou=A\\,  B,dc=x');
    same('ou=人事处,dc=x', 'ou=\\e4\\ba\\ba\\e4\\ba\\8b\\e5\\a4\\84,dc=x');
    same('cn=a+uid=b,dc=x', 'uid=b+cn=a,dc=x');
  });

  it('is another where a comma is part of a name and where it parts two', () => {
    expect(placeOfDn('ou=a\\,ou=b,dc=x')).toHaveLength(2);
    expect(placeOfDn('ou=a,ou=b,dc=x')).toEqual(['ou=a', 'ou=b', 'dc=x']);
    expect(placeOfDn('')).toEqual([]);
  });
});

describe('organisational units out of LDAP entries', () => {
  const settings = {
    base: 'ou=Group, dc=test',
    filter: '(objectClass=organizationalUnit)',
    below: 'HQ',
    attributes: { code: 'ou', name: 'description' },
  };
  const entries = [
    { dn: 'ou=group,dc=test', ou: 'group' },
    { dn: 'ou=RD,ou=East,ou=Group,dc=test', ou: 'RD', description: '研发部' },
    { dn: 'ou=East,ou=Group,dc=test', OU: ['East', 'E'], description: [] },
    { dn: 'ou=Lab,cn=inner,ou=RD,ou=East,ou=Group,dc=test', ou: 'Lab', description: '实验室' },
    { dn: 'ou=Nameless,ou=Group,dc=test' },
  ];
  const { units, codeAt } = unitsOfEntries(entries, settings);

  it('hang below the nearest that holds them, the outermost below the chosen unit, and the one searched from is none', () => {
    expect(units).toEqual([
      { row: null, code: 'RD', name: '研发部', parentCode: 'East' },
      { row: null, code: 'East', name: 'East', parentCode: 'HQ' },
      { row: null, code: 'Lab', name: '实验室', parentCode: 'RD' },
      // Without a code it is kept in the list, so that the plan refuses it where it is seen.
      { row: null, code: '', name: '', parentCode: 'HQ' },
    ]);
  });

  it('say where a person works whose entry says it not', () => {
    const attributes = { externalId: 'entryUUID', loginName: 'uid', displayName: 'cn', unit: 'departmentNumber', holderNumber: 'no' };
    const unit = (entry: object) => personOfEntry({ ...entry }, { attributes }, codeAt).unit;
    expect(unit({ dn: 'uid=a,ou=rd,ou=east,ou=group,dc=test' })).toBe('RD');
    expect(unit({ dn: 'uid=a,ou=rd,ou=east,ou=group,dc=test', departmentNumber: 'X1' })).toBe('X1');
    expect(unit({ dn: 'uid=a,ou=group,dc=test' })).toBeNull();
    expect(unit({ dn: 'uid=a,ou=RD,dc=test' })).toBeNull();
  });
});

describe('a person out of an LDAP entry', () => {
  const attributes = {
    externalId: 'objectGUID',
    loginName: 'sAMAccountName',
    displayName: 'cn',
    unit: 'ou',
    holderNumber: 'employeeNumber',
  };
  const person = (entry: object, disabled?: string) =>
    personOfEntry({ dn: 'x', ...entry }, { attributes: { ...attributes, disabled } as Parameters<typeof personOfEntry>[1]['attributes'] });

  it('is read by the names of attributes in any case, bytes as hexadecimal, the first of many values', () => {
    const entry = { OBJECTGUID: Buffer.of(1, 0xab), samaccountname: 'gongye', cn: ['公冶长', '公冶'], ou: [], title: '安全管理员' };
    expect(person(entry)).toEqual({
      row: null,
      externalId: '01ab',
      loginName: 'gongye',
      displayName: '公冶长',
      unit: null,
      role: null,
      level: null,
      disabled: false,
      holderNumber: null,
    });
    expect(person({}).externalId).toBe('');
  });

  it('is disabled by what directories write for it, and by nothing else', () => {
    const off: [string, string][] = [
      ['userAccountControl', '514'],
      ['UserAccountControl', '66050'],
      ['pwdAccountLockedTime', '20261122101500Z'],
      ['nsAccountLock', 'TRUE'],
    ];
    const on: [string, string][] = [
      ['userAccountControl', '512'],
      ['userAccountControl', 'x'],
      ['nsAccountLock', 'FALSE'],
      ['pwdAccountLockedTime', ''],
    ];
    expect([...off, ...on].map(([name, value]) => person({ [name]: value }, name).disabled)).toEqual([
      ...off.map(() => true),
      ...on.map(() => false),
    ]);
  });
});
