import { anchors } from './bundle-anchor-cases.ts';
import { noteOf } from './craft.ts';
import {
  change,
  file,
  files,
  first,
  LOOK,
  materials,
  NAME,
  ONE,
  type Parts,
  plus,
  SIGNER,
  STRANGER,
  set,
  text,
  uuid,
  without,
} from './craft-bundle.ts';

/** Keys, entries, checkpoints and spellings. */
export const OTHER_CASES: Record<string, Parts> = {
  'as it should be': {},
  'without keys': { keys: [] },
  'without keys, the own key of another': { keys: [], members: text('log/keys', () => `${STRANGER.verifierKey}\n`) },
  'a malformed key beside the right one': { keys: [SIGNER.verifierKey, 'x'] },
  'only a malformed key': { keys: ['x'] },
  'without keys, one line malformed, listed so': {
    keys: [],
    manifest: files((list) => list.map((f) => (f.path === 'log/keys' ? file('log/keys', Buffer.from(`x\n${SIGNER.verifierKey}\n`)) : f))),
    members: text('log/keys', () => `x\n${SIGNER.verifierKey}\n`),
  },
  'without keys, an empty line among them, listed so': {
    keys: [],
    manifest: files((list) => list.map((f) => (f.path === 'log/keys' ? file('log/keys', Buffer.from(`\n${SIGNER.verifierKey}\n`)) : f))),
    members: text('log/keys', () => `\n${SIGNER.verifierKey}\n`),
  },
  'without keys, the own ones not UTF-8': {
    keys: [],
    members: change('log/keys', (m) => ({ ...m, bytes: Buffer.concat([m.bytes.subarray(0, -1), Uint8Array.of(0xff)]) })),
  },
  'own keys not UTF-8, others given': {
    members: change('log/keys', (m) => ({ ...m, bytes: Buffer.concat([m.bytes.subarray(0, -1), Uint8Array.of(0xff)]) })),
  },
  'without keys, the own ones beyond 64 KiB': { keys: [], members: text('log/keys', (t) => `${t}${'x'.repeat(66_000)}`) },
  'without keys and without own ones': {
    keys: [],
    members: without('log/keys'),
    manifest: files((list) => list.filter((f) => f.path !== 'log/keys')),
  },
  'without keys, the own ones left out but listed': { keys: [], members: without('log/keys') },
  'made of another kind': { made: { kind: 'dossier.packed' } },
  'made without a commitment': { made: { commit: undefined } },
  'made by a malformed entry': { made: { x: 1 } },
  'made entry among the entries too': { manifest: set({ entries: [uuid(1), uuid(2), uuid(3), uuid(9)] }) },
  'an entry malformed': { entries: (list) => [{ ...list[0], x: 1 }, ...list.slice(1)] },
  'an entry of another id': { entries: (list) => [{ ...list[0], id: uuid(6) }, ...list.slice(1)] },
  'an entry of a file without a commitment': { entries: (list) => [{ ...list[0], commit: undefined }, ...list.slice(1)] },
  'an entry of a file with a wrong commitment': { entries: (list) => [{ ...list[0], commit: '00'.repeat(32) }, ...list.slice(1)] },
  'an origin that is not the key’s': { origin: 'log.example/b' },
  'an origin that is neither the key’s nor the manifest’s': { origin: 'log.example/b', manifest: set({ origin: 'log.example/b' }) },
  'a checkpoint signed twice': { lines: (t) => [SIGNER.lineOver(t), SIGNER.lineOver(t)] },
  'a checkpoint with a wrong second line': { lines: (t) => [SIGNER.lineOver(t), SIGNER.lineOver('x')] },
  'a checkpoint signed by a stranger as well': {
    lines: (t) => [STRANGER.lineOver(t), SIGNER.lineOver(t)],
    keys: [SIGNER.verifierKey, STRANGER.verifierKey],
  },
  'a manifest malformed, and the checkpoint altered': {
    spelled: (t) => `${t} `,
    members: text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n')),
  },
  'a manifest malformed, a receipt and a file left out': {
    spelled: (t) => `${t} `,
    members: (members) => without(ONE)(without(NAME)(members)),
  },
  'a manifest malformed, and its receipt left out': { spelled: (t) => `${t} `, members: without('manifest.tlog-proof') },
  'a manifest malformed, and its receipt altered': {
    spelled: (t) => `${t} `,
    members: text('manifest.tlog-proof', (t) => t.replace('index', 'idx')),
  },
  'a manifest malformed, a member more': { spelled: (t) => `${t} `, members: plus('x', 'x') },
  'a manifest malformed, anchors that do not hold': {
    spelled: (t) => `${t} `,
    ...anchors('anchors/3.anchors', 3, { note: (t) => noteOf(t, STRANGER.lineOver(t)) }),
  },
  'an altered checkpoint, anchors that do not hold': {
    members: (members, made) =>
      text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(
        anchors('anchors/3.anchors', 3, { note: (t) => noteOf(t, STRANGER.lineOver(t)) }).members!(members, made),
      ),
  },
  'an altered checkpoint, anchors of a kind unknown': {
    members: (members) => text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(plus('anchors/x', 'x')(members)),
  },
  'another origin in the manifest, and a file altered': {
    manifest: set({ origin: 'log.example/another' }),
    members: text(NAME, () => 'the bytes of an invented pagf'),
  },
  'another origin in the manifest, and a receipt left out': { manifest: set({ origin: 'log.example/another' }), members: without(ONE) },
  'the manifest left out, the checkpoint altered and a receipt left out': {
    members: (members) => without('manifest.json')(without(ONE)(text('log/checkpoint', (t) => t.replace('\n8\n', '\n9\n'))(members))),
  },
  'the manifest left out and its receipt too': { members: (members) => without('manifest.json')(without('manifest.tlog-proof')(members)) },
  'a file of a swapped receipt': {
    members: (members) => members.map((m) => (m.path === ONE ? { ...m, bytes: members.find((o) => o.path === LOOK)!.bytes } : m)),
  },
  'a manifest with blanks': { spelled: (t) => t.replace(':', ': ') },
  'a manifest with a field twice': { spelled: (t) => t.replace('"kind"', '"kind":"audit-pack","kind"') },
  'a manifest with an escaped letter': { spelled: (t) => t.replace('audit-pack', '\\u0061udit-pack') },
  'a manifest with a number spelled otherwise': { spelled: (t) => t.replace('"madeAtMs":5', '"madeAtMs":5e0') },
  'a manifest with minus zero': { spelled: (t) => t.replace('"madeAtMs":5', '"madeAtMs":-0') },
  'a manifest with a byte order mark': { spelled: (t) => `\ufeff${t}` },
  'a manifest that is a list': { spelled: () => '[]' },
  'a manifest that is null': { spelled: () => 'null' },
  'a manifest nested 20,000 deep': { spelled: () => `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
  'a code with letters beyond ASCII': { manifest: materials(first({ code: '干部-\u{20000}-\u2028' })) },
  'a code with an unpaired surrogate': { manifest: materials(first({ code: '\ud800' })) },
};
