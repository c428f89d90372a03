/** How a field's value is written. */
export const FIELD_KINDS = [
  'person',
  'sex',
  'date',
  'choice',
  'place',
  'organisation',
  'post',
  'text',
  'id_number',
  'number',
  'code',
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** One field as pages name it. */
export interface FieldWords {
  readonly code: string;
  readonly kind: FieldKind;
  /** Wordings of its label, folded; the better ones first. */
  readonly labels: readonly string[];
  /** Sentences that hold it, with `{value}`, `{any}` and `{date}`. */
  readonly prose: readonly string[];
  /** For `choice`: what is filed, and the wordings that mean it. */
  readonly choices: readonly { readonly value: string; readonly wordings: readonly string[] }[];
}

/** Where a form holds a field. */
export const FIELD_SOURCES = ['page', 'title', 'issuer', 'letterhead', 'signed_after'] as const;

/** A field that a form is catalogued with. */
export interface FormField {
  readonly code: string;
  readonly from: (typeof FIELD_SOURCES)[number];
  /** Labels of this form instead of the field's own, folded; null: the field's own. */
  readonly labels: readonly string[] | null;
  readonly prose: readonly string[] | null;
  /** For `signed_after`: the words whose next signature's date it is, folded. */
  readonly after: readonly string[];
}

/** What dates a form: its last signature, the day filled in at its head, the end of a period, or its last date. */
export const DATED_BY = ['signed', 'filled', 'period', 'last'] as const;
export type DatedBy = (typeof DATED_BY)[number];

/** What is known of one kind of form, whatever class a scheme gives it. */
export interface FormWords {
  /** Wordings of its title, folded, without `{year}`. */
  readonly titles: readonly string[];
  readonly fields: readonly FormField[];
  readonly datedBy: readonly DatedBy[];
  /** Headings of sheets that come before the form's own and belong to it, folded. */
  readonly leading: readonly string[];
  /** Whether it is catalogued with its own fields alone, whatever else its pages hold. */
  readonly closed: boolean;
}

/** What pages say and how: data of `schemes/pages/*.yaml`, never code. */
export interface PageWords {
  readonly fields: ReadonlyMap<string, FieldWords>;
  readonly forms: readonly FormWords[];
  /** For a form that no entry names. */
  readonly defaultForm: FormWords;
  /** Labels of forms that are no field here; they end the value of the label before, folded. */
  readonly otherLabels: readonly string[];
  /** Heads of columns that only lists of relatives or posts have, folded. */
  readonly listHeads: readonly string[];
  readonly filledLabels: readonly string[];
  readonly signatureWords: readonly string[];
  readonly organisationEndings: readonly string[];
  readonly placeWords: readonly string[];
  readonly titleEndings: readonly string[];
  /** With what Han surnames begin, as names are written. */
  readonly surnames: readonly string[];
  /** How words end that say whose form it is, folded: they are no part of a title. */
  readonly titleQualifiers: readonly string[];
  /** Lines of letterheads that stand above a title and are none. */
  readonly letterheadEndings: readonly string[];
}

/**
 * The form with one of these titles, folded, the first that names one; else the form whose title ends the first of them; else the default.
 * @param titles wording on the page, then the scheme's name for it
 */
export function formOf(words: PageWords, titles: readonly string[]): FormWords {
  const plain = titles.map((t) => t.replace(/^\d{4}年?度?/u, ''));
  const named = (title: string | undefined) => (title === undefined ? null : (words.forms.find((f) => f.titles.includes(title)) ?? null));
  return (
    named(titles[0]) ??
    named(plain[0]) ??
    formByEnding(words, plain[0] ?? '') ??
    titles
      .concat(plain)
      .map(named)
      .find((f) => f !== null) ??
    words.defaultForm
  );
}

/** The form whose title is the longest that ends a wording; opened when what stands before it makes it another form: 岗位工资、薪级|工资审批表. */
function formByEnding(words: PageWords, wording: string): FormWords | null {
  let best: FormWords | null = null;
  let length = 3;
  for (const form of words.forms)
    for (const title of form.titles)
      if (title.length > length && wording.endsWith(title)) {
        best = form;
        length = title.length;
      }
  if (!best?.closed) return best;
  const before = wording.slice(0, -length);
  const isWhose = !before || [...words.titleQualifiers, ...words.organisationEndings].some((q) => before.endsWith(q));
  return isWhose ? best : openForm(best, words.defaultForm);
}

/** A form with what the default form holds besides: under its usual label, not in sentences, which a form of its own speaks otherwise. */
export function openForm(form: FormWords, defaultForm: FormWords): FormWords {
  const own = new Set(form.fields.map((f) => f.code));
  const usual = defaultForm.fields.filter((f) => f.from === 'page' && !own.has(f.code)).map((f) => ({ ...f, prose: [] }));
  return { ...form, fields: [...form.fields, ...usual], closed: false };
}
