import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../api/client.ts';
import { changesOf } from './version-changes.ts';

const state: Schemas['CataloguedState'] = {
  code: '1-1',
  classCode: '1',
  title: '干部履历表',
  date: '1998-07',
  copies: 1,
  remarks: '',
  tags: ['原件'],
  fields: [{ code: 'birthDate', value: '1971-03' }],
  state: 'confirmed',
};

describe('what is catalogued otherwise', () => {
  it('is nothing between a state and itself', () => {
    expect(changesOf(state, structuredClone(state))).toEqual([]);
  });

  it('names what changed, what came and what went, in the order of the form', () => {
    const after = { ...state, title: '履历表', date: null, fields: [{ code: 'school', value: '某大学' }] };
    expect(changesOf(state, after)).toEqual([
      { what: 'title', code: '', before: '干部履历表', after: '履历表' },
      { what: 'date', code: '', before: '1998-07', after: '' },
      { what: 'field', code: 'birthDate', before: '1971-03', after: '' },
      { what: 'field', code: 'school', before: '', after: '某大学' },
    ]);
  });
});
