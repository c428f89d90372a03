import { isIdNumber } from '@lantai/values';
import { foldText } from './fold.ts';

/** Kinds of facts that are masked until somebody has them shown: docs/spec/masking.md. */
export const SENSITIVE_KINDS = ['id_number', 'phone', 'address', 'bank_account'] as const;
export type SensitiveKind = (typeof SENSITIVE_KINDS)[number];

/** A place of a text that says something sensitive. Offsets in UTF-16 units of the text. */
export interface SensitivePlace {
  readonly kind: SensitiveKind;
  readonly start: number;
  readonly end: number;
  /** What of it stays to be seen: the first and last so many letters and digits. An address shows nothing of its range. */
  readonly shows: readonly [first: number, last: number];
}

/** What of each kind stays to be seen. */
export const SHOWS: Readonly<Record<SensitiveKind, readonly [number, number]>> = {
  id_number: [1, 1],
  phone: [3, 4],
  address: [0, 0],
  bank_account: [0, 4],
};

type Range = Omit<SensitivePlace, 'shows'>;

/** ID numbers and phones, as the index closes them: full width, spaced, boxed digit by digit or broken across lines too. */
function findNumbers(source: string): Range[] {
  const { numbers, starts, ends } = foldText(source);
  return numbers.map(({ kind, start, end }) => ({
    kind: kind === 'id' ? 'id_number' : 'phone',
    start: starts[start]!,
    end: ends[end - 1]!,
  }));
}

const DIGITS = /(?<![0-9０-９])[0-9０-９](?:[ \u3000-]?[0-9０-９]){8,29}(?![0-9０-９])/g;
const ACCOUNT_WORDS = /(?:账号|帐号|账户|帐户|卡号|银行卡|开户)[^\n0-9０-９]{0,12}$/;
const CARD_DIGITS_MIN = 16;
const CARD_DIGITS_MAX = 19;

/** The check of a payment card's number. Source: ISO/IEC 7812-1 annex B (Luhn). */
export function isCardNumber(digits: string): boolean {
  if (!/^[3-6]\d{15,18}$/.test(digits) || digits.length < CARD_DIGITS_MIN || digits.length > CARD_DIGITS_MAX) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function findAccounts(source: string): Range[] {
  const found: Range[] = [];
  for (const match of source.matchAll(DIGITS)) {
    const digits = match[0].normalize('NFKC').replace(/\D/g, '');
    const isNamed = ACCOUNT_WORDS.test(source.slice(Math.max(0, match.index - 20), match.index));
    if ((isNamed || isCardNumber(digits)) && !isIdNumber(digits))
      found.push({ kind: 'bank_account', start: match.index, end: match.index + match[0].length });
  }
  return found;
}

const HAN = '\\p{Script=Han}';
const NUMBER = '[0-9０-９一二三四五六七八九十百]{1,6}';
const STREET = '(?:大街|大道|路|街|巷|弄|胡同|[东南西北]里|小区|新村|花园|家园|公寓)';
const DOOR = '(?:号院|号楼|号|弄|栋|幢|座|单元|室)';
const TAIL = `(?:[-—－#、 ]?(?:${NUMBER}|[A-Za-z])[-—－]?${DOOR}?){0,6}`;
/** A street with a house number: `中关村大街27号院3号楼502室`. */
const AT_STREET = new RegExp(`${HAN}[${HAN}0-9A-Za-z]{0,23}?${STREET}(?:[东南西北中]段?|附|第)?${NUMBER}${DOOR}${TAIL}`, 'gu');
/** A village: `平阴县孔村镇前转湾村12号`. */
const AT_VILLAGE = new RegExp(`(?<=[省市区县旗])${HAN}{1,8}(?:乡|镇|街道)${HAN}{1,10}?(?:村|屯|庄)(?:${NUMBER}(?:组|队|社|号))*`, 'gu');
/** What a form says beside: everything on the line behind it. */
const BY_LABEL =
  /(?:家庭住址|现住址|户籍地址|户口所在地|户籍所在地|常住地址|通[讯信]地址|联系地址|家庭地址|居住地址|居住地|住址|住所|地址)[ \u3000]*[:：]?[ \u3000]*([^\n:：；;。，,]{3,60})/g;
/** Down to the county an address says no more than a native place does. */
const COUNTY = new RegExp(
  `^(?:${HAN}{2,8}?(?:省|自治区))?(?:${HAN}{2,8}?(?:市|自治州|地区|盟))?(?:${HAN}{1,8}?(?:新区|区|县|旗|市))?`,
  'u',
);
const LAST_COUNTY = new RegExp(`^.*(?:省|自治区|市|自治州|盟|区(?!\\d)|县|旗)(?=${HAN})`, 'u');
const HEAD_LEAST = 6;

/** Where an address found without a label begins to say too much: behind its county, or with the name of its street. */
function startOfStreet(text: string): number {
  const head = new RegExp(`^.*?${STREET}(?=(?:[东南西北中]段?|附|第)?${NUMBER}${DOOR})`, 'u').exec(text)?.[0] ?? text;
  const county = LAST_COUNTY.exec(head.slice(0, -1))?.[0].length ?? 0;
  return county > 0 ? county : Math.max(0, head.length - HEAD_LEAST);
}

const looksLikePlace = (text: string): boolean => /[路街巷弄村镇乡组号栋幢楼室区县院庄屯\d]/u.test(text);

function findAddresses(source: string): Range[] {
  const found: Range[] = [];
  const add = (start: number, end: number) => {
    if (end > start) found.push({ kind: 'address', start, end });
  };
  for (const match of source.matchAll(BY_LABEL)) {
    const value = match[1]!.trimEnd();
    const start = match.index + match[0].length - match[1]!.length;
    const county = COUNTY.exec(value)?.[0].length ?? 0;
    if (looksLikePlace(value.slice(county))) add(start + county, start + value.length);
  }
  for (const match of source.matchAll(AT_STREET)) add(match.index + startOfStreet(match[0]), match.index + match[0].length);
  for (const match of source.matchAll(AT_VILLAGE)) add(match.index, match.index + match[0].length);
  return found;
}

/** Numbers before accounts before addresses, where they lie over each other. */
const RANK: readonly SensitiveKind[] = ['id_number', 'phone', 'bank_account', 'address'];

/** Every sensitive place of a text, in order, none over another. Lines are joined by `\n`. */
export function findSensitive(source: string): SensitivePlace[] {
  const all = [...findNumbers(source), ...findAccounts(source), ...findAddresses(source)].sort(
    (a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const taken: Range[] = [];
  for (const place of all) if (taken.every((t) => t.end <= place.start || t.start >= place.end)) taken.push(place);
  return taken.sort((a, b) => a.start - b.start).map((place) => ({ ...place, shows: SHOWS[place.kind] }));
}

/** Words of the sealed categories: what a text says of discipline or of somebody's health. */
const WORDS = {
  discipline: /处分|记过|记大过|撤职|开除|留党察看|违纪|违法|立案|审查调查|诫勉|通报批评|拘留|判处|有期徒刑/g,
  health: /病历|诊断|病史|患有|住院|手术|残疾|精神病|传染病|肝炎|肿瘤|癌|艾滋|怀孕|流产|体检结论/g,
} as const;

/** How often a text says what may not leave unseen: by kind, and words of discipline and health. */
export type SensitiveCounts = Readonly<Record<SensitiveKind | keyof typeof WORDS, number>>;

export const NOTHING_SENSITIVE: SensitiveCounts = { id_number: 0, phone: 0, address: 0, bank_account: 0, discipline: 0, health: 0 };

/** Counts by kind alone; what was found is not kept. */
export function countSensitive(source: string): SensitiveCounts {
  const counts = { ...NOTHING_SENSITIVE } as Record<keyof SensitiveCounts, number>;
  for (const { kind } of findSensitive(source)) counts[kind]++;
  for (const kind of ['discipline', 'health'] as const) counts[kind] = source.match(WORDS[kind])?.length ?? 0;
  return counts;
}

/** The counts of two texts together. */
export function addSensitive(a: SensitiveCounts, b: SensitiveCounts): SensitiveCounts {
  const sum = { ...a } as Record<keyof SensitiveCounts, number>;
  for (const kind of Object.keys(b) as (keyof SensitiveCounts)[]) sum[kind] += b[kind];
  return sum;
}
