const DIGITS = '零一二三四五六七八九';
const UNITS: readonly [number, string][] = [
  [1000, '千'],
  [100, '百'],
  [10, '十'],
];

/** The Chinese numeral of a whole number from 1 to 9999: 10 十, 21 二十一, 105 一百零五. */
export function formatNumeral(n: number): string {
  let out = '';
  let rest = n;
  let skipped = false;
  for (const [unit, sign] of UNITS) {
    const digit = Math.floor(rest / unit);
    rest %= unit;
    if (digit) {
      out += (skipped ? '零' : '') + DIGITS[digit] + sign;
      skipped = false;
    } else if (out) skipped = true;
  }
  if (rest) out += (skipped ? '零' : '') + DIGITS[rest];
  return n >= 10 && n < 20 ? out.slice(1) : out;
}

const plainDigits = (text: string) => [...text].map((c) => (c === '〇' ? 0 : c === '两' ? 2 : DIGITS.indexOf(c)).toString()).join('');

/**
 * The whole number a numeral means: digits of any width, 十二, 一百零五, and positional 二〇〇八.
 * Null when the text is no numeral (十十, 一千千, empty) or has more than 15 digits.
 */
export function findNumeral(text: string): number | null {
  const plain = text.normalize('NFKC');
  if (/^\d{1,15}$/.test(plain)) return Number(plain);
  if (/^[〇零一二两三四五六七八九]{1,15}$/.test(plain)) return Number(plainDigits(plain));
  if (!/^[〇零一二两三四五六七八九十百千]{1,8}$/.test(plain)) return null;
  const form =
    /^(?:([一二两三四五六七八九])千)?[〇零]?(?:([一二两三四五六七八九])百)?[〇零]?(?:([一二两三四五六七八九])?(十))?[〇零]?([一二两三四五六七八九])?$/.exec(
      plain,
    );
  if (!form) return null;
  const digit = (c: string | undefined) => (c === undefined ? 0 : Number(plainDigits(c)));
  const tens = form[4] === undefined ? 0 : form[3] === undefined ? 1 : digit(form[3]);
  return digit(form[1]) * 1000 + digit(form[2]) * 100 + tens * 10 + digit(form[5]);
}

type Token = { readonly digits: string } | { readonly text: string };

const RUN = /\d+|[〇零一二两三四五六七八九十百千]+|[^\d〇零一二两三四五六七八九十百千]+/gu;

function tokens(text: string): Token[] {
  return (text.normalize('NFKC').match(RUN) ?? []).map((run) => {
    if (/^\d/.test(run)) return { digits: run.replace(/^0+(?=\d)/, '') };
    const n = /^[〇零一二两三四五六七八九十百千]/.test(run) ? findNumeral(run) : null;
    return n === null ? { text: run } : { digits: String(n) };
  });
}

const byCodePoints = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The order a person expects of names with numbers in them: 2 before 10, 二 before 十, 第2页 before 第十页.
 * A total order: only equal texts compare as 0. Independent of any locale, so it is the same on every machine.
 */
export function compareNatural(a: string, b: string): number {
  const left = tokens(a);
  const right = tokens(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i]!;
    const y = right[i]!;
    const order =
      'digits' in x
        ? 'digits' in y
          ? x.digits.length - y.digits.length || byCodePoints(x.digits, y.digits)
          : -1
        : 'digits' in y
          ? 1
          : byCodePoints(x.text, y.text);
    if (order) return order;
  }
  return left.length - right.length || byCodePoints(a, b);
}
