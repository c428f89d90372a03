import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageReading } from '../page-reading.ts';
import { propose } from '../propose.ts';
import { heading, type MadeLine, madePage, shippedKnowledge } from '../testing/made-pages.ts';
import { decide, SURE_01 } from './decide.ts';
import type { Example } from './example.ts';
import { kindOfTitle, titleOfKind } from './kinds.ts';
import { decodeModel, encodeModel } from './model.ts';
import { retrain } from './retrain.ts';
import { revise, ruledOf } from './revise.ts';

const cadre = shippedKnowledge((path) => readFileSync(join(import.meta.dirname, '../../../../schemes', path), 'utf8'));

/** FNV-1a stands in for the keyed hash that the server gives. */
const hash = (word: string): number => {
  let h = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(word)) h = Math.imul(h ^ unit, 0x01000193);
  return h >>> 0;
};
const NAMES = ['贺远山', '苏慕云', '闵子骞', '祁连城', '柏青枝', '郁文渊', '戚长风', '岑晚照', '景行之', '鲍叔同'];
const nameOf = (n: number) => NAMES[n % NAMES.length]!;

/** A form of this archive's own that no scheme knows: its heading is unreadable to the rules, its words are always alike. */
const ownForm = (n: number): PageReading =>
  madePage(`own${n}`, [
    heading('入库人员花名卡'),
    ['姓名', 300, 600],
    [nameOf(n), 620, 600],
    ['工号牌发放', 300, 900],
    ['更衣箱钥匙', 300, 1050],
    ['车间班次安排', 300, 1200],
    [`19${60 + (n % 30)}年3月${1 + (n % 28)}日`, 1800, 2300],
  ]);
const payForm = (n: number): PageReading =>
  madePage(`pay${n}`, [
    heading('机关事业单位工作人员工资变动审批表'),
    ['姓名', 300, 600],
    [nameOf(n), 620, 600],
    ['职务', 1020, 740],
    ['会计', 1380, 740],
    ['审批机关意见', 220, 1600],
    [`19${70 + (n % 29)}年9月13日`, 1800, 1680],
  ] satisfies MadeLine[]);

function look(page: PageReading) {
  const { proposals, traits } = propose([page], cadre);
  const [proposal, of] = [proposals[0]!, traits[0]!];
  return { proposal, features: of.traits.map(hash), signature: hash(of.signature), ruled: ruledOf(proposal), words: of };
}

function example(page: PageReading, at: number, stood?: Example['stood']): Example {
  const { features, signature, ruled } = look(page);
  const accepted = { classCode: ruled.classCode ?? '10', title: ruled.title ?? '' };
  return { features, signature, ruled, dossier: at, stood: stood ?? accepted, atMs: at };
}

const OWN = { classCode: '9-1', title: '职工登记卡' };
/** Every third page is the archive's own form, which is corrected each time; the others are accepted. */
const corrected = (count: number, stood: (n: number) => Example['stood'] = () => OWN): Example[] =>
  Array.from({ length: count }, (_, n) => (n % 3 ? example(payForm(n), n) : example(ownForm(n), n, stood(n))));

describe('learning from what persons corrected', () => {
  it('proposes the archive’s own form rightly once it was corrected some times, and never as surely as the rules are of theirs', () => {
    const next = look(ownForm(99));
    const rules = decide(null, next.features, next.signature, next.ruled);
    expect([rules.classCode.value, rules.title.value]).not.toEqual([OWN.classCode, OWN.title]);
    const { model, evaluation } = retrain(corrected(36), null);
    expect(evaluation).toMatchObject({ heldOut: 7, verdict: 'better', changed: 4, changedRight: 4 });
    const { proposal, isChanged } = revise(next.proposal, decide(model, next.features, next.signature, next.ruled));
    expect([isChanged, proposal.classCode?.value, proposal.title?.value]).toEqual([true, OWN.classCode, OWN.title]);
    expect(proposal.title?.reason.code).toBe('learnt');
    expect(Math.max(proposal.title!.confidence01, proposal.classCode!.confidence01)).toBeLessThan(SURE_01);
    // Dates and fields are no business of it.
    expect([proposal.date, proposal.fields]).toEqual([next.proposal.date, next.proposal.fields]);
  });

  it('leaves alone what the rules are sure of and nobody corrected', () => {
    const { model } = retrain(corrected(36), null);
    const { proposal, features, signature, ruled } = look(payForm(99));
    expect(revise(proposal, decide(model, features, signature, ruled))).toEqual({ proposal, isChanged: false });
  });

  it('does not let corrections without sense through, and believes the rules less where those were made', () => {
    const titles = ['甲类登记卡', '乙类登记卡', '丙类登记卡', '丁类登记卡'];
    const classes = ['1', '5', '9-1', '10'];
    // A fixed sequence without a period that a model could find.
    const at = (n: number) => (Math.imul(n + 7, 2654435761) >>> 13) & 3;
    const { evaluation } = retrain(
      corrected(90, (n) => ({ classCode: classes[at(n)]!, title: titles[at(n * 31 + 5)]! })),
      null,
    );
    expect(evaluation.verdict).not.toBe('better');
  });

  it('replaces a model only with one that is not worse on what neither had seen', () => {
    const first = retrain(corrected(36), null).model;
    const turned = { classCode: '10', title: '花名卡' };
    const more = (count: number, stood: Example['stood']) =>
      Array.from({ length: count }, (_, n) => example(ownForm(200 + n), 200 + n, stood));
    expect(retrain([...corrected(36), ...more(12, OWN)], first).evaluation.verdict).toBe('better');
    // The archive has begun to call the form otherwise: as long as that is as often as not, nothing can be said of the next one.
    expect(retrain([...corrected(36), ...more(14, turned)], first).evaluation.verdict).not.toBe('better');
    const { model, evaluation } = retrain([...corrected(36), ...more(50, turned)], first);
    expect(evaluation).toMatchObject({ verdict: 'better', before: { of: 17, classes: 0, titles: 0, candidate: 34 } });
    const next = look(ownForm(999));
    expect(decide(model, next.features, next.signature, next.ruled).title.value).toBe('花名卡');
  });

  it('lowers what the rules say surely where persons always said otherwise', () => {
    const wrong = Array.from({ length: 30 }, (_, n) => example(payForm(n), n, { classCode: '9-3', title: '工资变动审批表' }));
    const { model } = retrain(wrong, null);
    const next = look(payForm(99));
    expect(next.ruled.class01).toBeGreaterThan(SURE_01);
    expect(decide(model, next.features, next.signature, next.ruled).classCode).toMatchObject({ value: '9-3', by: 'learnt' });
  });

  it('learns nothing of few examples, and no title that stands in fewer than three dossiers', () => {
    expect(retrain(corrected(9), null)).toMatchObject({ model: null, evaluation: { verdict: 'too-few' } });
    const inTwo = corrected(36).map((e) => (e.stood === OWN ? { ...e, dossier: e.dossier % 2 } : e));
    const { model } = retrain(inTwo, null);
    expect(model!.titles.sorter.labels).not.toContain(OWN.title);
  });

  it('keeps no weight of a word that one dossier alone holds: a name leaves no trace', () => {
    const lone = example(madePage('lone', [heading('机关事业单位工作人员工资变动审批表'), ['欧阳鹤鸣同志', 500, 500]]), 500);
    const rest = corrected(36);
    const own = lone.features.filter((f) => !rest.some((e) => e.features.includes(f)));
    expect(own.length).toBeGreaterThan(3);
    const { model } = retrain([...rest, lone], null);
    for (const learnt of [model!.classes, model!.titles]) expect(own.filter((f) => learnt.sorter.weights.has(f))).toEqual([]);
  });

  it('takes no value beside a label, and no figure, among the traits', () => {
    const { words } = look(ownForm(3));
    expect(words.traits.filter((t) => t.includes(nameOf(3)) || /\d{4}/.test(t))).toEqual([]);
  });
});

describe('a model as text', () => {
  it('comes back as it was, and decides alike', () => {
    const { model } = retrain(corrected(36), null);
    const back = decodeModel(encodeModel(model!));
    expect(back).toEqual(model);
    expect(encodeModel(back)).toBe(encodeModel(model!));
  });

  it('is refused when it is none', () => {
    for (const text of ['', '[]', '{"format":2}', 'null']) expect(() => decodeModel(text)).toThrow('learning/corrupt');
  });
});

describe('kinds of titles', () => {
  it('leave the year open and take it back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2099 }), fc.constantFrom('年度考核登记表', '年工资表'), (year, rest) => {
        const title = `${year}${rest}`;
        expect(kindOfTitle(title)).toBe(`{year}${rest}`);
        expect(titleOfKind(kindOfTitle(title), year)).toBe(title);
      }),
    );
    expect(titleOfKind('{year}年度考核登记表', null)).toBeNull();
    expect(titleOfKind(kindOfTitle('劳动合同书'), null)).toBe('劳动合同书');
  });
});
