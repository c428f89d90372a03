import { createInterface } from 'node:readline';
import type { RootQuestion } from '@lantai/server';
import type { Language } from './output.ts';

/** Where a secret is typed, or comes from down a pipe. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Asks for the passphrase or shares of the root key once for the whole run of a command: an archive may be opened more than once. */
export function rootSecretAsker(language: Language): (question: RootQuestion) => Promise<string> {
  let answer: Promise<string> | null = null;
  return (question) => {
    answer ??= question.form === 'passphrase' ? askHidden(passphraseWords(language)) : askShares(language, question.needed);
    return answer;
  };
}

const passphraseWords = (language: Language) => (language === 'zh' ? '根密钥口令：' : 'Passphrase of the root key: ');

/** Asks for a line that is not shown. */
export async function askHidden(prompt: string, input: SecretInput = process.stdin): Promise<string> {
  process.stderr.write(prompt);
  const ask = createInterface({ input, output: process.stderr, terminal: input.isTTY === true });
  // What is typed is not shown: readline writes through this output alone.
  (ask as unknown as { _writeToOutput: (text: string) => void })._writeToOutput = () => undefined;
  try {
    for await (const line of ask) return line;
    return '';
  } finally {
    ask.close();
    process.stderr.write('\n');
  }
}

const SHARE_LINES = 5;

/** Asks for so many shares, five lines each. A row of a QR code's eighty symbols counts as a whole share. */
export async function askShares(language: Language, count: number, input: SecretInput = process.stdin): Promise<string> {
  const shares: string[] = [];
  let lines: string[] = [];
  const prompt = () =>
    process.stderr.write(
      language === 'zh'
        ? `请输入第 ${shares.length + 1} 张份额（共需 ${count} 张，每张五行，或扫码一行）：\n`
        : `Share ${shares.length + 1} of ${count} (five lines, or one scanned row):\n`,
    );
  prompt();
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    lines.push(line);
    const symbols = lines.join('').replace(/[\s\-–—]/g, '').length;
    if (lines.length < SHARE_LINES && symbols < SHARE_LINES * 16) continue;
    shares.push(lines.length === 1 ? splitRow(line) : lines.join('\n'));
    lines = [];
    if (shares.length >= count) break;
    prompt();
  }
  return [...shares, lines.join('\n')].filter(Boolean).join('\n\n');
}

/** A scanned row as the five lines of paper. */
const splitRow = (row: string): string => (row.replace(/\s/g, '').match(/.{1,16}/g) ?? []).join('\n');
