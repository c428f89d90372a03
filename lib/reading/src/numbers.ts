import { isIdNumber } from '@lantai/values';

/**
 * How many things in a piece of text cannot be, as numbers of dossiers go: a year without four (or two) digits, a month above 12, a day above
 * 31, an identity number of the wrong length or check character, a mobile number of the wrong length, a letter among digits.
 * Counts shapes only and knows no form; 0 says nothing speaks against the text.
 */
export function oddities(text: string): number {
  const plain = text.replace(/\s/g, '');
  let odd = 0;
  for (const m of plain.matchAll(/(\d+)年/g)) if (!isYear(m[1]!)) odd++;
  for (const m of plain.matchAll(/年(\d+)月/g)) if (!between(m[1]!, 1, 12)) odd++;
  for (const m of plain.matchAll(/月(\d+)日/g)) if (!between(m[1]!, 1, 31)) odd++;
  for (const m of plain.matchAll(/\d{9,}[Xx]?/g)) if (!isLongNumber(m[0])) odd++;
  // 〇 belongs among Chinese numerals; a Latin letter among digits is a misread digit, an X may end an identity number.
  for (const m of plain.matchAll(/(?<=\d)([A-Za-z|]+)(?=\d|[元年月日级号分岁])|(?<![A-Za-z])([lIgbtoOiz|]+)(?=\d)/g)) if (m[0]) odd++;
  return odd;
}

const between = (digits: string, low: number, high: number) => Number(digits) >= low && Number(digits) <= high && digits.length <= 2;

function isYear(digits: string): boolean {
  return digits.length === 2 || digits.length === 1 || (digits.length === 4 && between4(digits));
}

const between4 = (digits: string) => Number(digits) >= 1850 && Number(digits) <= 2150;

/** Long numbers of a known kind must have their length: identity numbers 15 or 18, mobile numbers 11. Other long numbers are left alone. */
function isLongNumber(digits: string): boolean {
  if (digits.length === 18) return isIdNumber(digits.toUpperCase());
  if (digits.length === 16 || digits.length === 17) return !/^[1-8]\d{5}(19|20)?\d/.test(digits);
  if (digits.length === 10) return !/^1[3-9]/.test(digits);
  return true;
}
