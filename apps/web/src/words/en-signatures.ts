import type { Translation } from './translation.ts';
import type { zhSignatures } from './zh-signatures.ts';

/** Signatures of documents, in English. */
export const enSignatures: Translation<keyof typeof zhSignatures> = {
  'signature.algorithm': 'Algorithm',
  'signature.covers': 'Covers',
  'signature.covers.all.ofd': 'all {total} parts of the file',
  'signature.covers.all.pdf': 'the whole file',
  'signature.covers.none.pdf': 'not known',
  'signature.covers.some.ofd': '{covered} of {total} parts of the file',
  'signature.covers.some.pdf': 'the first {covered} bytes; {missing} were added behind',
  'signature.issuer': 'Issued by',
  'signature.kind.seal': 'Electronic seal',
  'signature.kind.signature': 'Signature',
  'signature.kind.timestamp': 'Time-stamp of the file',
  'signature.noSigner': 'The signer cannot be read',
  'signature.sealName': 'Seal',
  'signature.serial': 'Serial number',
  'signature.signer': 'Signed by',
  'signature.span': '{from} to {until}',
  'signature.title': 'Signatures and seals',
  'signature.titleNumber': '{kind} {number}',
  'signature.valid': 'Certificate valid',
  'signature.verdict.broken': 'Does not hold',
  'signature.verdict.holds': 'Holds',
  'signature.verdict.signer-unknown': 'Unchanged; signer not known here',
  'signature.verdict.unchecked': 'Not checked',
  'signature.when': 'Signed',
  'signature.when.none': 'not said',
  'signature.when.signer': '{time} (the signer says)',
  'signature.when.timestamp': '{time} (by time-stamp)',
};
