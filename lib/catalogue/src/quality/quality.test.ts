import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type CheckedMaterial,
  checkCompleteness,
  indexTitles,
  type Judged,
  loadQualityStandard,
  loadScheme,
  type QualityScore,
  type SubjectFacts,
  scoreDossier,
} from '../index.ts';

const file = (path: string) => readFileSync(new URL(`../../../../schemes/${path}`, import.meta.url), 'utf8');
const scheme = loadScheme(file('cadre-2018.yaml'));
const index = indexTitles(scheme);
const standardText = file('quality/cadre-100.yaml');
const standard = loadQualityStandard(standardText);

type Line = readonly [classCode: string, title: string, year: number | null];

/** A person who graduated in 2010 and has been at work since; every condition is answered. */
const TRUE = [
  'cadre',
  'graduate',
  'higher_education',
  'bachelor',
  'graduate_before_2023',
  'insured',
  'probation_passed',
  'party_member',
  'league_member',
];
const ALL = Object.keys(scheme.conditions);
const facts = (more: Record<string, boolean> = {}): SubjectFacts => ({
  conditions: { ...Object.fromEntries(ALL.map((code) => [code, TRUE.includes(code)])), ...more },
  service: { firstYear: 2010, lastYear: 2025 },
});
const YEARS = Array.from({ length: 16 }, (_, i) => 2010 + i);
const COMPLETE: readonly Line[] = [
  ['1', '干部履历表', 2015],
  ['2', '自传', 2009],
  ...YEARS.map((year): Line => ['3', `${year}年度考核登记表`, year + 1]),
  ['3', '毕业生见习期考核鉴定表', 2011],
  ['4-1', '高中毕业生登记表', 2006],
  ['4-1', '高等学校招生报考登记表', 2006],
  ['4-1', '学生登记表', 2006],
  ['4-1', '学生成绩登记表', 2010],
  ['4-1', '高等学校毕业生登记表', 2010],
  ['4-1', '授予学士学位审批表', 2010],
  ['4-1', '毕业证书', 2010],
  ['4-1', '学位证书', 2010],
  ['6', '入党志愿书', 2009],
  ['6', '入党申请书', 2007],
  ['6', '转正申请书', 2010],
  ['6', '入党政治审查材料', 2009],
  ['6', '入党积极分子培养考察登记表', 2009],
  ['6', '入团志愿书', 2003],
  ['9-1', '转正定级审批表', 2011],
  ...[2010, 2012, 2014, 2016, 2018, 2020, 2022, 2024].map((year): Line => ['9-1', '工资变动审批表', year]),
  ['9-1', '社会保险参保人员登记表', 2010],
  ['9-1', '视同缴费年限认定表', 2014],
  ['9-2', '事业单位聘用审批表', 2010],
  ['10', '全国普通高等学校毕业生就业报到证', 2010],
];
/** A person has looked at whatever only a person can tell, and found nothing. */
const LOOKED: Readonly<Record<string, number>> = Object.fromEntries(standard.items.map((i) => [i.code, 0]));

interface Change {
  readonly lines?: readonly Line[];
  readonly facts?: SubjectFacts;
  readonly loosePages?: number;
  readonly byPerson?: Readonly<Record<string, number>>;
}

function score({ lines = COMPLETE, facts: known = facts(), loosePages = 0, byPerson = LOOKED }: Change = {}): QualityScore {
  const materials = lines.map(
    ([classCode, title, year], i): CheckedMaterial => ({
      id: `m${i}`,
      classCode,
      title,
      date: year === null ? null : { year },
      pages: 1,
      record: false,
    }),
  );
  const findings = checkCompleteness(scheme, materials, known, index);
  const judged: Judged = { scheme, index, materials, facts: known, loosePages, findings, byPerson };
  return scoreDossier(standard, judged);
}

const without = (...titles: string[]) => COMPLETE.filter(([, title]) => !titles.includes(title));
const itemOf = (result: QualityScore, code: string) => result.items.find((i) => i.code === code)!;

describe('a quality standard of 100 points', () => {
  it('gives a complete dossier of a 2010 graduate 100, the 2015 résumé form accepted, nothing open and nothing to chase', () => {
    const result = score();
    expect(result.items.filter((i) => i.lost > 0 || i.state === 'open').map((i) => [i.code, i.reasons])).toEqual([]);
    expect([result.score, result.grade, result.open, result.chased]).toEqual([100, 'excellent', 0, []]);
    const states = Object.fromEntries(result.items.map((i) => [i.code, i.state]));
    expect(states).toMatchObject({ '3': 'full', '5': 'not_applicable', '8': 'full', '11': 'not_applicable', '15': 'full', '18': 'full' });
  });

  /** A dossier that loses in each item, and how much; begun from the complete one. */
  const TWINS: Readonly<Record<string, readonly [Change, number]>> = {
    '1': [{ facts: facts({ civil_servant: true }) }, 100],
    '2': [{ facts: facts({ before_appointment: true }), byPerson: { ...LOOKED, '2': 3 } }, 3],
    '3': [{ lines: [...without('干部履历表'), ['1', '干部履历表', 1995]] }, 5],
    '4': [{ lines: [...without('干部履历表'), ['1', '干部履历表', null]] }, 0.5],
    '5': [{ facts: facts({ leader: true }) }, 3],
    '6': [{ lines: [...COMPLETE, ['9-2', '干部考察材料', null]] }, 1],
    '7': [{ facts: facts({ leader: true }) }, 2],
    '8': [{ lines: without('2017年度考核登记表') }, 1],
    '9': [{ lines: without('高等学校毕业生登记表', '学位证书') }, 2],
    '10': [{ facts: facts({ long_training: true }) }, 0.5],
    '11': [{ facts: facts({ title_holder: true }) }, 4],
    '12': [{ facts: facts({ licensed: true }) }, 1],
    '13': [{ facts: facts({ date_changed: true }) }, 4],
    '14': [{ facts: facts({ date_changed: true }) }, 4],
    '15': [{ lines: without('入党志愿书') }, 8],
    '16': [{ facts: facts({ awarded: true }) }, 1],
    '17': [{ facts: facts({ punished: true }) }, 6],
    '18': [{ lines: COMPLETE.filter(([, title, year]) => title !== '工资变动审批表' || (year ?? 0) < 2014 || (year ?? 0) > 2020) }, 0.5],
    '19': [{ lines: without('事业单位聘用审批表') }, 2],
    '20': [{ lines: [...COMPLETE, ['9-2', '干部任免审批表', null]] }, 1],
    '21': [{ lines: [...without('自传'), ['1', '自传', 2009]] }, 1],
    '22': [{ lines: [...without('自传'), ['2', '自传', null]] }, 1],
    '23': [{ loosePages: 2 }, 1],
  };

  it('has a twin for every item of it', () => {
    expect(Object.keys(TWINS)).toEqual(standard.items.map((i) => i.code));
  });

  it.each(Object.entries(TWINS))('takes points off for item %s and says why', (code, [change, lost]) => {
    const result = score(change);
    const item = itemOf(result, code);
    expect([item.state, item.lost]).toEqual(['lost', lost]);
    expect(item.reasons.some((r) => r.code.startsWith('quality/') && Number(r.params?.lost) > 0)).toBe(true);
    expect(code === '1' ? result.grade === 'vetoed' : result.score < 100).toBe(true);
    expect(itemOf(score(), code).lost).toBe(0);
  });

  it('costs nothing where it does not apply, and asks where nobody has determined whether it does', () => {
    const asks = score({
      facts: { ...facts(), conditions: { ...facts().conditions, party_member: undefined as unknown as boolean } },
      lines: without('入党志愿书'),
    });
    expect(itemOf(asks, '15')).toMatchObject({
      state: 'open',
      lost: 0,
      reasons: [{ code: 'quality/condition-unknown', params: { condition: 'party_member' } }],
    });
    expect([asks.score, asks.open]).toEqual([100, 1]);
    const not = score({ facts: facts({ party_member: false }), lines: without('入党志愿书') });
    expect([itemOf(not, '15').state, not.score]).toEqual(['not_applicable', 100]);
  });

  it('never takes more off than an item is worth, and what only a person can tell is open until it was told', () => {
    const many = score({ lines: COMPLETE.filter(([classCode]) => classCode !== '3').concat([['3', '2010年度考核登记表', 2010]]) });
    expect([itemOf(many, '8').lost, itemOf(many, '8').reasons.length]).toEqual([2, 15]);
    const unjudged = score({ byPerson: {} });
    expect(unjudged.items.filter((i) => i.state === 'open').map((i) => i.code)).toEqual(['1', '4', '23']);
    expect([unjudged.score, unjudged.open]).toEqual([100, 3]);
    expect(itemOf(score({ byPerson: { ...LOOKED, '23': 2 } }), '23')).toMatchObject({ lost: 2, person: { lost: 2 } });
  });

  it('asks of who began before 1988 for the form of that year too', () => {
    const old = { ...facts(), service: { firstYear: 1985, lastYear: 2025 } };
    expect(itemOf(score({ facts: old }), '3').lost).toBe(3);
    expect(itemOf(score({ facts: old, lines: [...COMPLETE, ['1', '干部履历表', 1988]] }), '3').lost).toBe(0);
  });

  it('lists what is to be chased in the order of the catalogue, each once, with the items it costs', () => {
    const { chased } = score({ lines: without('入党志愿书', '2017年度考核登记表', '学位证书') });
    expect(chased).toEqual([
      { classCode: '3', title: '年度考核登记表', year: 2017, key: false, items: ['8'] },
      { classCode: '4-1', title: '学位证书', year: null, key: false, items: ['9'] },
      { classCode: '6', title: '入党志愿书', year: null, key: true, items: ['15'] },
    ]);
  });

  it('never repeats what somebody typed', () => {
    expect(JSON.stringify(score({ lines: [...COMPLETE, ['1', '王小明的某表', 2000]] }))).not.toContain('王小明');
  });
});

describe('the file of a standard', () => {
  it('names titles, classes and conditions that its schemes have, and findings that there are', () => {
    for (const id of standard.schemes) {
      const own = loadScheme(file(`${id}.yaml`));
      const titles = new Set(own.classes.flatMap((c) => c.titles.map((t) => t.name)));
      for (const { code, checks } of standard.items)
        for (const check of checks) {
          for (const name of [...check.held, ...('any' in check ? check.any : [])]) expect(titles, `${id} ${code}`).toContain(name);
          for (const name of check.when) expect(Object.keys(own.conditions), `${id} ${code}`).toContain(name);
          if (check.kind === 'needs') for (const name of check.classes) expect(own.classes.map((c) => c.code)).toContain(name);
        }
    }
  });

  it('is refused with its line when it is wrong: a check of no kind, a key too many, points out of range, an item twice', () => {
    const wrong = (from: string, to: string) => () => loadQualityStandard(standardText.replace(from, to));
    expect(wrong('kind: loose', 'kind: guess')).toThrow('scheme/invalid');
    expect(wrong('kind: loose, ', 'kind: loose, colour: red, ')).toThrow('scheme/invalid');
    expect(wrong('points: 10\n', 'points: 1000\n')).toThrow('scheme/invalid');
    expect(wrong('code: "2"', 'code: "1"')).toThrow('scheme/invalid');
    expect(wrong('lost: "0.5"', 'lost: "-1"')).toThrow('scheme/invalid');
  });
});
