import { idNumberCheck } from '@lantai/values';
import phrases from 'opencc-js/dict/STPhrases';

/** A page of the invented archive. */
export interface CorpusPage {
  readonly dossier: number;
  readonly lines: readonly CorpusLine[];
  /** People named on it, the dossier's subject first when it is. */
  readonly names: readonly string[];
  readonly idNumber: string | null;
}

export interface CorpusLine {
  readonly text: string;
  readonly candidates?: { readonly at: number; readonly options: readonly { readonly char: string; readonly confidence01: number }[] }[];
}

const PAGES_A_DOSSIER = 40;
const WORDS = 40_000;
const LINE_CHARACTERS = 28;
const UNCERTAIN_SHARE01 = 0.008;

// Surnames with their share of the population in thousandths, so that 王伟 is as common as it is.
const SURNAMES =
  '王72李71张67刘51陈46杨31黄24赵22吴21周21徐17孙15马13朱12胡12郭12何11高11林11罗9郑9梁9谢8宋8唐8许7韩7冯7邓7曹6彭6曾6肖6田6董6潘6袁5蔡5蒋5余5于5杜5叶5程5魏5苏5吕5丁5任5卢4姚4沈4钟4姜4崔4谭4陆4范4汪4廖4石4金4韦4贾4夏3付3方3邹3熊3白3孟3秦3邱3侯3江3尹3薛3闫3雷3龙3黎2史2陶2贺2毛2段2郝2顾2龚2邵2万2覃2武2钱2戴2严2莫2孔2向2常2欧阳1司马1上官1诸葛1';
const GIVEN =
  '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华红建国志海峰玉梅小宇浩子轩雨婷欣怡博雅晨思远佳俊凯嘉琪梓涵振东永健立新春生学淑珍德福成龙宏亮鹏飞云莲荣凤洁晶莉琳倩慧颖瑞祥兴义仁礼信忠孝廉卫民爱';
const CITIES =
  '石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 海口 成都 贵阳 昆明 西安 兰州 西宁 苏州 无锡 宁波 温州 青岛 烟台 洛阳 宜昌'.split(
    ' ',
  );
const UNITS =
  '人力资源和社会保障局 财政局 教育局 公安局 民政局 司法局 自然资源局 生态环境局 交通运输局 水利局 农业农村局 商务局 卫生健康委员会 审计局 市场监督管理局 统计局 医疗保障局 组织部 宣传部 档案馆 第一中学 人民医院 农业大学 理工大学 设计研究院'.split(
    ' ',
  );
const POSTS =
  '科员 副科长 科长 副处长 处长 副局长 办事员 主任科员 助理工程师 工程师 高级工程师 讲师 副教授 教授 主治医师 干事 秘书 主任'.split(' ');
const MATERIALS =
  '干部履历表 自传材料 年度考核登记表 学历学位证明 专业技术职务评审表 政审材料 入党志愿书 转正申请书 奖励审批表 录用审批表 任免审批表 工资变动审批表 出国审批表'.split(
    ' ',
  );
const DEGREES = '大学本科 硕士研究生 博士研究生 大学专科 中专 高中'.split(' ');

interface Person {
  readonly name: string;
  readonly city: string;
  readonly unit: string;
}

/** Makes the pages of an invented archive: forms, careers, families, assessments and free text. The same seed gives the same pages. */
export class Corpus {
  #state: number;
  readonly #words: string[];
  readonly #cumulative: Float64Array;
  readonly #surnames: string[];
  #person: Person = { name: '', city: '', unit: '' };

  constructor(seed = 12_345) {
    this.#state = seed;
    const all = phrases
      .split('|')
      .map((entry) => entry.split(' ')[0]!)
      .filter((word) => /^\p{Script=Han}{2,4}$/u.test(word));
    this.#words = Array.from({ length: WORDS }, () => all.splice(Math.floor(this.random() * all.length), 1)[0]!);
    // Zipf's law: the word of rank r is as frequent as 1 / r.
    this.#cumulative = new Float64Array(WORDS);
    this.#words.reduce((sum, _, rank) => (this.#cumulative[rank] = sum + 1 / (rank + 3)), 0);
    this.#surnames = [...SURNAMES.matchAll(/(\D+)(\d+)/g)].flatMap((m) => Array.from({ length: Number(m[2]) }, () => m[1]!));
  }

  /** 0 to 1; xorshift32. */
  random(): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s;
    return (s >>> 0) / 4_294_967_296;
  }

  pick<T>(list: ArrayLike<T>): T {
    return list[Math.floor(this.random() * list.length)]!;
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  name(): string {
    return this.pick(this.#surnames) + this.pick(GIVEN) + (this.random() < 0.75 ? this.pick(GIVEN) : '');
  }

  /** A word of free text; `rank` asks for one of that frequency. */
  word(rank?: number): string {
    if (rank !== undefined) return this.#words[rank]!;
    const at = this.random() * this.#cumulative[WORDS - 1]!;
    let [low, high] = [0, WORDS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cumulative[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return this.#words[low]!;
  }

  idNumber(): string {
    const two = (n: number) => String(n).padStart(2, '0');
    // 110000 is never issued: nobody has one of these numbers.
    const head = `110000${this.between(1940, 2000)}${two(this.between(1, 12))}${two(this.between(1, 28))}${String(this.between(0, 999)).padStart(3, '0')}`;
    return head + idNumberCheck(head);
  }

  #date(): string {
    const year = this.between(1960, 2024);
    if (this.random() < 0.5) return `${year}年${this.between(1, 12)}月${this.between(1, 28)}日`;
    return `${[...String(year)].map((digit) => '〇一二三四五六七八九'[Number(digit)]).join('')}年${this.between(1, 12)}月`;
  }

  #sentence(names: string[]): string {
    const { name, city, unit } = this.#person;
    const named = (who: string) => {
      names.push(who);
      return who;
    };
    switch (this.between(0, 6)) {
      case 0:
        return `${named(name)}，${this.pick('男女')}，汉族，${city}人，${this.#date()}出生，${this.#date()}参加工作，${this.#date()}加入中国共产党，${this.pick(DEGREES)}学历。`;
      case 1:
        return `现任${city}市${unit}${this.pick(POSTS)}，${this.#date()}起任现职。`;
      case 2:
        return `${this.#date()}至${this.#date()}在${this.pick(CITIES)}市${this.pick(UNITS)}任${this.pick(POSTS)}。`;
      case 3:
        return `${this.pick(MATERIALS)}：经${city}市${unit}党委研究，同意${named(name)}同志任${this.pick(POSTS)}，试用期一年。`;
      case 4:
        return `证明人：${named(this.name())}、${named(this.name())}，单位${this.pick(CITIES)}市${this.pick(UNITS)}。`;
      case 5:
        return `家庭主要成员：配偶${named(this.name())}，${this.pick(CITIES)}市${this.pick(UNITS)}${this.pick(POSTS)}；子女${named(this.name())}，学生。`;
      default:
        return `${this.between(1990, 2024)}年度考核结果为${this.pick(['优秀', '称职', '基本称职'])}，予以归档，档号${this.between(100, 999)}-${this.between(2000, 2024)}-${this.between(1, 9999)}。`;
    }
  }

  /** The pages of a whole archive, forty to a dossier. */
  *pages(count: number): Generator<CorpusPage> {
    for (let i = 0; i < count; i++) {
      if (i % PAGES_A_DOSSIER === 0) this.#person = { name: this.name(), city: this.pick(CITIES), unit: this.pick(UNITS) };
      const names: string[] = [];
      const idNumber = this.random() < 0.03 ? this.idNumber() : null;
      let body = idNumber ? `公民身份号码${idNumber}，` : '';
      const length = this.between(200, 400);
      while (body.length < length) {
        if (this.random() < 0.5) body += this.#sentence(names);
        else body += `${Array.from({ length: this.between(6, 18) }, () => this.word()).join('')}${this.random() < 0.7 ? '，' : '。'}`;
      }
      yield { dossier: Math.floor(i / PAGES_A_DOSSIER), lines: this.#linesOf(body), names: [...new Set(names)], idNumber };
    }
  }

  /** Breaks a text as a page does, and makes some characters uncertain as a reader does. */
  #linesOf(body: string): CorpusLine[] {
    const lines: CorpusLine[] = [];
    for (let at = 0; at < body.length; at += LINE_CHARACTERS) {
      const text = body.slice(at, at + LINE_CHARACTERS);
      const candidates = [];
      for (let i = 0; i < text.length; i++) {
        if (this.random() >= UNCERTAIN_SHARE01) continue;
        const others = [this.pick(this.word()), this.pick(GIVEN)];
        candidates.push({ at: i, options: [text[i]!, ...others].map((char, rank) => ({ char, confidence01: 0.6 / (rank + 1) })) });
      }
      lines.push(candidates.length ? { text, candidates } : { text });
    }
    return lines;
  }
}
