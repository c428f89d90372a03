import { describe, expect, it } from 'vitest';
import type { Material } from './desk-data.ts';
import { draftOf, editOf, fillTitle } from './draft.ts';

const material: Material = {
  id: 'm',
  code: null,
  classCode: '1',
  sequence: 1,
  title: '干部履历表',
  date: '2012-03',
  copies: 1,
  retention: null,
  remarks: '',
  tags: ['原件'],
  fields: [{ code: 'birthDate', value: '1982-02', confidence01: 0.8, pageId: 'p', box: [1, 2, 3, 4] }],
  confidence: { classCode: 0.9, title: 0.9, date: 0.9 },
  origin: 'scanned',
  state: 'proposed',
  pageIds: ['p'],
  findings: [],
  documentOf: null,
  countercheck: null,
  version: 3,
};
const draft = draftOf(material);

describe('the draft of the form', () => {
  it('asks for no change while it says what the material says', () => {
    expect(editOf(material, draft)).toBeNull();
    expect(editOf(material, { ...draft, title: ' 干部履历表 ' })).toBeNull();
  });
  it('asks only for what differs', () => {
    expect(editOf(material, { ...draft, title: '自传', copies: 2 })).toEqual({ title: '自传', copies: 2 });
    expect(editOf(material, { ...draft, classCode: null, tags: [] })).toEqual({ classCode: null, tags: [] });
    expect(editOf(material, { ...draft, date: { year: '', month: '', day: '' } })).toEqual({ date: null });
  });
  it('never sends a date that is none', () => {
    expect(editOf(material, { ...draft, date: { year: '2012', month: '13', day: '' } })).toBeNull();
  });
  it('sends a changed field with the place it was taken from, and an emptied one empty', () => {
    const place = new Map([['birthDate', { pageId: 'p', box: [5, 6, 7, 8] }]]);
    expect(editOf(material, { ...draft, fields: { birthDate: '1984-02' } }, place)).toEqual({
      fields: [{ code: 'birthDate', value: '1984-02', pageId: 'p', box: [5, 6, 7, 8] }],
    });
    expect(editOf(material, { ...draft, fields: { birthDate: '' } })).toEqual({ fields: [{ code: 'birthDate', value: '' }] });
    expect(editOf(material, { ...draft, fields: { ...draft.fields, shelf: '' } })).toBeNull();
  });
  it('puts the year into a title that has a place for it', () => {
    expect(fillTitle('{year}年度考核登记表', '2008')).toBe('2008年度考核登记表');
    expect(fillTitle('{year}年度考核登记表', '')).toBe('年度考核登记表');
  });
});
