import { type AnchorProof, type AnchorProvider, anchoredText, type Checkpoint, findBase64, formatBase64 } from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import * as asn1js from 'asn1js';
import { AlgorithmIdentifier, MessageImprint, TimeStampReq, TimeStampResp } from 'pkijs';
import { ask } from './ask.ts';
import { readCertificates } from './certificates.ts';
import { checkTimestampToken } from './timestamp-token.ts';

/** A time-stamp authority. */
export interface TimestampSettings {
  readonly url: string;
  /** PEM of the certificates that are believed. */
  readonly roots: string;
}

const SHA256 = '2.16.840.1.101.3.4.2.1';
const NONCE_BYTES = 8;
/** A token is some kilobytes; one with a long chain some dozens. */
const REPLY_BYTES_MAX = 256 * 1024;
const TIMEOUT_MS = 30_000;
/** How far the authority's clock and ours may lie apart. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;
/** PKIStatus granted and grantedWithMods. Source: RFC 3161 section 2.4.2. */
const GRANTED = new Set([0, 1]);

/** Opens a time-stamp authority. @throws ArchiveError `anchor/roots-malformed` (caller) */
export function openTimestampProvider(settings: TimestampSettings, clock: { nowMs(): number }, timeoutMs = TIMEOUT_MS): AnchorProvider {
  const roots = readCertificates(settings.roots);
  return {
    kind: 'rfc3161',
    submit: async (checkpoint) => {
      const text = anchoredText(checkpoint);
      const nonce = positiveNonce();
      const askedMs = clock.nowMs();
      const body = await formatRequest(text, nonce);
      const reply = await ask(
        { url: settings.url, body, contentType: 'application/timestamp-query', limit: REPLY_BYTES_MAX, timeoutMs },
        'anchor/unreachable',
      );
      if (reply.status !== 200) throw new ArchiveError('anchor/unreachable', 'environment', { reason: `http-${reply.status}` });
      const token = readResponse(reply.bytes);
      const between = [askedMs - CLOCK_TOLERANCE_MS, clock.nowMs() + CLOCK_TOLERANCE_MS] as const;
      const verdict = await checkTimestampToken(token, { text, roots, nonce, between });
      if (verdict.kind !== 'holds') throw wrong(verdict.kind === 'wrong' ? verdict.reason : verdict.kind);
      return { proof: { kind: 'rfc3161', token: formatBase64(token) }, atMs: verdict.atMs };
    },
    check: (checkpoint, proof) => checkProof(checkpoint, proof, roots),
  };
}

/** Checks a time-stamp of a checkpoint by roots in PEM, without asking anybody. @throws ArchiveError `anchor/roots-malformed` (caller) */
export function checkTimestamp(checkpoint: Checkpoint, proof: AnchorProof, rootsPem: string) {
  return checkProof(checkpoint, proof, readCertificates(rootsPem));
}

async function checkProof(checkpoint: Checkpoint, proof: AnchorProof, roots: ReturnType<typeof readCertificates>) {
  const token = proof.kind === 'rfc3161' ? findBase64(proof.token) : null;
  if (!token) return { kind: 'wrong', reason: 'malformed' } as const;
  return checkTimestampToken(token, { text: anchoredText(checkpoint), roots });
}

const wrong = (reason: string) => new ArchiveError('anchor/answer-wrong', 'environment', { reason });

/** Eight random bytes that are a positive INTEGER without leading zeros. */
function positiveNonce(): Uint8Array {
  const nonce = globalThis.crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  nonce[0] = (nonce[0]! & 0x7f) | 0x40;
  return nonce;
}

async function formatRequest(text: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(text));
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: digest }),
    }),
    nonce: new asn1js.Integer({ valueHex: new Uint8Array(nonce).buffer }),
    certReq: true,
  });
  return new Uint8Array(request.toSchema().toBER());
}

/** The token of a granted answer, in DER. */
function readResponse(bytes: Uint8Array): Uint8Array {
  let response: TimeStampResp;
  try {
    response = TimeStampResp.fromBER(new Uint8Array(bytes));
  } catch {
    throw wrong('malformed');
  }
  if (!GRANTED.has(Number(response.status.status))) throw wrong('refused');
  // The token's own bytes, not written anew: what was signed must stay as it was sent.
  const { result } = asn1js.fromBER(new Uint8Array(bytes));
  const token = result instanceof asn1js.Sequence ? result.valueBlock.value[1] : undefined;
  if (!token) throw wrong('malformed');
  return new Uint8Array(token.valueBeforeDecodeView);
}
