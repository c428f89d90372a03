import type { BundleVerdict } from '@lantai/bundle';
import type { ReceiptVerdict } from '@lantai/log';
import { formatHex } from '@lantai/values';
import type { ReactNode } from 'react';
import { useWords } from '../../words/words.tsx';
import type { Judged, LookAnswer } from './judge.ts';

type Mark = 'passed' | 'failed' | 'not-made';
const TONES: Readonly<Record<Mark, string>> = { passed: 'jade', failed: 'cinnabar', 'not-made': 'plain' };
/** Faults shown; a bundle may have thousands. */
const FAULTS_SHOWN = 200;

function Line({ mark, children }: { mark: Mark; children: ReactNode }) {
  const { w } = useWords();
  return (
    <li>
      <span className={`chip ${TONES[mark]}`}>{w(`receipt.outcome.${mark}`)}</span> <span>{children}</span>
    </li>
  );
}

function useMoment(): (atMs: number) => string {
  const { language } = useWords();
  return (atMs) => `${new Date(atMs).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB')} (${new Date(atMs).toISOString()})`;
}

function LookLine({ look }: { look: LookAnswer }) {
  const { code } = useWords();
  const moment = useMoment();
  const params = { number: look.number, at: moment(look.atMs) };
  if (!look.entryIds.length) return <Line mark="failed">{code('verify/look-absent', params)}</Line>;
  return look.entryIds.map((entry) => (
    <Line key={entry} mark="passed">
      {code('verify/look-proved', { ...params, entry })}
    </Line>
  ));
}

function ReceiptLines({ verdict }: { verdict: ReceiptVerdict }) {
  const { w, code, number } = useWords();
  const moment = useMoment();
  const names = verdict.algorithms?.map((a) => code(`verify/algorithm-${a}`)).join(' + ');
  return (
    <>
      {verdict.checks.map((check) => (
        <Line key={check.name} mark={check.outcome}>
          {w(`receipt.check.${check.name}`)}
          {check.reason && <span className="quiet"> {code(`receipt/${check.reason}`)}</span>}
        </Line>
      ))}
      {verdict.isValid && verdict.entry && (
        <Line mark="passed">
          {w('verify.entry', {
            kind: code(`entry/${verdict.entry.kind}`),
            at: moment(verdict.entry.atMs),
            actor: verdict.entry.actor,
            position: number(verdict.position ?? 0),
          })}
        </Line>
      )}
      {names && <Line mark="passed">{code('verify/signed-by', { names })}</Line>}
      <Line mark="not-made">{code('bundle/not-anchored')}</Line>
    </>
  );
}

function BundleLines({ verdict }: { verdict: BundleVerdict }) {
  const { code, number } = useWords();
  const moment = useMoment();
  const { manifest, made, checkpoint } = verdict;
  const count = (outcome: string) => verdict.files.filter((file) => file.outcome === outcome).length;
  const whole: Mark = verdict.isWhole ? 'passed' : 'not-made';
  return (
    <>
      {verdict.faults.slice(0, FAULTS_SHOWN).map((fault) => (
        <Line key={`${fault.code} ${fault.path}`} mark="failed">
          <code>{fault.path ?? '—'}</code> {code(fault.code)}
        </Line>
      ))}
      {manifest && (
        <Line mark={whole}>
          {code('bundle/contents', {
            kind: code(`bundle/kind-${manifest.kind}`),
            materials: number(manifest.materials.length),
            proved: number(count('proved')),
            listed: number(count('listed')),
            failed: number(count('failed')),
            entries: number(verdict.entries.length),
          })}
        </Line>
      )}
      {made && (
        <Line mark={whole}>
          {code('bundle/made', { at: moment(made.entry.atMs), actor: made.entry.actor, position: number(made.position) })}
        </Line>
      )}
      {verdict.manifestSha256 && (
        <Line mark="not-made">{code('bundle/manifest-digest', { sha256: formatHex(verdict.manifestSha256) })}</Line>
      )}
      {checkpoint && <Line mark={whole}>{code('bundle/checkpoint', { origin: checkpoint.origin, size: number(checkpoint.size) })}</Line>}
      {verdict.signatures.map((s) => (
        <Line key={s.keyId} mark={verdict.keysFrom === 'given' ? 'passed' : 'not-made'}>
          {code('bundle/signature', { algorithm: code(`verify/algorithm-${s.algorithm}`), name: s.name, keyId: s.keyId })}
        </Line>
      ))}
      {!verdict.anchors.length && <Line mark="not-made">{code('bundle/not-anchored')}</Line>}
      {verdict.anchors.map((a) => (
        <Line key={`${a.path} ${a.provider}`} mark={a.outcome === 'holds' ? 'passed' : a.outcome === 'refused' ? 'failed' : 'not-made'}>
          {code(`bundle/anchor-${a.outcome}`, {
            provider: a.provider,
            path: a.path,
            size: a.size === undefined ? '—' : number(a.size),
            at: a.atMs === undefined ? '—' : moment(a.atMs),
          })}
        </Line>
      ))}
    </>
  );
}

function Materials({ verdict }: { verdict: BundleVerdict }) {
  const { w } = useWords();
  const proved = new Set(verdict.files.filter((f) => f.outcome !== 'failed').map((f) => f.path));
  const materials = verdict.manifest?.materials ?? [];
  if (!materials.length) return null;
  return (
    <details>
      <summary>{w('verify.materials', { count: materials.length })}</summary>
      <ul>
        {materials.map((m) => (
          <Line key={m.materialId} mark={m.files.every((path) => proved.has(path)) ? 'passed' : 'failed'}>
            {m.code ?? m.materialId} <span className="quiet">{m.files.join('  ')}</span>
          </Line>
        ))}
      </ul>
    </details>
  );
}

/** What checking gave, line by line: what was proved, and exactly what was not. */
export function VerdictView({ judged }: { judged: Judged }) {
  const { w, code } = useWords();
  if (judged.kind === 'refused')
    return (
      <div role="status" className="verdict broken">
        <strong>{w('verify.broken')}</strong>
        <ul>
          <Line mark="failed">
            {judged.path !== null && <code>{judged.path} </code>}
            {code(judged.code)}
          </Line>
        </ul>
      </div>
    );
  const { verdict, look } = judged;
  const lookHolds = look === null || look.entryIds.length > 0;
  const holds = verdict.isValid && lookHolds;
  const isOnlyWhole = judged.kind === 'bundle' && judged.verdict.isWhole && !judged.verdict.isValid && lookHolds;
  return (
    <div role="status" className={`verdict ${holds ? 'holds' : isOnlyWhole ? 'unsure' : 'broken'}`}>
      <strong>{w(holds ? 'verify.holds' : isOnlyWhole ? 'verify.whole' : 'verify.broken')}</strong>
      <ul>
        {judged.kind === 'receipt' ? <ReceiptLines verdict={judged.verdict} /> : <BundleLines verdict={judged.verdict} />}
        {look && <LookLine look={look} />}
      </ul>
      {judged.kind === 'bundle' && <Materials verdict={judged.verdict} />}
    </div>
  );
}
