import type { Schemas } from '../../api/client.ts';

type State = Schemas['CataloguedState'];

/** One thing that is catalogued otherwise than before; an empty text: nothing was, or is, said. */
export interface Change {
  readonly what: 'class' | 'title' | 'date' | 'copies' | 'remarks' | 'tags' | 'code' | 'state' | 'field';
  /** Of the field; empty for anything else. */
  readonly code: string;
  readonly before: string;
  readonly after: string;
}

const fieldsOf = (state: State) => new Map(state.fields.map((field) => [field.code, field.value]));

/** What differs between two states of a material, in the order of the form. */
export function changesOf(before: State, after: State): Change[] {
  const pairs: readonly (readonly [Change['what'], string, string])[] = [
    ['class', before.classCode ?? '', after.classCode ?? ''],
    ['title', before.title, after.title],
    ['date', before.date ?? '', after.date ?? ''],
    ['copies', String(before.copies), String(after.copies)],
    ['remarks', before.remarks, after.remarks],
    ['tags', before.tags.join('、'), after.tags.join('、')],
    ['code', before.code ?? '', after.code ?? ''],
    ['state', before.state, after.state],
  ];
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const codes = [...new Set([...was.keys(), ...is.keys()])];
  return [
    ...pairs.map(([what, from, to]) => ({ what, code: '', before: from, after: to })),
    ...codes.map((code) => ({ what: 'field' as const, code, before: was.get(code) ?? '', after: is.get(code) ?? '' })),
  ].filter((change) => change.before !== change.after);
}
