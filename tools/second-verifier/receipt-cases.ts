import type { ReceiptQuestion } from './ask.ts';
import { checkpointText, commitmentOf, extraOf, makeSigner, noteOf, pathOf, receiptOf, rootOf } from './craft.ts';
import { ENTRY_CHANGES } from './entry-cases.ts';

/** A question with a name. */
export interface ReceiptCase extends ReceiptQuestion {
  readonly name: string;
}

const ORIGIN = 'log.example/crafted';
const SIGNER = makeSigner(ORIGIN, 1);
const FILE = Buffer.from('the bytes of an invented page');
const SALT = '5a'.repeat(32);
const ID = '0190b2c4-7d1a-7000-8000-00000000010f';
const FIELDS = { actor: 'system', at: 1763769600000, commit: commitmentOf(SALT, FILE), id: ID, kind: 'page.received', v: 1 };

/** What a receipt is made of; each case changes one. */
interface Parts {
  readonly entry: string;
  readonly salt?: string;
  readonly extra?: string;
  readonly index?: number | string;
  readonly origin?: string;
  readonly size?: number | string;
  readonly text?: (text: string) => string;
  readonly lines?: (text: string) => string[];
  readonly whole?: (receipt: string) => string;
  readonly keys?: readonly string[];
  readonly file?: Buffer;
}

const entryOf = (change: Record<string, unknown> = {}): string => {
  const fields: Record<string, unknown> = { ...FIELDS, ...change };
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, fields[name]])));
};

/** A receipt over a log of five entries whose third is the one given, signed rightly whatever stands in it. */
function make(name: string, parts: Parts): ReceiptCase {
  const others = [0, 1, 3, 4].map((n) => Buffer.from(`other ${n}`));
  const leaves = [others[0]!, others[1]!, Buffer.from(parts.entry), others[2]!, others[3]!];
  const plain = checkpointText(parts.origin ?? ORIGIN, parts.size ?? leaves.length, rootOf(leaves));
  const text = parts.text?.(plain) ?? plain;
  const note = noteOf(text, ...(parts.lines?.(text) ?? [SIGNER.lineOver(text)]));
  const extra = parts.extra ?? extraOf(parts.entry, parts.salt);
  const receipt = receiptOf({ extra, index: parts.index ?? 2, path: pathOf(leaves, 2), note });
  const file = parts.file ? { file: parts.file.toString('hex') } : {};
  return { name, receipt: parts.whole?.(receipt) ?? receipt, keys: parts.keys ?? [SIGNER.verifierKey], ...file };
}

const sealed = (change: Record<string, unknown> = {}): Parts => ({ entry: entryOf(change), salt: SALT, file: FILE });

const EXTRAS: Record<string, (entry: string) => string> = {
  'extra with a blank': (entry) => extraOf(entry, SALT).replace(',"v"', ', "v"'),
  'extra with another field': (entry) => extraOf(entry, SALT).replace(',"v"', ',"u":1,"v"'),
  'extra with a field twice': (entry) => extraOf(entry, SALT).replace('"v":1', '"v":1,"v":1'),
  'extra in another order': (entry) => `{"v":1,"entry":${JSON.stringify(entry)}}`,
  'extra of version 2': (entry) => extraOf(entry, SALT).replace('"v":1', '"v":2'),
  'extra of version true': (entry) => extraOf(entry, SALT).replace('"v":1', '"v":true'),
  'extra without a version': (entry) => extraOf(entry, SALT).replace(',"v":1', ''),
  'extra with a salt in capitals': (entry) => extraOf(entry, SALT.toUpperCase()),
  'extra with a salt of 31 bytes': (entry) => extraOf(entry, SALT.slice(2)),
  'extra with an empty salt': (entry) => extraOf(entry, ''),
  'extra with a salt of null': (entry) => extraOf(entry, SALT).replace(`"${SALT}"`, 'null'),
  'extra with an entry that is an object': (entry) => `{"entry":${entry},"v":1}`,
  'extra with an empty entry': () => extraOf('', SALT),
  'extra a list': () => '[1]',
  'extra null': () => 'null',
  'extra with an escaped slash': (entry) => extraOf(entry, SALT).replace('page.received', 'page\\/received'),
  'extra with an unpaired surrogate': () => '{"entry":"\\ud800","v":1}',
  'extra with a byte order mark': (entry) => `\ufeff${extraOf(entry, SALT)}`,
  'extra with a newline behind': (entry) => `${extraOf(entry, SALT)}\n`,
  'extra nested 20,000 deep': () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
};

const OTHER = makeSigner('log.example/other', 2);
const SAME_NAME = makeSigner(ORIGIN, 3);
const WITNESS = makeSigner(ORIGIN, 4, 4);

const NOTES: Record<string, Partial<Parts>> = {
  'an extension line': { text: (text) => `${text}extension\n` },
  'an empty extension line': { text: (text) => `${text}\n` },
  'an empty origin': { origin: '' },
  'an origin with a blank': { origin: 'log example' },
  'a size with a leading zero': { size: '05' },
  'a size with a sign': { size: '+5' },
  'a size of 2^53': { size: '9007199254740992' },
  'a size of 20 digits': { size: '18446744073709551616' },
  'a size of 0': { size: 0, index: 0 },
  'a root of 31 bytes': { text: (text) => text.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(31).toString('base64')}\n`) },
  'a root in another spelling': { text: (text) => text.replace('=\n', '\n') },
  'text that is no checkpoint': { text: () => 'hello\n' },
  'text with a tab': { text: (text) => text.replace('log.', 'log\t') },
  'text with a carriage return': { text: (text) => text.replace('\n', '\r\n') },
  'text with a delete character': { text: (text) => text.replace('log.', 'log\x7f'), lines: (text) => [SIGNER.lineOver(text)] },
  'a blank line in the text': { text: (text) => text.replace('\n', '\n\n') },
  'the same line twice': { lines: (text) => [SIGNER.lineOver(text), SIGNER.lineOver(text)] },
  'a right line and a wrong one of the same key': { lines: (text) => [SIGNER.lineOver(text), SIGNER.lineOver('other')] },
  'a wrong line and a right one of the same key': { lines: (text) => [SIGNER.lineOver('other'), SIGNER.lineOver(text)] },
  'a line of an unknown key that is wrong': { lines: (text) => [SIGNER.lineOver(text), OTHER.lineOver('other')] },
  'a wrong line of another believed key': {
    lines: (text) => [SIGNER.lineOver(text), OTHER.lineOver('other')],
    keys: [SIGNER.verifierKey, OTHER.verifierKey],
  },
  'lines of two believed keys, one of another name': {
    lines: (text) => [OTHER.lineOver(text), SIGNER.lineOver(text)],
    keys: [SIGNER.verifierKey, OTHER.verifierKey],
  },
  'lines of two believed keys of one name': {
    lines: (text) => [SAME_NAME.lineOver(text), SIGNER.lineOver(text)],
    keys: [SIGNER.verifierKey, SAME_NAME.verifierKey],
  },
  'a line of a key of the same name that is not believed': { lines: (text) => [SAME_NAME.lineOver(text)] },
  'a witness’s key beside the log’s': { keys: [SIGNER.verifierKey, WITNESS.verifierKey] },
  'a witness’s key alone': { keys: [WITNESS.verifierKey], lines: (text) => [WITNESS.lineOver(text)] },
  'a key given twice': { keys: [SIGNER.verifierKey, SIGNER.verifierKey] },
  'a key of a point that is none': {
    keys: [makeSigner(ORIGIN, 1).verifierKey, 'x+5b2a7f7a+AQIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  },
  'a key of another id': { keys: [SIGNER.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')] },
  'a key with its id in capitals': { keys: [SIGNER.verifierKey.replace(/\+([0-9a-f]{8})\+/, (_, id: string) => `+${id.toUpperCase()}+`)] },
  'a key with a blank behind': { keys: [`${SIGNER.verifierKey} `] },
  'an empty key': { keys: [''] },
  'a line with two blanks': { lines: (text) => [SIGNER.lineOver(text).replace(' ', '  ')] },
  'a line with a hyphen for the dash': { lines: (text) => [SIGNER.lineOver(text).replace('\u2014', '-')] },
  'a line of four bytes': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x AAAAAA==\n'] },
  'a line of five bytes': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x AAAAAAA=\n'] },
  'a line in another spelling of base 64': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x AAAAAAB=\n'] },
  'a line whose name has a plus': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x+y AAAAAAA=\n'] },
  'a line whose name has a wide blank': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x\u3000y AAAAAAA=\n'] },
  'a line whose name has a no-break blank': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x\u00a0y AAAAAAA=\n'] },
  'a line whose name has a byte order mark': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x\ufeffy AAAAAAA=\n'] },
  'a line whose name has an ideographic space': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x\u3000y AAAAAAA=\n'] },
  'a line whose name has a next-line sign': { lines: (text) => [SIGNER.lineOver(text), '\u2014 x\u0085y AAAAAAA=\n'] },
  '64 lines': { lines: (text) => [SIGNER.lineOver(text), ...Array.from({ length: 63 }, (_, i) => `\u2014 x${i} AAAAAAA=\n`)] },
  '65 lines': { lines: (text) => [SIGNER.lineOver(text), ...Array.from({ length: 64 }, (_, i) => `\u2014 x${i} AAAAAAA=\n`)] },
  'a signature of 63 bytes': {
    lines: (text) => [
      SIGNER.lineOver(text).replace(/ (\S+)\n$/, (_, b: string) => ` ${Buffer.from(b, 'base64').subarray(0, 67).toString('base64')}\n`),
    ],
  },
  'a signature of 65 bytes': {
    lines: (text) => [
      SIGNER.lineOver(text).replace(
        / (\S+)\n$/,
        (_, b: string) => ` ${Buffer.concat([Buffer.from(b, 'base64'), Buffer.alloc(1)]).toString('base64')}\n`,
      ),
    ],
  },
};

const WHOLES: Record<string, (receipt: string) => string> = {
  'an index with a sign': (r) => r.replace('index 2', 'index +2'),
  'an index with a blank behind': (r) => r.replace('index 2', 'index 2 '),
  'an index in other digits': (r) => r.replace('index 2', 'index \u0662'),
  'an index of 2^53 - 1': (r) => r.replace('index 2', `index ${2 ** 53 - 1}`),
  'an index of 2^53': (r) => r.replace('index 2', `index ${2 ** 53}`),
  'an index of 30 digits': (r) => r.replace('index 2', `index ${'9'.repeat(30)}`),
  'two index lines': (r) => r.replace('index 2', 'index 2\nindex 2'),
  'index before extra': (r) => r.replace(/(extra .*\n)(index .*\n)/, '$2$1'),
  'two extra lines': (r) => r.replace(/(extra .*\n)/, '$1$1'),
  'an empty line before the index': (r) => r.replace('index', '\nindex'),
  'two empty lines before the checkpoint': (r) => r.replace('\n\n', '\n\n\n'),
  'no newline at the end': (r) => r.slice(0, -1),
  'a newline more at the end': (r) => `${r}\n`,
  'a byte order mark': (r) => `\ufeff${r}`,
  'a blank behind the first line': (r) => r.replace('@v1', '@v1 '),
  'beyond 64 KiB, by hashes': (r) => r.replace('\n\n', `\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(1500)}\n`),
  'beyond 64 KiB, by a signature line': (r) => `${r}\u2014 x ${Buffer.alloc(60_000).toString('base64')}\n`,
  'of 60 KiB, by a signature line': (r) => `${r}\u2014 x ${Buffer.alloc(45_000).toString('base64')}\n`,
  '63 hashes': (r) => r.replace('\n\n', `\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(60)}\n`),
  '65 hashes': (r) => r.replace('\n\n', `\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(62)}\n`),
  '256 hashes': (r) => r.replace('\n\n', `\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(253)}\n`),
  '64 hashes': (r) => r.replace('\n\n', `\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(61)}\n`),
  'the hash in another spelling': (r) => r.replace(/=\n(?=[^\n]*=\n)/, '\n'),
};

/** Receipts that are wrong in one place, or right at a limit, each signed rightly in every other. */
export function receiptCases(): ReceiptCase[] {
  return [
    make('as it should be', sealed()),
    make('without salt and file', { entry: entryOf({ commit: undefined }) }),
    make('a salt though the entry commits to nothing', { entry: entryOf({ commit: undefined }), salt: SALT }),
    make('a salt though the entry commits to nothing, and a file', { entry: entryOf({ commit: undefined }), salt: SALT, file: FILE }),
    ...Object.entries(ENTRY_CHANGES).map(([name, change]) => make(name, sealed(change))),
    make(
      'an entry of 4,097 bytes',
      sealed({ params: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i + 10}`, 'x'.repeat(192)])) }),
    ),
    make('an entry with a quote escaped', { ...sealed(), entry: entryOf().replace('system', 'sy\\u0073tem') }),
    make('an entry with a newline behind', { ...sealed(), entry: `${entryOf()}\n` }),
    ...Object.entries(EXTRAS).map(([name, extra]) => make(name, { ...sealed(), extra: extra(entryOf()) })),
    ...Object.entries(NOTES).map(([name, parts]) => make(name, { ...sealed(), ...parts })),
    ...Object.entries(WHOLES).map(([name, whole]) => make(name, { ...sealed(), whole })),
  ];
}
