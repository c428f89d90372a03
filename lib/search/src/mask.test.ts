import { idNumberCheck } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMasked, maskField, maskIdNumber, maskLines, maskText } from './mask.ts';
import { countSensitive, findSensitive, isCardNumber, SENSITIVE_KINDS, type SensitiveKind } from './sensitive.ts';
import { makeSnippet } from './snippet.ts';

const two = (n: number) => String(n).padStart(2, '0');
/** ID numbers with a right check character. */
const idNumber = fc
  .tuple(
    fc.integer({ min: 110000, max: 659999 }),
    fc.integer({ min: 1900, max: 2020 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([region, year, month, day, order]) => `${region}${year}${two(month)}${two(day)}${String(order).padStart(3, '0')}`)
  .map((first17) => first17 + idNumberCheck(first17));
const mobile = fc
  .tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([a, b]) => `1${a}${String(b).padStart(9, '0')}`);
/** Card numbers with a right check digit. */
const card = fc.integer({ min: 0, max: 999_999_999 }).map((n) => {
  const body = `622202${String(n).padStart(9, '0')}`;
  return [...'0123456789'].map((d) => body + d).find(isCardNumber)!;
});
/** Chinese writing without digits, which nothing sensitive grows out of. */
const prose = fc
  .array(fc.constantFrom(...'本人于今年参加工作，表现良好。同志们一致同意；党支部大会通过，'), { maxLength: 30 })
  .map((c) => c.join(''));
const wide = (text: string) => text.replace(/[0-9]/g, (d) => String.fromCodePoint(0xff10 + Number(d)));

describe('masking', () => {
  it('hides every ID number but its ends, and every phone, card and spelling of them', () => {
    fc.assert(
      fc.property(prose, idNumber, mobile, card, prose, (before, id, phone, account, after) => {
        const text = `${before}身份证${id}，手机${phone}；卡${account}。${after}`;
        const masked = maskText(text);
        expect(masked.length).toBe(text.length);
        for (const whole of [id, phone, account]) expect(masked).not.toContain(whole);
        expect(masked).toContain(`身份证${id[0]}${'*'.repeat(16)}${id[17]}，手机${phone.slice(0, 3)}****${phone.slice(-4)}；`);
        expect(masked).toContain(`卡${'*'.repeat(12)}${account.slice(-4)}。`);
        expect(masked.startsWith(before) && masked.endsWith(after)).toBe(true);
        const spelt = maskText(`${wide(id)}。${[...id].join(' ')}。${id.slice(0, 9)}\n${id.slice(9)}`);
        expect(spelt.normalize('NFKC').replace(/[^0-9X]/g, '')).toBe(`${id[0]}${id[17]}`.repeat(3));
      }),
      { numRuns: 60 },
    );
  });

  it('is as long as the text, changes nothing a second time, and shows what is asked for', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      prose,
      idNumber,
      mobile,
      card,
      fc.constant('北京市海淀区中关村大街27号'),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 6 }), fc.subarray([...SENSITIVE_KINDS]), (parts, kinds) => {
        const text = parts.join('；');
        const masked = maskText(text);
        expect(masked.length).toBe(text.length);
        expect(maskText(masked)).toBe(masked);
        expect(maskText(text, new Set(SENSITIVE_KINDS))).toBe(text);
        const shown = new Set<SensitiveKind>(kinds);
        const part = maskText(text, shown);
        for (const { kind, start, end } of findSensitive(text))
          if (shown.has(kind)) expect(part.slice(start, end)).toBe(text.slice(start, end));
        const lines = text.split('\n');
        expect(maskLines(lines).join('\n')).toBe(masked);
      }),
      { numRuns: 100 },
    );
  });

  it('hides in a snippet what it hides in the whole page', () => {
    const parts = fc.array(fc.oneof(prose, idNumber, mobile, card, fc.constant('住址：山东省济南市历下区泉城路18号')), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(parts, fc.nat(), (some, at) => {
        const text = some.join('；\n');
        const start = at % (text.length + 1);
        const hits = [{ start, end: Math.min(text.length, start + 2), term: 0, certainty: 'exact' as const }];
        const whole = makeSnippet(maskText(text), hits);
        expect(makeSnippet(text, hits, maskText)).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['现住北京市海淀区中关村大街27号院3号楼502室。', '现住北京市海淀区****************。'],
    ['家庭住址：山东省济南市历下区泉城路18号', '家庭住址：山东省济南市历下区******'],
    ['住址 平阴县孔村镇前转湾村', '住址 平阴县*******'],
    ['平阴县孔村镇前转湾村12组', '平阴县**********'],
    ['住在长江路12号', '********'],
    ['电话010-82345678转', '电话010-****5678转'],
    ['开户银行账号：0200 0012 3456', '开户银行账号：**** **** 3456'],
  ])('of %s gives %s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    '籍贯山东省济南市',
    '1987年5月参加工作',
    '鲁人社发〔2021〕112号',
    '四-1 干部履历表 3份',
    '中山路小学',
    '铁道部2号文件',
    '住址：北京市',
    '档号 Z109-2018-0001-0023',
    '20180501001',
  ])('leaves %s as it is', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('hides a field by what it is called, though its value has no known form', () => {
    expect(maskField('idNumber', '110101194912310023')).toBe('1****************3');
    expect(maskIdNumber('110101491231002')).toBe('1*************2');
    expect(maskField('idNumber', '军字第0012345号')).toBe('军*********号');
    expect(maskField('c1 家庭电话', '8234567')).toBe('*******');
    expect(maskField('homeAddress', '老院东屋')).toBe('****');
    expect(maskField('school', '山东大学')).toBe('山东大学');
    expect(isMasked(maskField('idNumber', '110101194912310023'))).toBe(true);
    expect(isMasked('见附件**')).toBe(false);
  });
});

describe('counting what leaves', () => {
  it('counts places by kind, and words of discipline and health', () => {
    const text = '身份证110105194912310021，电话13800138000\n家庭住址：山东省济南市历下区泉城路18号\n1998年受党内警告处分；诊断为肝炎';
    expect(countSensitive(text)).toEqual({ id_number: 1, phone: 1, address: 1, bank_account: 0, discipline: 1, health: 2 });
    expect(Object.values(countSensitive('干部履历表')).every((n) => n === 0)).toBe(true);
  });
});
