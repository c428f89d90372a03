import type { Translation } from './translation.ts';
import type { zhVerify } from './zh-verify.ts';

/** Words of the page that checks receipts and bundles without an account, and of packs. */
export const enVerify: Translation<keyof typeof zhVerify> = {
  'leave.title': 'What leaves is sensitive',
  'leave.help':
    'Counted in what was read and in titles; of pages not read nobody knows. If it must leave, say why; the reason is sealed for auditors.',
  'leave.reason': 'Why it may leave',
  'leave.confirm': 'Let it leave',
  'leave.kind.id_number': 'ID numbers',
  'leave.kind.phone': 'Phones',
  'leave.kind.address': 'Addresses',
  'leave.kind.bank_account': 'Bank accounts',
  'leave.kind.discipline': 'Words of discipline',
  'leave.kind.health': 'Words of health',
  'leave.kind.unread': 'Pages not read',
  'pack.audit': 'Audit pack, with contents',
  'pack.dossier': 'Make an audit pack',
  'pack.evidence': 'Evidence, without contents',
  'pack.from': 'From',
  'pack.text': 'Accesses, changes and proofs of a time, in one bundle that anybody can check offline. Making it is an entry of the log.',
  'pack.title': 'Audit packs',
  'pack.to': 'To',
  'verify.broken': 'Not proved',
  'verify.busy': 'Checking…',
  'verify.check': 'Check',
  'verify.choose': 'Choose a receipt or bundle',
  'verify.chosenFolder_one': 'A folder of {count} file',
  'verify.chosenFolder_other': 'A folder of {count} files',
  'verify.entry': '{kind}, {at}, account {actor}, position {position}',
  'verify.folder': 'Choose a folder',
  'verify.holds': 'Proved',
  'verify.keys': 'Keys of the log that you believe, one a line',
  'verify.keysArchive': 'These are the keys that this archive publishes now; compare them with what you got elsewhere.',
  'verify.keysPage':
    'These keys were written into the page when it was made; compare them with what you got elsewhere. Without a key nothing says whose log it is.',
  'verify.materials_one': '{count} material',
  'verify.materials_other': '{count} materials',
  'verify.number': 'Number on the watermark (optional)',
  'verify.text':
    'Everything is checked in this browser; what you choose is sent nowhere. Choose a bundle (a zip, or the folder it was unpacked into), or a receipt, with the file it speaks of if you have it.',
  'verify.title': 'Check receipts and bundles',
  'verify.unreadable': 'The files chosen cannot be read.',
  'verify.whole': 'Whole in itself; but no believed key was given, so nothing says whose log it is',
};
