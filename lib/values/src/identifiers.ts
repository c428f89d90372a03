const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check character of the first 17 digits of a 公民身份号码. Source: GB 11643-1999. */
export function idNumberCheck(first17: string): string {
  const sum = WEIGHTS.reduce((s, w, i) => s + w * Number(first17[i]), 0);
  return '10X98765432'[sum % 11]!;
}

/** True when the text is 18 characters with a right check character. Region codes are never judged: abolished ones stay valid. */
export function isIdNumber(text: string): boolean {
  return /^\d{17}[\dX]$/.test(text) && idNumberCheck(text.slice(0, 17)) === text[17];
}

/** Folds full-width digits, lower-case x and inner spaces; a 15-digit number becomes 18 by `19` and a check character. */
export function normaliseIdNumber(text: string): string {
  const plain = text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  if (!/^\d{15}$/.test(plain)) return plain;
  const body = `${plain.slice(0, 6)}19${plain.slice(6)}`;
  return body + idNumberCheck(body);
}
