import { wordsOf } from '@lantai/contract';
import { isArchiveError } from '@lantai/values';

/** Language of what the program prints: `LANG`/`LC_ALL` beginning with `zh`, or `LANTAI_LANG`. */
export type Language = 'zh' | 'en';

/** Where a command prints: answers to standard output, progress and troubles to standard error. */
export interface Output {
  readonly isJson: boolean;
  readonly language: Language;
  /** A line for people; nothing in JSON mode. */
  say(zh: string, en: string): void;
  /** A line of the answer itself. */
  line(text: string): void;
  /** One JSON value on a line, in JSON mode. */
  json(value: unknown): void;
  /** What a code means, in the chosen language. */
  words(code: string, detail?: Readonly<Record<string, string | number | boolean>>): string;
  warn(code: string, detail?: Readonly<Record<string, string | number | boolean>>): void;
  fail(error: unknown): void;
}

export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const text = env.LANTAI_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh/i.test(text) ? 'zh' : 'en';
}

export function createOutput(isJson: boolean, language: Language): Output {
  const words: Output['words'] = (code, detail = {}) => wordsOf(language, code, detail);
  return {
    isJson,
    language,
    words,
    say: (zh, en) => {
      if (!isJson) process.stdout.write(`${language === 'zh' ? zh : en}\n`);
    },
    line: (text) => {
      if (!isJson) process.stdout.write(`${text}\n`);
    },
    json: (value) => {
      if (isJson) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    warn: (code, detail) => void process.stderr.write(`! ${words(code, detail)} [${code}]\n`),
    fail: (error) => {
      const code = isArchiveError(error) ? error.code : 'program/failed';
      const detail = isArchiveError(error) ? error.detail : {};
      if (isJson) process.stdout.write(`${JSON.stringify({ error: code, detail, reason: words(code, detail) })}\n`);
      process.stderr.write(`lantai: ${words(code, detail)} [${code}]\n`);
      if (!isArchiveError(error) && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
    },
  };
}
