import { createHash } from 'node:crypto';
import { DER, type DerElement, findCertificate, insideDer, splitDer } from '@lantai/anchors/trust';
import { equalBytes } from '@lantai/values';
import * as asn1js from 'asn1js';
import { AlgorithmIdentifier, type Certificate } from 'pkijs';
import { algorithmName, cleanName, documentSignatureHolds, isInItsYears, isKnown, namesOf, type TrustSettings } from './certificates.ts';
import type { SignatureFault } from './report.ts';
import { judgeToken, type MessageJudgement } from './signed-message.ts';

/** What an electronic seal's value comes to. */
export interface SealJudgement extends MessageJudgement {
  /** What the seal calls itself. */
  readonly seal: string | null;
}

/** The value of a signature by an electronic seal (SES_Signature), taken apart. */
interface SealValue {
  /** What the signature is of, as it stands. */
  readonly signed: Uint8Array;
  readonly seal: Seal;
  readonly sealedAtMs: number | null;
  /** Digest of the signature's description (Signature.xml). */
  readonly digest: Uint8Array;
  readonly signer: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
  readonly stamp: Uint8Array | null;
}

/** The seal itself (SESeal): a picture and whose it is, signed by its maker (制章者). */
interface Seal {
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Certificates of those who may use it, or their digests. */
  readonly users: readonly Uint8Array[];
  readonly maker: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** The forms of what the maker signed. */
  readonly signedForms: readonly Uint8Array[];
}

const TAG = { bits: 0x03, octets: 0x04, utf8: 0x0c, generalized: 0x18, utcTime: 0x17 } as const;
/** A seal with its picture. */
const VALUE_BYTES_MAX = 16 * 1024 * 1024;

class NoSeal extends Error {}

/**
 * Judges the value of a signature by an electronic seal: GB/T 38540-2020, and GM/T 0031-2014 before it. SM2 and SM3; RSA and ECDSA where the
 * certificate has such a key. @param described bytes of the signature's description, whose digest was signed
 * @returns null when it is no such value; never throws on a bad one
 */
export async function judgeSeal(der: Uint8Array, described: Uint8Array, trust: TrustSettings): Promise<SealJudgement | null> {
  let value: SealValue;
  try {
    if (der.length > VALUE_BYTES_MAX) throw new NoSeal();
    value = readValue(der);
  } catch {
    // Whatever it is that stands there, it is no seal's value; the caller tries another form and else says so.
    return null;
  }
  const signer = findCertificate(value.signer);
  if (!signer)
    return {
      signer: null,
      seal: cleanName(value.seal.name),
      algorithm: null,
      signedAtMs: value.sealedAtMs,
      timeBy: null,
      faults: ['structure'],
    };
  const faults: SignatureFault[] = [];
  const stamp = value.stamp ? await judgeToken(value.stamp, value.signature, trust) : { atMs: null, fault: null };
  if (stamp.fault) faults.push(stamp.fault);
  if (stamp.atMs === null) faults.push('time-unproved');
  const signedAtMs = stamp.atMs ?? value.sealedAtMs;
  const atMs = signedAtMs ?? trust.nowMs;
  if (!equalBytes(value.digest, sm3(described))) faults.push('altered');
  if (!(await holds(signer, value.signed, value.signature, value.algorithm))) faults.push('wrong');
  faults.push(...(await judgeMaker(value, trust, atMs)));
  if (!isInItsYears(signer, atMs)) faults.push('not-valid-then');
  else if (!(await isKnown(signer, [], trust, atMs))) faults.push('signer-unknown');
  return {
    signer: namesOf(signer),
    seal: cleanName(value.seal.name),
    algorithm: algorithmName(signer, 'SM3'),
    signedAtMs,
    timeBy: stamp.atMs !== null ? 'timestamp' : signedAtMs === null ? null : 'signer',
    faults,
  };
}

/** The seal is its maker's, was in force, and is the signer's to use. Source: GB/T 38540-2020 section 7. */
async function judgeMaker({ seal, signer }: SealValue, trust: TrustSettings, atMs: number): Promise<SignatureFault[]> {
  const maker = findCertificate(seal.maker);
  if (!maker) return ['seal-wrong'];
  const results = await Promise.all(seal.signedForms.map((form) => holds(maker, form, seal.signature, seal.algorithm)));
  const isUsers = seal.users.some((user) => equalBytes(user, signer) || equalBytes(user, sm3(signer)));
  const isInForce = seal.fromMs <= atMs && atMs <= seal.untilMs;
  if (!results.includes(true) || !isUsers || !isInForce) return ['seal-wrong'];
  const isMakerKnown = await isKnown(maker, [], trust, Math.min(atMs, maker.notAfter.value.getTime()));
  return isMakerKnown ? [] : ['seal-maker-unknown'];
}

function holds(certificate: Certificate, data: Uint8Array, signature: Uint8Array, algorithmId: string): Promise<boolean> {
  const value = new asn1js.BitString({ valueHex: new Uint8Array(signature).buffer });
  return documentSignatureHolds(certificate, { data, signature: value, algorithm: new AlgorithmIdentifier({ algorithmId }) });
}

const sm3 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sm3').update(bytes).digest());

/** GB/T 38540: signed part, certificate, algorithm, signature, perhaps a stamp. GM/T 0031: signed part, with the two in it, and signature. */
function readValue(der: Uint8Array): SealValue {
  const [outer, ...behind] = splitDer(der);
  const parts = insideDer(outer, DER.sequence);
  if (behind.length > 0) throw new NoSeal();
  const signedPart = must(parts[0]);
  const [, seal, time, digest, , ...rest] = insideDer(signedPart, DER.sequence);
  const isOld = parts.length === 2;
  const [signer, algorithm] = isOld ? rest : [parts[1], parts[2]];
  const last = isOld ? parts[1] : parts[3];
  const stamped = isOld ? undefined : parts[4];
  return {
    signed: signedPart.whole,
    seal: readSeal(must(seal)),
    sealedAtMs: findTimeMs(must(time)),
    digest: bitsOf(digest),
    signer: octetsOf(signer),
    algorithm: oidOf(algorithm),
    signature: bitsOf(last),
    stamp: stamped?.tag === DER.context0 ? bitsOf(insideDer(stamped, DER.context0)[0]) : null,
  };
}

function readSeal(element: DerElement): Seal {
  const parts = insideDer(element, DER.sequence);
  const info = must(parts[0]);
  const isOld = parts.length === 2;
  const [maker, algorithm, signature] = isOld ? insideDer(parts[1], DER.sequence) : parts.slice(1);
  const [, , property] = insideDer(info, DER.sequence);
  const fields = insideDer(property, DER.sequence);
  // type, name, kind of the list of users in the newer form, the list, made, from, until
  const name = fields.find((field) => field.tag === TAG.utf8);
  const list = fields.find((field) => field.tag === DER.sequence);
  const times = fields.filter((field) => field.tag === TAG.generalized || field.tag === TAG.utcTime).map(findTimeMs);
  const [, fromMs, untilMs] = times;
  const users = insideDer(list, DER.sequence).map((user) =>
    user.tag === TAG.octets ? user.body : octetsOf(insideDer(user, DER.sequence)[1]),
  );
  const three = [info, must(maker), must(algorithm)].map((part) => part.whole);
  return {
    name: name ? new TextDecoder().decode(name.body) : '',
    fromMs: fromMs ?? Number.NaN,
    untilMs: untilMs ?? Number.NaN,
    users,
    maker: octetsOf(maker),
    algorithm: oidOf(algorithm),
    signature: bitsOf(signature),
    // The standards leave open what of the three is signed, and makers differ.
    signedForms: [info.whole, sequence(three), sequence(three.slice(0, 2))],
  };
}

/** A SEQUENCE of elements as they stand. */
function sequence(parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const digits: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const length = body.length < 0x80 ? [body.length] : [0x80 | digits.length, ...digits];
  return new Uint8Array(Buffer.concat([Uint8Array.from([DER.sequence, ...length]), body]));
}

function must(element: DerElement | undefined): DerElement {
  if (!element) throw new NoSeal();
  return element;
}

/** The bytes of a BIT STRING of whole bytes. */
function bitsOf(element: DerElement | undefined): Uint8Array {
  if (element?.tag !== TAG.bits || element.body[0] !== 0) throw new NoSeal();
  return new Uint8Array(element.body.subarray(1));
}

function octetsOf(element: DerElement | undefined): Uint8Array {
  if (element?.tag !== TAG.octets) throw new NoSeal();
  return new Uint8Array(element.body);
}

function oidOf(element: DerElement | undefined): string {
  const { result } = asn1js.fromBER(new Uint8Array(must(element).whole));
  if (!(result instanceof asn1js.ObjectIdentifier)) throw new NoSeal();
  return result.valueBlock.toString();
}

/** A time, which the older form keeps as a BIT STRING around it; null when it is none. */
function findTimeMs(element: DerElement): number | null {
  const inner = element.tag === TAG.bits ? element.body.subarray(1) : element.whole;
  const { result, offset } = asn1js.fromBER(new Uint8Array(inner));
  if (offset < 0 || !(result instanceof asn1js.UTCTime || result instanceof asn1js.GeneralizedTime)) return null;
  const atMs = result.toDate().getTime();
  return Number.isFinite(atMs) ? atMs : null;
}
