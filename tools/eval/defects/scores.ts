import type { Planted } from './kinds.ts';

interface Score {
  found: number;
  missed: number;
  wrong: number;
  /** Items that could have been judged wrongly to bear the code. */
  without: number;
}

/** Codes that are scored; turn and skew are measured elsewhere. */
const CODES = [
  'blank',
  'low_resolution',
  'blur',
  'black_border',
  'text_cut',
  'folded_corner',
  'finger',
  'moire',
  'too_pale',
  'too_dark',
  'sheet_size',
  'duplicate',
  'near_duplicate',
  'back_face',
] as const;
const OF_PAIRS = new Set<string>(['duplicate', 'near_duplicate', 'back_face']);

/** Counts what was found, missed and said wrongly, by code and by kind of page. */
export class Scores {
  private readonly byCode = new Map<string, Score>();
  private readonly byKind = new Map<string, { items: number; right: number }>();
  private readonly isListing: boolean;

  constructor(isListing: boolean) {
    this.isListing = isListing;
    for (const code of CODES) this.byCode.set(code, { found: 0, missed: 0, wrong: 0, without: 0 });
  }

  page(name: string, planted: Planted, found: ReadonlySet<string>, measured: object): void {
    let isRight = true;
    for (const code of CODES) {
      if (OF_PAIRS.has(code)) continue;
      const is = planted.expects.includes(code);
      if (!is && planted.allows.includes(code)) continue;
      isRight = this.count(code, is, found.has(code), () => `${name} ${JSON.stringify(measured)}`) && isRight;
    }
    this.kind(planted.kind, isRight);
  }

  pair(kind: string, name: string, expects: string | null, found: string | null): void {
    let isRight = true;
    for (const code of OF_PAIRS) {
      // Where what was added is no text, both texts are one: told as the same sheet or as nearly the same, a person looks at both.
      const isTold = expects === 'near_duplicate' && found === 'duplicate';
      if (isTold && code === 'duplicate') continue;
      isRight =
        this.count(code, expects === code, found === code || (isTold && code === 'near_duplicate'), () => `${name}, said ${found}`) &&
        isRight;
    }
    this.kind(kind, isRight);
  }

  print(): void {
    console.log('| code | bearing | precision | recall | F1 | false among |\n|---|---|---|---|---|---|');
    const percent = (v: number) => (v * 100).toFixed(1);
    for (const [code, { found, missed, wrong, without }] of this.byCode) {
      if (!found && !missed && !without) continue;
      const precision = found + wrong ? found / (found + wrong) : 1;
      const recall = found + missed ? found / (found + missed) : 1;
      const f1 = found ? (2 * found) / (2 * found + missed + wrong) : missed + wrong ? 0 : 1;
      console.log(
        `| \`${code}\` | ${found + missed} | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} | ${wrong} of ${without} |`,
      );
    }
    for (const [kind, { items, right }] of this.byKind) console.log(`${kind}: ${right} of ${items} judged right in every code`);
  }

  private count(code: string, is: boolean, said: boolean, what: () => string): boolean {
    const score = this.byCode.get(code)!;
    if (!is) score.without++;
    if (is && said) score.found++;
    else if (is) score.missed++;
    else if (said) score.wrong++;
    if (is !== said && this.isListing) console.log(`${is ? 'missed' : 'wrong '} ${code}: ${what()}`);
    return is === said;
  }

  private kind(name: string, isRight: boolean): void {
    const kind = this.byKind.get(name) ?? { items: 0, right: 0 };
    kind.items++;
    if (isRight) kind.right++;
    this.byKind.set(name, kind);
  }
}
