import type { BundleVerdict } from '@lantai/bundle';
import { checkBundleAt, timestampJudge } from '@lantai/server';
import { formatHex } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';
import { looksJson, sayLooks, seekLooks } from './look-number.ts';

const iso = (atMs: number) => new Date(atMs).toISOString();
const MB = 1_000_000;
/** Faults told to people; JSON mode tells up to 1,000. */
const FAULTS_SHOWN = 50;

/** Checks a bundle, zip or folder, and says which bytes, when, by whom, anchored where, or exactly what does not match. */
export async function verifyBundleCommand(
  context: Context,
  path: string,
  logKeys: readonly string[],
  number: bigint | null,
  timestampRoots: string | null = null,
): Promise<number> {
  const { out } = context;
  let bar: ReturnType<typeof startProgress> | undefined;
  const onProgress = (done: number, total: number) => {
    bar ??= startProgress(Math.ceil(total / MB), out.language === 'zh' ? '验证' : 'verify');
    bar.to(Math.floor(done / MB));
  };
  const outcome = await checkBundleAt(path, logKeys, onProgress, timestampRoots === null ? null : timestampJudge(timestampRoots));
  bar?.end();
  if (outcome.kind === 'refused') {
    out.json({ isValid: false, isWhole: false, faults: [{ code: outcome.code, path: outcome.path }] });
    out.line(`✗ ${faultLine(context, outcome)}`);
    out.say('验证未通过。', 'Not proved.');
    return EXIT.corruption;
  }
  const { verdict } = outcome;
  const answer = seekLooks(number, verdict.isWhole ? verdict.entries.map(({ entry }) => entry) : []);
  const isLookAbsent = answer?.looks.length === 0;
  out.json({ ...jsonOf(verdict), ...looksJson(answer) });
  sayVerdict(context, verdict);
  if (answer) sayLooks(out, answer);
  const isProved = verdict.isValid && !isLookAbsent;
  if (isProved) out.say('验证通过。', 'Proved.');
  else if (verdict.isWhole && !isLookAbsent)
    out.say(
      '内容完整、自相一致；但未给定可信公钥，不能证明出自哪个档案库。',
      'Whole in itself; but no believed key was given, so nothing says whose log it is.',
    );
  else out.say('验证未通过。', 'Not proved.');
  if (isProved) return EXIT.ok;
  return verdict.isWhole && !isLookAbsent ? EXIT.attention : EXIT.corruption;
}

const faultLine = ({ out }: Context, { code, path }: { code: string; path: string | null }) =>
  `${path ?? '—'}: ${out.words(code)} [${code}]`;

function sayVerdict(context: Context, verdict: BundleVerdict): void {
  const { out } = context;
  for (const fault of verdict.faults.slice(0, FAULTS_SHOWN)) out.line(`✗ ${faultLine(context, fault)}`);
  if (verdict.faultCount > FAULTS_SHOWN) out.line(`  … ${verdict.faultCount}`);
  const { manifest, made, checkpoint } = verdict;
  const count = (outcome: string) => verdict.files.filter((file) => file.outcome === outcome).length;
  if (manifest)
    out.line(
      `  ${out.words('bundle/contents', { kind: out.words(`bundle/kind-${manifest.kind}`), materials: manifest.materials.length, proved: count('proved'), listed: count('listed'), failed: count('failed'), entries: verdict.entries.length })}`,
    );
  if (made)
    out.line(
      `${verdict.isWhole ? '✓' : '–'} ${out.words('bundle/made', { at: iso(made.entry.atMs), actor: made.entry.actor, position: made.position })}`,
    );
  if (verdict.manifestSha256) out.line(`  ${out.words('bundle/manifest-digest', { sha256: formatHex(verdict.manifestSha256) })}`);
  if (checkpoint) out.line(`  ${out.words('bundle/checkpoint', { origin: checkpoint.origin, size: checkpoint.size })}`);
  for (const s of verdict.signatures)
    out.line(
      `${verdict.keysFrom === 'given' ? '✓' : '–'} ${out.words('bundle/signature', { algorithm: out.words(`verify/algorithm-${s.algorithm}`), name: s.name, keyId: s.keyId })}`,
    );
  if (!verdict.anchors.length) out.line(`– ${out.words('bundle/not-anchored')}`);
  for (const a of verdict.anchors) {
    const mark = a.outcome === 'holds' ? '✓' : a.outcome === 'refused' ? '✗' : '–';
    out.line(
      `${mark} ${out.words(`bundle/anchor-${a.outcome}`, { provider: a.provider, path: a.path, size: a.size ?? '—', at: a.atMs === undefined ? '—' : iso(a.atMs) })}`,
    );
  }
}

/** The verdict as JSON: digests in hexadecimal, no commitments. */
function jsonOf(verdict: BundleVerdict): Record<string, unknown> {
  const plain = ({ entry, position }: BundleVerdict['entries'][number]) => ({ ...entry, commit: undefined, position });
  return {
    ...verdict,
    manifestSha256: verdict.manifestSha256 && formatHex(verdict.manifestSha256),
    checkpoint: verdict.checkpoint && { ...verdict.checkpoint, root: formatHex(verdict.checkpoint.root) },
    made: verdict.made && plain(verdict.made),
    entries: verdict.entries.map(plain),
  };
}
