/**
 * Writes sealed-column.json: column values sealed under fixed keys and nonces, and altered ones with the code each must be refused with.
 * Run: node --import tsx test/vectors/sealed-column/make-vectors.ts
 * Keys, places and values are invented and published here.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { NodePrimitives } from '@lantai/primitives-node';
import { formatHex, utf8 } from '@lantai/values';
import { type ColumnPlace, type SuiteId, sealColumn } from '@lantai/vault';

const digest = (text: string, length: number) => new Uint8Array(createHash('shake256', { outputLength: length }).update(text).digest());
const place: ColumnPlace = { table: 'dossier', column: 'subject_name', rowId: '0193a000-0000-7000-8000-000000000001', version: 3 };
const suites: readonly SuiteId[] = ['intl', 'gm'];

const good = suites.flatMap((suite) =>
  [
    { name: `${suite}-name`, place, plain: utf8('王小明') },
    { name: `${suite}-empty`, place: { ...place, version: 0 }, plain: new Uint8Array(0) },
    { name: `${suite}-text`, place: { table: 'reading', column: 'text', rowId: 'r-17', version: Number.MAX_SAFE_INTEGER }, plain: utf8('履历表\n'.repeat(40)) },
  ].map((value) => {
    const key = digest(`column key ${value.name}`, 32);
    const nonce = digest(`nonce ${value.name}`, 12);
    const sealed = sealColumn(new NodePrimitives(() => nonce), { suite, key, ...value.place, plain: value.plain });
    return {
      name: value.name,
      suite,
      key: formatHex(key),
      nonce: formatHex(nonce),
      place: value.place,
      plain: formatHex(value.plain),
      sealed: formatHex(sealed),
    };
  }),
);

const bad = suites.flatMap((suite) => {
  const of = `${suite}-name`;
  const { sealed, key } = good.find(({ name }) => name === of)!;
  const bytes = Uint8Array.from(Buffer.from(sealed, 'hex'));
  const put = (at: number, byte: number) => formatHex(bytes.map((old, i) => (i === at ? byte : old)));
  const flip = (at: number) => put(at, bytes[at]! ^ 0x80);
  const refuse = (why: string, altered: { sealed?: string; key?: string; place?: Partial<ColumnPlace> }, code = 'column/corrupt') => ({
    why,
    of,
    sealed: altered.sealed ?? sealed,
    key: altered.key ?? key,
    place: { ...place, ...altered.place },
    code,
  });
  return [
    refuse('a bit of the nonce', { sealed: flip(1) }),
    refuse('a bit of the value', { sealed: flip(13) }),
    refuse('the last bit of the tag', { sealed: put(bytes.length - 1, bytes[bytes.length - 1]! ^ 1) }),
    refuse('the other suite', { sealed: put(0, suite === 'intl' ? 2 : 1) }),
    refuse('a suite nobody knows', { sealed: put(0, 0) }, 'column/suite-unknown'),
    refuse('empty', { sealed: '' }),
    refuse('one byte shorter than any value', { sealed: sealed.slice(0, 28 * 2) }),
    refuse('the last byte is missing', { sealed: sealed.slice(0, -2) }),
    refuse('a byte too many', { sealed: `${sealed}00` }),
    refuse('clear text', { sealed: formatHex(utf8('王小明')) }),
    refuse('another key', { key: formatHex(digest('another column key', 32)) }),
    refuse('moved to another table', { place: { table: 'material' } }),
    refuse('moved to another column', { place: { column: 'former_name' } }),
    refuse('moved to another row', { place: { rowId: '0193a000-0000-7000-8000-000000000002' } }),
    refuse('an older version put back', { place: { version: 4 } }),
    refuse('the same letters cut elsewhere', { place: { table: 'dossiers', column: 'ubject_name' } }),
  ];
});

const vectors = { source: 'made for docs/spec/sealed-column.md by make-vectors.ts; keys, places and values invented', good, bad };
writeFileSync(new URL('sealed-column.json', import.meta.url), `${JSON.stringify(vectors, null, 1)}\n`);
