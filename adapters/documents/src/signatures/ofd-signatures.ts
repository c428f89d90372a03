import { createHash } from 'node:crypto';
import { equalBytes } from '@lantai/values';
import { type OfdPackage, resolvePath } from '../ofd/package.ts';
import { childrenOf, findChild, parseXml, type XmlElement } from '../ofd/xml.ts';
import { OID, type TrustSettings } from './certificates.ts';
import { SIGNATURES_MAX, type SignatureFault, type SignatureReport, verdictOf } from './report.ts';
import { judgeSeal } from './seal.ts';
import { judgeMessage } from './signed-message.ts';

/** Digests of parts by name or number, as writers spell them. Source: GB/T 33190-2016 section 18.2. */
const CHECK_METHODS: Readonly<Record<string, string>> = {
  [OID.sm3]: 'sm3',
  sm3: 'sm3',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  sha256: 'sha256',
  'sha-256': 'sha256',
};
/** The standard's own default is MD5, which proves nothing any more. */
const WEAK_METHODS: ReadonlySet<string> = new Set(['', 'md5', 'sha1', 'sha-1', '1.3.14.3.2.26', '1.2.840.113549.2.5']);
/** Parts that one signature names. */
const REFERENCES_MAX = 20_000;

/** A signature's description, with the parts that belong to it alone. */
interface Described {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly root: XmlElement;
  readonly value: Uint8Array;
  readonly own: readonly string[];
}

/** Judges every signature of an OFD: which parts it covers, whether they are as they were, whose it is. What is wrong comes back as faults. */
export async function judgeOfd(ofd: OfdPackage, trust: TrustSettings): Promise<SignatureReport[]> {
  const root = ofd.readXml('OFD.xml');
  if ('kind' in root) return [];
  const lists = childrenOf(root, 'DocBody').flatMap((body) => {
    const location = findChild(body, 'Signatures')?.text;
    return location ? [resolvePath('OFD.xml', location)] : [];
  });
  const found = lists.flatMap((list) => readList(ofd, list)).slice(0, SIGNATURES_MAX);
  // What signatures are made of is covered by none of them, but by themselves.
  const own = new Set([...lists, ...found.flatMap((one) => one?.own ?? [])].map((path) => path.toLowerCase()));
  const coverable = ofd.paths().filter((path) => !own.has(path));
  const reports: SignatureReport[] = [];
  for (const one of found) reports.push(await judgeOne(ofd, one, coverable, trust));
  return reports;
}

function readList(ofd: OfdPackage, list: string): (Described | null)[] {
  const root = ofd.readXml(list);
  if ('kind' in root) return [null];
  return childrenOf(root, 'Signature').map((signature) => readDescription(ofd, resolvePath(list, signature.attributes.BaseLoc ?? '')));
}

function readDescription(ofd: OfdPackage, path: string): Described | null {
  const bytes = ofd.read(path);
  const root = 'kind' in bytes ? bytes : parseXml(bytes);
  if ('kind' in bytes || 'kind' in root) return null;
  const info = findChild(root, 'SignedInfo');
  const seal = info && findChild(info, 'Seal');
  const valuePath = resolvePath(path, findChild(root, 'SignedValue')?.text ?? '');
  const value = ofd.read(valuePath);
  if ('kind' in value) return null;
  const sealPath = seal && findChild(seal, 'BaseLoc')?.text;
  return { path, bytes, root, value, own: [path, valuePath, ...(sealPath ? [resolvePath(path, sealPath)] : [])] };
}

async function judgeOne(
  ofd: OfdPackage,
  one: Described | null,
  coverable: readonly string[],
  trust: TrustSettings,
): Promise<SignatureReport> {
  const base = { format: 'ofd', total: coverable.length } as const;
  if (!one)
    return {
      ...base,
      kind: 'signature',
      seal: null,
      signer: null,
      algorithm: null,
      signedAtMs: null,
      timeBy: null,
      covered: 0,
      verdict: 'broken',
      faults: ['structure'],
    };
  const parts = judgeParts(ofd, one);
  const sealed = await judgeSeal(one.value, one.bytes, trust);
  const judged = sealed ?? { ...(await judgeMessage(one.value, [one.bytes], trust)), seal: null };
  const covered = coverable.filter((path) => parts.named.has(path)).length;
  const faults: SignatureFault[] = [...new Set([...judged.faults, ...parts.faults])];
  if (covered < coverable.length) faults.push('parts-unsigned');
  return { ...base, ...judged, kind: sealed ? 'seal' : 'signature', covered, verdict: verdictOf(faults), faults };
}

/** The parts that a signature names, compared with what lies there. */
function judgeParts(ofd: OfdPackage, { path, root }: Described): { named: Set<string>; faults: SignatureFault[] } {
  const info = findChild(root, 'SignedInfo');
  const references = info && findChild(info, 'References');
  const list = childrenOf(references, 'Reference');
  const named = new Set<string>();
  const spelt = (references?.attributes.CheckMethod ?? '').trim().toLowerCase();
  const method = CHECK_METHODS[spelt];
  if (list.length === 0 || list.length > REFERENCES_MAX) return { named, faults: ['structure'] };
  if (!method) return { named, faults: [WEAK_METHODS.has(spelt) ? 'weak' : 'unsupported'] };
  let isSame = true;
  for (const reference of list) {
    const part = resolvePath(path, reference.attributes.FileRef ?? '');
    const bytes = ofd.read(part);
    const said = Buffer.from(findChild(reference, 'CheckValue')?.text.trim() ?? '', 'base64');
    const same = !('kind' in bytes) && equalBytes(new Uint8Array(createHash(method).update(bytes).digest()), new Uint8Array(said));
    if (same) named.add(part.toLowerCase());
    else isSame = false;
  }
  return { named, faults: isSame ? [] : ['altered'] };
}
