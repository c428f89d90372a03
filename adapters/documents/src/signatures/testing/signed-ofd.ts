import { createHash } from 'node:crypto';
import { concatBytes, utf8 } from '@lantai/values';
import { makeZip } from '../../testing/files.ts';
import { OID } from '../certificates.ts';
import { FROM_MS, SIGNED_MS, type Signer, UNTIL_MS } from './signers.ts';

// OFDs under an electronic seal. Sources: GB/T 33190-2016 section 18, GB/T 38540-2020, GM/T 0031-2014.

function tlv(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const body = concatBytes(...parts);
  const digits: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const length = body.length < 0x80 ? [body.length] : [0x80 | digits.length, ...digits];
  return concatBytes(Uint8Array.from([tag, ...length]), body);
}

const sequence = (...parts: Uint8Array[]) => tlv(0x30, ...parts);
const octets = (bytes: Uint8Array) => tlv(0x04, bytes);
const bits = (bytes: Uint8Array) => tlv(0x03, Uint8Array.of(0), bytes);
const integer = (value: number) => tlv(0x02, Uint8Array.of(value));
const ia5 = (text: string) => tlv(0x16, utf8(text));
const time = (atMs: number) => tlv(0x18, utf8(`${new Date(atMs).toISOString().replace(/[-:T]|\.\d+/g, '')}`));
/** 1.2.156.10197.1.501 */
const ALGORITHM = tlv(0x06, Uint8Array.of(0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75));
const sm3 = (bytes: Uint8Array) => new Uint8Array(createHash('sm3').update(bytes).digest());

/** What of a seal is made otherwise than right. */
export interface SealOptions {
  /** Who signs with the seal. */
  readonly signer: Signer;
  /** Whose seal it is; left out: the signer's. */
  readonly user?: Signer;
  readonly maker: Signer;
  /** `2014`: the older form. */
  readonly form?: '2014' | '2020';
  readonly untilMs?: number;
  readonly signedAtMs?: number;
}

async function makeSeal({ signer, user = signer, maker, form, untilMs = UNTIL_MS }: SealOptions): Promise<Uint8Array> {
  const users = form === '2014' ? [sequence(octets(user.der))] : [integer(1), sequence(octets(user.der))];
  const property = sequence(integer(1), tlv(0x0c, utf8('某市试验用章')), ...users, time(FROM_MS), time(FROM_MS), time(untilMs));
  const picture = sequence(ia5('png'), octets(Uint8Array.of(1, 2, 3)), integer(40), integer(40));
  const info = sequence(sequence(ia5('ES'), integer(form === '2014' ? 2 : 4), ia5('test')), ia5('seal-1'), property, picture);
  const parts = [octets(maker.der), ALGORITHM];
  if (form === '2014') {
    const made = bits(await maker.sign(sequence(info, ...parts)));
    return sequence(info, sequence(...parts, made));
  }
  return sequence(info, ...parts, bits(await maker.sign(info)));
}

/** The value of a signature by a seal over the description of what was signed. */
export async function sealValue(described: Uint8Array, options: SealOptions): Promise<Uint8Array> {
  const { signer, form, signedAtMs = SIGNED_MS } = options;
  const seal = await makeSeal(options);
  const isOld = form === '2014';
  const at = isOld ? bits(time(signedAtMs)) : time(signedAtMs);
  const head = [integer(isOld ? 1 : 4), seal, at, bits(sm3(described)), ia5('/Doc_0/Signs/Sign_0/Signature.xml')];
  const certificate = [octets(signer.der), ALGORITHM];
  const signed = sequence(...head, ...(isOld ? certificate : []));
  const signature = bits(await signer.sign(signed));
  return isOld ? sequence(signed, signature) : sequence(signed, ...certificate, signature);
}

/** What is done to a signed OFD behind its signer's back. */
export interface OfdTampering {
  readonly parts?: Readonly<Record<string, string>>;
  /** Parts that the signature does not name. */
  readonly unnamed?: readonly string[];
  readonly checkMethod?: string;
  /** The value itself, of the right one. */
  readonly value?: (right: Uint8Array) => Uint8Array;
}

const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';

/** An OFD of one page, signed. @param sign makes the value of the description of what was signed */
export async function signedOfd(sign: (described: Uint8Array) => Promise<Uint8Array>, tampering: OfdTampering = {}): Promise<Uint8Array> {
  const parts: Record<string, string> = {
    'OFD.xml': `<ofd:OFD ${NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>`,
    'Doc_0/Document.xml': `<ofd:Document ${NS}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 105 148</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`,
    'Doc_0/Pages/Page_0/Content.xml': `<ofd:Page ${NS}><ofd:Content><ofd:Layer ID="2"><ofd:PathObject ID="3" Boundary="10 10 50 20" Fill="true"><ofd:AbbreviatedData>M 0 0 L 50 0 L 50 20 C</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer></ofd:Content></ofd:Page>`,
  };
  const named = Object.keys(parts).filter((path) => !tampering.unnamed?.includes(path));
  const references = named.map(
    (path) =>
      `<ofd:Reference FileRef="/${path}"><ofd:CheckValue>${Buffer.from(sm3(utf8(parts[path]!))).toString('base64')}</ofd:CheckValue></ofd:Reference>`,
  );
  const described = utf8(
    `<ofd:Signature ${NS}><ofd:SignedInfo><ofd:Provider ProviderName="test"/><ofd:SignatureMethod>${OID.sm2Sm3}</ofd:SignatureMethod><ofd:References CheckMethod="${tampering.checkMethod ?? OID.sm3}">${references.join('')}</ofd:References></ofd:SignedInfo><ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue></ofd:Signature>`,
  );
  const value = await sign(described);
  const all = { ...parts, ...tampering.parts };
  return makeZip([
    ...Object.entries(all).map(([name, data]) => ({ name, data })),
    {
      name: 'Doc_0/Signs/Signatures.xml',
      data: `<ofd:Signatures ${NS}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>`,
    },
    { name: 'Doc_0/Signs/Sign_0/Signature.xml', data: described },
    { name: 'Doc_0/Signs/Sign_0/SignedValue.dat', data: tampering.value ? tampering.value(value) : value },
  ]);
}
