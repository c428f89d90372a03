export { sealValue, signedOfd } from './signed-ofd.ts';
export { contractPdf, signPdf, stream, writeObjects } from './signed-pdf.ts';
export { type KeyKind, makeSigner, SIGNED_MS, type Signer, signMessage } from './signers.ts';
