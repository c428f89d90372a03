import { sayDay, sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { type Page, type Signature, usePageSignatures } from './desk-data.ts';
import { MaskBar } from './mask-bar.tsx';
import './signatures-part.css';

/** How much of the file a signature covers, in words. */
function useCoverage() {
  const { w, number } = useWords();
  return ({ format, covered, total }: Signature): string => {
    const params = { covered: number(covered), total: number(total), missing: number(total - covered) };
    if (covered === total && total > 0) return w(`signature.covers.all.${format}`, params);
    return format === 'pdf' && covered === 0 ? w('signature.covers.none.pdf') : w(`signature.covers.some.${format}`, params);
  };
}

/** When it was signed, and by whose word. */
function useSignedAt() {
  const { w, language } = useWords();
  return ({ signedAtMs, timeBy }: Signature): string =>
    signedAtMs === null ? w('signature.when.none') : w(`signature.when.${timeBy ?? 'signer'}`, { time: sayMoment(signedAtMs, language) });
}

function SignatureCard({ signature, position }: { signature: Signature; position: number }) {
  const { w, code, number, language } = useWords();
  const coverage = useCoverage();
  const signedAt = useSignedAt();
  const { signer, seal, verdict, kind, algorithm, faults, covered, total } = signature;
  const facts: (readonly [string, string])[] = [
    ...(kind === 'timestamp' ? [] : [[w('signature.signer'), signer?.name ?? signer?.organisation ?? w('signature.noSigner')] as const]),
    ...(seal ? [[w('signature.sealName'), seal] as const] : []),
    [w('signature.when'), signedAt(signature)],
    [w('signature.covers'), coverage(signature)],
    ...(signer
      ? [
          [w('signature.issuer'), signer.issuer ?? '—'] as const,
          [
            w('signature.valid'),
            w('signature.span', { from: sayDay(signer.fromMs, language), until: sayDay(signer.untilMs, language) }),
          ] as const,
        ]
      : []),
    ...(algorithm ? [[w('signature.algorithm'), algorithm] as const] : []),
  ];
  return (
    <li className={`signature ${verdict}`}>
      <h4>
        <span>{w('signature.titleNumber', { number: position, kind: w(`signature.kind.${kind}`) })}</span>
        <strong>{w(`signature.verdict.${verdict}`)}</strong>
      </h4>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {faults.length > 0 && (
        <ul className="signature-faults">
          {faults.map((fault) => (
            <li key={fault}>{code(`signature/${fault}`, { number: position, missing: number(total - covered) })}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Signatures and seals of the document that the page came out of: who signed, when, what it covers, what holds and what does not. */
export function SignaturesPart({ page, dossierId }: { page: Page; dossierId: string }) {
  const { w } = useWords();
  const isSigned = page.findings.some((finding) => finding.code.startsWith('signature/'));
  const { data } = usePageSignatures(page, isSigned);
  if (!isSigned || !data || data.items.length === 0) return null;
  return (
    <section aria-label={w('signature.title')}>
      <h3>{w('signature.title')}</h3>
      <MaskBar dossierId={dossierId} pageId={page.id} masking={data.masking} />
      <ol className="signatures">
        {data.items.map((signature, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: signatures stand in the order of the file
          <SignatureCard key={i} signature={signature} position={i + 1} />
        ))}
      </ol>
    </section>
  );
}
