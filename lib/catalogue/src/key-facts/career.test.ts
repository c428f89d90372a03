import { findPartialDate } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import { careerOf } from './career.ts';
import type { KeyFactMaterial } from './model.ts';

const material = (id: string, fields: Readonly<Record<string, string>>): KeyFactMaterial => ({
  id,
  title: id,
  date: findPartialDate('2012'),
  pageIds: [],
  fields: Object.fromEntries(
    Object.entries(fields).map(([code, value]) => [code, { value, written: null, confidence01: 0.99, pageId: null, box: null, flags: [] }]),
  ),
  marks: {},
});

describe('the rows of the career', () => {
  it('come in order of time, with what proves them; contracts of one unit that meet are one', () => {
    const rows = careerOf([
      material('第二份合同', { unit: '青岚机械厂', contractStart: '2005-08', contractEnd: '2008-07' }),
      material('合同', { unit: '青岚机械厂', contractStart: '2002-08', contractEnd: '2005-07' }),
      material('毕业生登记表', { school: '华北水利学院', enrolDate: '1998-09', graduationDate: '2002-07' }),
    ]);
    expect(rows).toEqual([
      { kind: 'study', from: '1998-09', to: '2002-07', place: '华北水利学院', materialIds: ['毕业生登记表'] },
      { kind: 'work', from: '2002-08', to: '2008-07', place: '青岚机械厂', materialIds: ['合同', '第二份合同'] },
    ]);
  });

  it('are none of a time without months, or that ends before it begins', () => {
    const odd = [
      material('合同甲', { unit: '甲', contractStart: '2002', contractEnd: '2005-07' }),
      material('合同乙', { unit: '乙', contractStart: '2006-07', contractEnd: '2005-07' }),
    ];
    expect(careerOf(odd)).toEqual([]);
  });
});
