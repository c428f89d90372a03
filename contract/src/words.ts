import en from './messages/en.json' with { type: 'json' };
import zh from './messages/zh.json' with { type: 'json' };

const WORDS: Readonly<Record<'zh' | 'en', Readonly<Record<string, string>>>> = { zh, en };

/**
 * The words of a code for a user, with its parameters filled in.
 * A code without words is a defect that a test finds; the reader then gets the code itself rather than nothing.
 */
export function wordsOf(language: 'zh' | 'en', code: string, params: Readonly<Record<string, string | number | boolean>> = {}): string {
  const text = WORDS[language][code] ?? (language === 'zh' ? `出现问题（${code}）。` : `Something is wrong (${code}).`);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** True when both languages have words for the code. */
export const hasWords = (code: string): boolean => code in zh && code in en;
