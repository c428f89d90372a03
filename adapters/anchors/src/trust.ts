// Certificates and tokens alone, for whoever checks signatures of documents: without the chain's library.
export { leadsToRoot, type SignatureCheck, type Signed, signatureHolds } from './certificate-path.ts';
export { findCertificate, isSameCertificate, isSameName } from './certificates.ts';
export { DER, type DerElement, DerFault, insideDer, splitDer } from './der.ts';
export { checkTimestampToken, type TokenExpectation, type TokenFault } from './timestamp-token.ts';
