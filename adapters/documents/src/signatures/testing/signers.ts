import { createHash } from 'node:crypto';
import { nodePrimitives, sm2PublicKey, sm2Sign } from '@lantai/primitives-node';
import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  Extension,
  IssuerAndSerialNumber,
  PublicKeyInfo,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { OID } from '../certificates.ts';

// Signers made by the tests themselves; every name in them is invented.

/** Kinds of key that tests sign with. */
export type KeyKind = 'rsa' | 'ec' | 'sm2';

/** A key with its certificate. */
export interface Signer {
  readonly kind: KeyKind;
  readonly certificate: Certificate;
  readonly der: Uint8Array;
  /** Signature over bytes, as its kind writes it in DER. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

const SIGNATURE_OID = { rsa: '1.2.840.113549.1.1.11', ec: '1.2.840.10045.4.3.2', sm2: OID.sm2Sm3 } as const;
const DIGEST_OID = { rsa: '2.16.840.1.101.3.4.2.1', ec: '2.16.840.1.101.3.4.2.1', sm2: OID.sm3 } as const;
const DAY_MS = 86_400_000;
export const FROM_MS = Date.UTC(2024, 0, 1);
export const UNTIL_MS = FROM_MS + 3 * 365 * DAY_MS;
/** When the tests' documents are signed. */
export const SIGNED_MS = Date.UTC(2025, 5, 1, 8, 30);

let serial = 1000;

/** An unsigned INTEGER of big-endian bytes. */
const integer = (bytes: Uint8Array) => new asn1js.Integer({ valueHex: new Uint8Array([0, ...bytes]).buffer }).convertToDER();

interface KeyPair {
  readonly publicKey: PublicKeyInfo;
  sign(data: Uint8Array): Promise<Uint8Array>;
}

async function makeKey(kind: KeyKind): Promise<KeyPair> {
  if (kind === 'sm2') return makeSm2Key();
  const { subtle } = globalThis.crypto;
  const algorithm =
    kind === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = (await subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicKey = PublicKeyInfo.fromBER(await subtle.exportKey('spki', pair.publicKey));
  const sign = async (data: Uint8Array) => {
    const raw = new Uint8Array(await subtle.sign({ name: algorithm.name, hash: 'SHA-256' }, pair.privateKey, new Uint8Array(data)));
    return kind === 'rsa' ? raw : pairOf(raw);
  };
  return { publicKey, sign };
}

/** `SEQUENCE { r, s }` of 64 bytes. */
const pairOf = (raw: Uint8Array): Uint8Array =>
  new Uint8Array(new asn1js.Sequence({ value: [integer(raw.slice(0, 32)), integer(raw.slice(32))] }).toBER());

function makeSm2Key(): KeyPair {
  const secret = nodePrimitives.random(32);
  secret[0] = 0x11;
  const point = sm2PublicKey(secret)!;
  const publicKey = new PublicKeyInfo();
  publicKey.algorithm = new AlgorithmIdentifier({
    algorithmId: OID.ecKey,
    algorithmParams: new asn1js.ObjectIdentifier({ value: OID.sm2 }),
  });
  publicKey.subjectPublicKey = new asn1js.BitString({ valueHex: new Uint8Array(point).buffer });
  return { publicKey, sign: async (data) => pairOf(sm2Sign(secret, data, (length) => nodePrimitives.random(length))) };
}

/** What a made certificate says, where that matters. */
export interface SignerOptions {
  readonly kind?: KeyKind;
  /** Whose certificate signs this one; left out: itself. */
  readonly issuer?: Signer;
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** Makes a key and a certificate: an authority where it signs itself, else a signer below its issuer. */
export async function makeSigner(name: string, options: SignerOptions = {}): Promise<Signer> {
  const { kind = options.issuer?.kind ?? 'ec', issuer, fromMs = FROM_MS, untilMs = UNTIL_MS } = options;
  const key = await makeKey(kind);
  const certificate = new Certificate({ version: 2, serialNumber: new asn1js.Integer({ value: ++serial }) });
  certificate.subject.typesAndValues.push(
    new AttributeTypeAndValue({ type: OID.commonName, value: new asn1js.Utf8String({ value: name }) }),
  );
  certificate.issuer = issuer ? issuer.certificate.subject : certificate.subject;
  certificate.notBefore.value = new Date(fromMs);
  certificate.notAfter.value = new Date(untilMs);
  certificate.subjectPublicKeyInfo = key.publicKey;
  const constraints = new BasicConstraints({ cA: issuer === undefined });
  certificate.extensions = [
    new Extension({ extnID: '2.5.29.19', critical: true, extnValue: constraints.toSchema().toBER(), parsedValue: constraints }),
  ];
  const signing = issuer ?? { kind, sign: key.sign };
  certificate.signature = new AlgorithmIdentifier({ algorithmId: SIGNATURE_OID[signing.kind] });
  certificate.signatureAlgorithm = certificate.signature;
  const body = new Uint8Array(certificate.encodeTBS().toBER());
  certificate.signatureValue = new asn1js.BitString({ valueHex: new Uint8Array(await signing.sign(body)).buffer });
  const der = new Uint8Array(certificate.toSchema(true).toBER());
  return { kind, certificate: Certificate.fromBER(new Uint8Array(der)), der, sign: key.sign };
}

/** What of a message is made otherwise than right. */
export interface MessageOptions {
  readonly others?: readonly Signer[];
  readonly signedAtMs?: number;
  /** Bytes whose digest is signed instead of the content's. */
  readonly digestOf?: Uint8Array;
  /** The certificate that is named and sent along instead of the signer's. */
  readonly as?: Signer;
  readonly digestOid?: string;
}

/** A detached signature over content (RFC 5652, with signed attributes). */
export async function signMessage(signer: Signer, content: Uint8Array, options: MessageOptions = {}): Promise<Uint8Array> {
  const { others = [], signedAtMs = SIGNED_MS, digestOf = content, as = signer } = options;
  const attribute = (type: string, value: asn1js.BaseBlock) => new Attribute({ type, values: [value] });
  const digest = createHash(signer.kind === 'sm2' ? 'sm3' : 'sha256')
    .update(digestOf)
    .digest();
  const named = createHash('sha256').update(as.der).digest();
  const ess = new asn1js.Sequence({
    value: [
      new asn1js.Sequence({
        value: [new asn1js.Sequence({ value: [new asn1js.OctetString({ valueHex: new Uint8Array(named).buffer })] })],
      }),
    ],
  });
  const signedAttrs = new SignedAndUnsignedAttributes({
    type: 0,
    attributes: [
      attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: '1.2.840.113549.1.7.1' })),
      attribute('1.2.840.113549.1.9.5', new asn1js.UTCTime({ valueDate: new Date(signedAtMs) })),
      attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: new Uint8Array(digest).buffer })),
      attribute('1.2.840.113549.1.9.16.2.47', ess),
    ],
  });
  const body = new Uint8Array(signedAttrs.toSchema().toBER());
  body[0] = 0x31; // what is signed is the SET, not the tag it stands under (RFC 5652 section 5.4)
  const info = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer: as.certificate.issuer, serialNumber: as.certificate.serialNumber }),
    digestAlgorithm: new AlgorithmIdentifier({ algorithmId: options.digestOid ?? DIGEST_OID[signer.kind] }),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithmId: signer.kind === 'rsa' ? '1.2.840.113549.1.1.1' : SIGNATURE_OID[signer.kind],
    }),
    signature: new asn1js.OctetString({ valueHex: new Uint8Array(await signer.sign(body)).buffer }),
    signedAttrs,
  });
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: [info.digestAlgorithm],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: '1.2.840.113549.1.7.1' }),
    certificates: [as, ...others].map((one) => one.certificate),
    signerInfos: [info],
  });
  return new Uint8Array(new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: signed.toSchema(true) }).toSchema().toBER());
}
