import { findSchemeClass, type Scheme } from '@lantai/catalogue';

/** Class and title that an adviser named and that hold; null: none, or it does not hold. */
export interface CheckedAdvice {
  readonly classCode: string | null;
  readonly title: string | null;
}

const TITLE_UNITS_MAX = 60;
const TITLE_UNITS_MIN = 2;

/**
 * Takes of an adviser's words what can be checked: a class of the scheme that holds materials, and a title that stands on the page word for word, as
 * the page was shown to it, or is one of the scheme's. Everything else is nothing.
 */
export function checkAdvice(words: string, scheme: Scheme, shown: string): CheckedAdvice {
  const said = parse(words);
  const { classCode, title } = said;
  const isClass = typeof classCode === 'string' && findSchemeClass(scheme, classCode)?.holdsMaterials === true;
  return { classCode: isClass ? classCode : null, title: typeof title === 'string' ? checkTitle(title, scheme, shown) : null };
}

function checkTitle(title: string, scheme: Scheme, shown: string): string | null {
  const plain = title.replace(/\s/g, '');
  if (plain.length < TITLE_UNITS_MIN || plain.length > TITLE_UNITS_MAX || plain.includes('〇') || /[{}*]/.test(plain)) return null;
  const lines = shown.split('\n').map((line) => line.replace(/\s/g, ''));
  const isKnown = scheme.classes.some((c) => c.titles.some((t) => [t.name, ...t.aliases].includes(plain)));
  return isKnown || lines.some((line) => line.includes(plain)) ? plain : null;
}

function parse(words: string): { readonly classCode?: unknown; readonly title?: unknown } {
  try {
    const value: unknown = JSON.parse(words);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    // Prose, or half an answer: an adviser that does not keep to the form has said nothing.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
