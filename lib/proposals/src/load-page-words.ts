import { YamlReader } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import { foldLabel } from './fold.ts';
import {
  DATED_BY,
  FIELD_KINDS,
  FIELD_SOURCES,
  type FieldWords,
  type FormField,
  type FormWords,
  openForm,
  type PageWords,
} from './page-words.ts';
import { compileProse } from './prose.ts';

type Value = Parameters<YamlReader['list']>[0];

const CODE = /^[a-z][A-Za-z0-9]{0,40}$/;
const LISTS = [
  'other_labels',
  'list_heads',
  'filled_labels',
  'signature_words',
  'organisation_endings',
  'place_words',
  'title_endings',
  'title_qualifiers',
  'letterhead_endings',
  'surnames',
] as const;

/**
 * Reads what pages say (docs/spec/proposals.md): `fields` is the text of fields.yaml, `forms` of forms.yaml.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem and its line
 */
export function loadPageWords(texts: { readonly fields: string; readonly forms: string }): PageWords {
  const r = new YamlReader();
  const fields = readFields(r, texts.fields);
  refuse(r, 'fields');
  const f = new YamlReader();
  const forms = readForms(f, texts.forms, fields.fields);
  refuse(f, 'forms');
  return { ...fields, ...forms };
}

function refuse(r: YamlReader, file: string): void {
  const first = r.problems[0];
  if (first)
    throw new ArchiveError('scheme/invalid', 'caller', { ...first.params, problem: first.code, problems: r.problems.length, file });
}

function readFields(r: YamlReader, text: string): Omit<PageWords, 'forms' | 'defaultForm'> {
  const top = r.open(text);
  const f = top ? r.fields(top, ['version', 'fields', ...LISTS], []) : {};
  r.integer(f.version, 'version', 1, 9999);
  const fields = new Map<string, FieldWords>();
  for (const node of r.list(f.fields, 'fields')) {
    const field = readField(r, node);
    if (fields.has(field.code)) r.sayAt('scheme/twice', node, { key: 'fields', value: field.code });
    fields.set(field.code, field);
  }
  const words = (key: (typeof LISTS)[number]) => r.texts(f[key], key);
  const folded = (key: (typeof LISTS)[number]) => words(key).map(foldLabel);
  return {
    fields,
    otherLabels: folded('other_labels'),
    listHeads: folded('list_heads'),
    filledLabels: folded('filled_labels'),
    signatureWords: folded('signature_words'),
    organisationEndings: words('organisation_endings'),
    placeWords: words('place_words'),
    titleEndings: folded('title_endings'),
    titleQualifiers: folded('title_qualifiers'),
    letterheadEndings: folded('letterhead_endings'),
    surnames: words('surnames'),
  };
}

function readField(r: YamlReader, node: Value): FieldWords {
  const map = r.map(node, 'fields');
  const f = map ? r.fields(map, ['code', 'kind'], ['labels', 'prose', 'choices']) : {};
  const choices = f.choices === undefined ? [] : r.entries(f.choices, 'choices');
  return {
    code: r.text(f.code, 'code', CODE),
    kind: r.choice(f.kind, 'kind', FIELD_KINDS),
    labels: r.texts(f.labels, 'labels').map(foldLabel),
    prose: readProse(r, f.prose),
    choices: choices.map(([value, wordings]) => ({ value, wordings: [value, ...r.texts(wordings, value)].map(foldLabel) })),
  };
}

/** Sentences with a value in them; one that is no expression is a problem of the file, not of the page it meets. */
function readProse(r: YamlReader, value: Value): string[] {
  const prose = r.texts(value, 'prose', /\{value\}/);
  for (const sentence of prose)
    try {
      compileProse(sentence, 'text');
    } catch {
      r.sayAt('scheme/malformed', value, { key: 'prose' });
    }
  return prose;
}

function readForms(r: YamlReader, text: string, fields: PageWords['fields']): Pick<PageWords, 'forms' | 'defaultForm'> {
  const top = r.open(text);
  const f = top ? r.fields(top, ['version', 'default', 'forms'], []) : {};
  r.integer(f.version, 'version', 1, 9999);
  const seen = new Set<string>();
  const forms = r.list(f.forms, 'forms').map((node) => {
    const form = readForm(r, node, fields);
    if (!form.titles.length) r.sayAt('scheme/missing-key', node, { key: 'titles' });
    for (const title of form.titles) {
      if (seen.has(title)) r.sayAt('scheme/twice', node, { key: 'titles', value: title });
      seen.add(title);
    }
    return form;
  });
  const defaultForm = readForm(r, f.default, fields);
  return { forms: forms.map((form) => (form.closed ? form : openForm(form, defaultForm))), defaultForm };
}

function readForm(r: YamlReader, node: Value, fields: PageWords['fields']): FormWords {
  const map = r.map(node, 'forms');
  const f = map ? r.fields(map, ['fields'], ['titles', 'dated_by', 'leading', 'closed']) : {};
  const datedBy = r.list(f.dated_by, 'dated_by').map((item) => r.choice(item, 'dated_by', DATED_BY));
  return {
    titles: [...new Set(r.texts(f.titles, 'titles').map(foldLabel))],
    fields: r.list(f.fields, 'fields').map((item) => readFormField(r, item, fields)),
    datedBy: datedBy.length ? datedBy : ['signed', 'filled', 'period', 'last'],
    leading: r.texts(f.leading, 'leading').map(foldLabel),
    closed: f.closed !== undefined && r.choice(f.closed, 'closed', ['true', 'false']) === 'true',
  };
}

/** A bare code, or a mapping that says where this form holds the field. */
function readFormField(r: YamlReader, node: NonNullable<Value>, fields: PageWords['fields']): FormField {
  const isWord = 'value' in node;
  const map = isWord ? null : r.map(node, 'fields');
  const f = map ? r.fields(map, ['code'], ['from', 'labels', 'prose', 'after']) : {};
  const code = isWord ? r.text(node, 'fields', CODE) : r.text(f.code, 'code', CODE);
  if (!fields.has(code)) r.sayAt('scheme/unknown-field', node, { field: code });
  return {
    code,
    from: r.choice(f.from, 'from', FIELD_SOURCES),
    labels: f.labels === undefined ? null : r.texts(f.labels, 'labels').map(foldLabel),
    prose: f.prose === undefined ? null : readProse(r, f.prose),
    after: r.texts(f.after, 'after').map(foldLabel),
  };
}
