export type { TrustSettings } from './certificates.ts';
export { judgeDocument } from './judge-document.ts';
export { type CertificateNames, type SignatureFault, type SignatureReport, type SignatureVerdict, signatureFindings } from './report.ts';
export { readRoots } from './signed-message.ts';
