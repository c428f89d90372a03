import en from '@lantai/contract/messages/en.json' with { type: 'json' };
import zh from '@lantai/contract/messages/zh.json' with { type: 'json' };
import i18next, { type i18n } from 'i18next';
import { useCallback, useEffect, useMemo } from 'react';
import { I18nextProvider, initReactI18next, useTranslation } from 'react-i18next';
import { en as enWords } from './en.ts';
import { type Word, zh as zhWords } from './zh.ts';

export type Language = 'zh' | 'en';

export type WordKey = Word;
export type Params = Readonly<Record<string, string | number | boolean>>;

const KEY = 'lantai.language';

function startLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') || !navigator.language
    ? 'zh'
    : navigator.languages.some((l) => l.startsWith('zh'))
      ? 'zh'
      : 'en';
}

/** Makes the words of both languages ready. Codes of problems, findings and entries are in the contract's messages. */
export function createWords(): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: startLanguage(),
    fallbackLng: 'zh',
    resources: { zh: { translation: zhWords, codes: zh }, en: { translation: enWords, codes: en } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: '{', suffix: '}', escapeValue: false },
    initAsync: false,
  });
  return instance;
}

export const WordsProvider = I18nextProvider;

/** The language of the moment. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh';
}

export interface WordsOfPage {
  readonly language: Language;
  /** A word of the page. */
  w(key: WordKey, params?: Params): string;
  /** The words of a stable code; the code itself when this version of the page does not know it. */
  code(code: string, params?: Params): string;
  /** Whether the code has words. */
  knows(code: string): boolean;
  number(value: number): string;
  /** 12.5 % and the like, from a share of one. */
  percent(share01: number): string;
  choose(language: Language): void;
}

/** Words, numbers and the switch of language. */
export function useWords(): WordsOfPage {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'zh';
  const choose = useCallback(
    (next: Language) => {
      localStorage.setItem(KEY, next);
      void i18n.changeLanguage(next);
    },
    [i18n],
  );
  return useMemo(() => {
    const plain = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB');
    return {
      language,
      w: (key, params) => t(key, params ?? {}),
      // A place of the words that nothing was given for is an ellipsis, never its name in braces.
      code: (code, params) => (i18n.exists(code, { ns: 'codes' }) ? t(code, { ...params, ns: 'codes' }).replace(/\{\w+\}/g, '…') : code),
      knows: (code) => i18n.exists(code, { ns: 'codes' }),
      number: (value) => plain.format(value),
      percent: (share01) => `${Math.round(share01 * 100)} %`,
      choose,
    };
  }, [t, i18n, language, choose]);
}

/** Says the language of the page to screen readers and hyphenation. */
export function useDocumentLanguage(): void {
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
}
