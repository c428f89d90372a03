import { extraOf, type Member } from './craft.ts';
import { A, change, LOOK, NAME, ONE, plus, saltOf, text, uuid, without } from './craft-bundle.ts';

/** Members left out, added or altered after everything was signed. */
export const MEMBERS: Record<string, (members: Member[]) => Member[]> = {
  'manifest first no more': (members) => [...members.slice(1), members[0]!],
  'members in another order': (members) => [...members].reverse(),
  'no member at all': () => [],
  'without the manifest’s receipt': without('manifest.tlog-proof'),
  'without the checkpoint': without('log/checkpoint'),
  'without the keys': without('log/keys'),
  'without a file': without(NAME),
  'without a receipt': without(ONE),
  'a member more': plus('extra.txt', 'x'),
  'a receipt more': plus(`receipts/${uuid(5)}.tlog-proof`, 'x'),
  'a member of a bad path': plus('../x', 'x'),
  'a member twice': plus(NAME, A),
  'a member in other case': plus(NAME.toUpperCase(), A),
  'a file altered and a receipt left out': (members) =>
    without(LOOK)(change(NAME, (m) => ({ ...m, bytes: Buffer.from(A.map((b) => b ^ 1)) }))(members)),
  'a file altered, and the checkpoint': (members) =>
    text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(
      change(NAME, (m) => ({ ...m, bytes: Buffer.from(A.map((b) => b ^ 1)) }))(members),
    ),
  'a file altered, no checkpoint': (members) =>
    without('log/checkpoint')(change(NAME, (m) => ({ ...m, bytes: Buffer.from(A.map((b) => b ^ 1)) }))(members)),
  'a receipt malformed, and the checkpoint altered': (members) =>
    text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(text(ONE, () => 'x')(members)),
  'a receipt left out, and the checkpoint altered': (members) =>
    text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(without(ONE)(members)),
  'a member more, and the checkpoint altered': (members) =>
    text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(plus('x', 'x')(members)),
  'no checkpoint and no receipt': (members) => without('log/checkpoint')(without(ONE)(members)),
  'the manifest’s receipt malformed, and another': (members) => text('manifest.tlog-proof', () => 'x')(text(ONE, () => 'x')(members)),
  'the manifest’s receipt is another entry’s': (members) =>
    change('manifest.tlog-proof', (m) => ({ ...m, bytes: members.find((o) => o.path === ONE)!.bytes }))(members),
  'the manifest’s receipt without its salt': text('manifest.tlog-proof', (t) =>
    t.replace(/extra (\S+)/, (_, e: string) => `extra ${withoutSalt(e)}`),
  ),
  'a receipt without its salt': text(ONE, (t) => t.replace(/extra (\S+)/, (_, e: string) => `extra ${withoutSalt(e)}`)),
  'a look’s receipt with a salt': text(LOOK, (t) => t.replace(/extra (\S+)/, (_, e: string) => `extra ${withSalt(e)}`)),
  'a receipt of another position': text(ONE, (t) => t.replace('index 4', 'index 5')),
  'a receipt of a position beyond': text(ONE, (t) => t.replace('index 4', 'index 99')),
  'a receipt with its checkpoint cut': text(ONE, (t) => t.split('\n\n').slice(0, 2).join('\n\n')),
  'a receipt with a line of an unknown key': text(ONE, (t) => `${t}\u2014 x AAAAAAA=\n`),
  'a receipt beyond 64 KiB': text(ONE, (t) => `${t}${'x'.repeat(66_000)}`),
  'the manifest’s receipt beyond 64 KiB': text('manifest.tlog-proof', (t) => `${t}${'x'.repeat(66_000)}`),
  'a receipt empty': text(ONE, () => ''),
  'the checkpoint empty': text('log/checkpoint', () => ''),
  'the checkpoint beyond 64 KiB': text('log/checkpoint', (t) => `${t}\u2014 x ${Buffer.alloc(60_000).toString('base64')}\n`),
  'the checkpoint with a line more': text('log/checkpoint', (t) => `${t}\u2014 x AAAAAAA=\n`),
  'the checkpoint without its line': text('log/checkpoint', (t) => t.slice(0, t.indexOf('\u2014'))),
  ...Object.fromEntries(
    ['manifest.json', 'manifest.tlog-proof', 'log/checkpoint', ONE, LOOK].map((path) => [
      `${path} not UTF-8`,
      change(path, (m) => ({ ...m, bytes: Buffer.concat([m.bytes.subarray(0, 30), Uint8Array.of(0xff), m.bytes.subarray(31)]) })),
    ]),
  ),
  'a receipt not UTF-8 in its note': change(ONE, (m) => ({
    ...m,
    bytes: Buffer.concat([m.bytes.subarray(0, -30), Uint8Array.of(0xff), m.bytes.subarray(-29)]),
  })),
  'a receipt not UTF-8, and the checkpoint altered': (members) =>
    text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(change(ONE, (m) => ({ ...m, bytes: Uint8Array.of(0xff) }))(members)),
  'a receipt with a byte order mark': text(ONE, (t) => `\ufeff${t}`),
  'the checkpoint with a byte order mark': text('log/checkpoint', (t) => `\ufeff${t}`),
  'anchors not UTF-8': plus('anchors/3.anchors', Uint8Array.of(0xff)),
  'the manifest empty': text('manifest.json', () => ''),
  'the manifest with a newline behind': text('manifest.json', (t) => `${t}\n`),
};

const decode = (extra: string) => JSON.parse(Buffer.from(extra, 'base64').toString()) as { entry: string; salt?: string };
const withoutSalt = (extra: string) => Buffer.from(extraOf(decode(extra).entry)).toString('base64');
const withSalt = (extra: string) => Buffer.from(extraOf(decode(extra).entry, saltOf(7))).toString('base64');
