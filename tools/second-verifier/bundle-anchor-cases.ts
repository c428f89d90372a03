import { checkpointText, consistencyOf, noteOf, rootOf } from './craft.ts';
import { ORIGIN, type Parts, plus, SIGNER, STRANGER } from './craft-bundle.ts';

/** A member of anchors for the first `size` leaves. */
export const anchors = (
  name: string,
  size: number,
  with_: { kind?: string; token?: string; line?: string; note?: (text: string) => string; json?: (j: string) => string } = {},
): Parts => ({
  members: (members, { leaves }) => {
    const older = checkpointText(ORIGIN, size, rootOf(leaves.slice(0, size)));
    const note = with_.note?.(older) ?? noteOf(older, SIGNER.lineOver(older));
    const proof =
      size > 0 && size <= leaves.length
        ? consistencyOf(leaves, size)
            .map((step) => ` ${step.toString('base64')}`)
            .join('')
        : '';
    const json = JSON.stringify({
      format: 'lantai-anchors-1',
      checkpoints: [{ note, anchors: [{ kind: with_.kind ?? 'rfc3161', token: with_.token ?? 'AAAA' }] }],
    });
    return plus(name, `${with_.line ?? `consistency${proof}`}\n${with_.json?.(json) ?? json}`)(members);
  },
});

/** Members of anchors wrong in one place. */
export const ANCHORS: Record<string, Parts> = {
  'of 3 entries': anchors('anchors/3.anchors', 3),
  'of all entries': anchors('anchors/8.anchors', 8),
  'of no entries': anchors('anchors/0.anchors', 0),
  'under another size in the name': anchors('anchors/4.anchors', 3),
  'under a name that is no number': anchors('anchors/x.anchors', 3),
  'under a name with a leading zero': anchors('anchors/03.anchors', 3),
  'under another ending': anchors('anchors/3.json', 3),
  'one folder deeper': anchors('anchors/x/3.anchors', 3),
  'of a kind unknown': anchors('anchors/3.anchors', 3, { kind: 'stone' }),
  'on a chain, without its fields': anchors('anchors/3.anchors', 3, { kind: 'evm' }),
  'with a token that is not base 64': anchors('anchors/3.anchors', 3, { token: '?' }),
  'without the line of hashes': anchors('anchors/3.anchors', 3, { line: '' }),
  'with a hash left out': anchors('anchors/3.anchors', 3, { line: 'consistency' }),
  'with a hash that is none': anchors('anchors/3.anchors', 3, { line: 'consistency AAAA' }),
  'with a blank behind the hashes': anchors('anchors/3.anchors', 3, { line: 'consistency ' }),
  'with a hash too many': anchors('anchors/3.anchors', 3, { line: `consistency ${Buffer.alloc(32).toString('base64')}` }),
  'of all entries, with a blank': anchors('anchors/8.anchors', 8, { line: 'consistency ' }),
  'of all entries, with a hash': anchors('anchors/8.anchors', 8, { line: `consistency ${Buffer.alloc(32).toString('base64')}` }),
  'on a chain': anchors('anchors/3.anchors', 3, {
    json: (j) =>
      j.replace(
        '"kind":"rfc3161","token":"AAAA"',
        `"kind":"evm","chainId":1,"contract":"0x${'a'.repeat(40)}","sender":"0x${'b'.repeat(40)}","blockNumber":1,"blockHash":"0x${'c'.repeat(64)}","transactionHash":"0x${'d'.repeat(64)}"`,
      ),
  }),
  'with two blanks': anchors('anchors/3.anchors', 3, { line: 'consistency  ' }),
  'signed by another': anchors('anchors/3.anchors', 3, { note: (t) => noteOf(t, STRANGER.lineOver(t)) }),
  'with a wrong signature': anchors('anchors/3.anchors', 3, { note: (t) => noteOf(t, SIGNER.lineOver('x')) }),
  'of another origin': anchors('anchors/3.anchors', 3, {
    note: (t) => noteOf(t.replace(ORIGIN, 'log.example/b'), SIGNER.lineOver(t.replace(ORIGIN, 'log.example/b'))),
  }),
  'of another root': anchors('anchors/3.anchors', 3, {
    note: (t) => noteOf(t.replace('\n3\n', '\n2\n'), SIGNER.lineOver(t.replace('\n3\n', '\n2\n'))),
  }),
  'that is no JSON': anchors('anchors/3.anchors', 3, { json: () => '{' }),
  'of another format': anchors('anchors/3.anchors', 3, { json: (j) => j.replace('anchors-1', 'anchors-2') }),
  'with a field more': anchors('anchors/3.anchors', 3, { json: (j) => j.replace('{"format"', '{"x":1,"format"') }),
  'with blanks in the JSON': anchors('anchors/3.anchors', 3, { json: (j) => j.replace('{', '{ ') }),
  'with no checkpoint': anchors('anchors/3.anchors', 3, { json: () => '{"format":"lantai-anchors-1","checkpoints":[]}' }),
  'with two checkpoints': anchors('anchors/3.anchors', 3, { json: (j) => j.replace(/\[(\{"note".*\})\]\}$/, '[$1,$1]}') }),
  'with no anchor': anchors('anchors/3.anchors', 3, { json: (j) => j.replace(/"anchors":\[\{.*?\}\]/, '"anchors":[]') }),
  'with an anchor that is no object': anchors('anchors/3.anchors', 3, { json: (j) => j.replace(/"anchors":\[\{.*?\}\]/, '"anchors":[1]') }),
  'beyond 1 MiB': anchors('anchors/3.anchors', 3, { json: (j) => `${j}${' '.repeat(1_100_000)}` }),
  empty: { members: plus('anchors/3.anchors', '') },
  'eight times': {
    members: (members) => Array.from({ length: 8 }, (_, n) => n).reduce((list, n) => plus(`anchors/x${n}`, 'x')(list), members),
  },
  'nine times': {
    members: (members) => Array.from({ length: 9 }, (_, n) => n).reduce((list, n) => plus(`anchors/x${n}`, 'x')(list), members),
  },
};
