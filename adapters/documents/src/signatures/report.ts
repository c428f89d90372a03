import type { Finding, Severity } from '@lantai/values';

/** What is wrong, or to be known, of a signature. Each is a finding `signature/…` with the words of docs/spec/signed-documents.md. */
export type SignatureFault = keyof typeof SEVERITY;

const SEVERITY = {
  structure: 'error',
  'range-wrong': 'error',
  altered: 'error',
  wrong: 'error',
  'seal-wrong': 'error',
  'pages-changed': 'error',
  'not-valid-then': 'error',
  empty: 'warning',
  weak: 'warning',
  unsupported: 'warning',
  'signer-unknown': 'warning',
  'seal-maker-unknown': 'warning',
  'marks-changed': 'warning',
  'not-compared': 'warning',
  'parts-unsigned': 'warning',
  'timestamp-wrong': 'warning',
  'timestamp-unknown': 'info',
  'time-unproved': 'info',
  appended: 'info',
} as const satisfies Record<string, Severity>;

/** Faults after which what was signed is not proved to be what lies here. */
const BREAKING: ReadonlySet<SignatureFault> = new Set([
  'structure',
  'range-wrong',
  'altered',
  'wrong',
  'seal-wrong',
  'pages-changed',
  'not-valid-then',
]);
/** Faults that leave open whether it holds: nothing was disproved, nothing proved. */
const OPEN: ReadonlySet<SignatureFault> = new Set(['empty', 'weak', 'unsupported']);

/**
 * `holds`: the bytes, the signature and a chain to a certificate that the archive trusts. `signer-unknown`: all but that chain.
 * `broken`: something disproves it. `unchecked`: it could not be judged.
 */
export type SignatureVerdict = 'holds' | 'signer-unknown' | 'broken' | 'unchecked';

/** Whom a certificate names. Texts are the certificate's own, at most {@link NAME_CHARS_MAX} characters; null where it has none. */
export interface CertificateNames {
  readonly name: string | null;
  readonly organisation: string | null;
  readonly issuer: string | null;
  /** Serial number, hexadecimal. */
  readonly serial: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What one signature of a document covers, who made it, and what of it holds. */
export interface SignatureReport {
  readonly format: 'pdf' | 'ofd';
  /** `timestamp`: a time-stamp over the whole document, which names no signer. */
  readonly kind: 'signature' | 'seal' | 'timestamp';
  readonly verdict: SignatureVerdict;
  readonly signer: CertificateNames | null;
  /** What the seal calls itself (印章名称). */
  readonly seal: string | null;
  /** As `RSA SHA-256`, `SM2 SM3`. */
  readonly algorithm: string | null;
  /** Milliseconds since 1970 UTC; by the time-stamp where there is one that holds, else as the signer says. */
  readonly signedAtMs: number | null;
  readonly timeBy: 'timestamp' | 'signer' | null;
  /** Bytes of a PDF, parts of an OFD: how many there are, how many the signature covers. */
  readonly covered: number;
  readonly total: number;
  readonly faults: readonly SignatureFault[];
}

/** Characters of a name taken from a certificate. */
export const NAME_CHARS_MAX = 200;
/** Signatures judged in one document; what has more is told so. */
export const SIGNATURES_MAX = 64;

/** The verdict that faults come to. */
export function verdictOf(faults: readonly SignatureFault[]): SignatureVerdict {
  if (faults.some((fault) => BREAKING.has(fault))) return 'broken';
  if (faults.some((fault) => OPEN.has(fault))) return 'unchecked';
  return faults.includes('signer-unknown') ? 'signer-unknown' : 'holds';
}

/** Findings of the signatures of a document: `number` counts from 1 in the order of the file. Nothing of a name stands in them. */
export function signatureFindings(reports: readonly SignatureReport[]): Finding[] {
  return reports.flatMap(({ verdict, faults, covered, total }, i): Finding[] => {
    const number = i + 1;
    const told = [...new Set(faults)].map((fault) => ({
      code: `signature/${fault}`,
      severity: SEVERITY[fault],
      params: { number, missing: total - covered },
    }));
    return verdict === 'holds' ? [{ code: 'signature/holds', severity: 'info', params: { number } }, ...told] : told;
  });
}

/** The report of a PDF whose signatures could not be read at all. @param total bytes of the file */
export const unreadableSignature = (total: number): SignatureReport => ({
  format: 'pdf',
  kind: 'signature',
  verdict: 'broken',
  signer: null,
  seal: null,
  algorithm: null,
  signedAtMs: null,
  timeBy: null,
  covered: 0,
  total,
  faults: ['structure'],
});
