import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personOfEntry } from './ldap-person.ts';
import { readLdapSettings } from './ldap-settings.ts';
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
    ])
      expect([over, code(over)]).toEqual([over, 'ldap/settings']);
  });
});

describe('a search', () => {
  it('by a filter that is none is refused before anything is asked', async () => {
    await expect(readLdap(read({ filter: '(uid=*' }))).rejects.toMatchObject({ code: 'ldap/settings', detail: { what: 'filter' } });
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
