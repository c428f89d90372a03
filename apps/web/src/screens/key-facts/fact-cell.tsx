import type { Assertion, KeyFact } from '../../api/key-facts.ts';
import { useWords } from '../../words/words.tsx';

/** What one material says of a fact: a button that lights its place on the page. Deviating and marked values say so in words too. */
export function FactCell({
  fact,
  assertion,
  isChosen,
  choose,
}: {
  fact: KeyFact;
  assertion: Assertion;
  isChosen: boolean;
  choose: () => void;
}) {
  const { w } = useWords();
  const conflict = fact.conflicts.find((c) => c.materialId === assertion.materialId);
  const said = assertion.value ?? assertion.written;
  const tone = assertion.mark ? 'marked' : conflict?.explanation ? 'explained' : assertion.role;
  const what = assertion.mark
    ? w(`keyFact.mark.${assertion.mark.kind}`)
    : conflict?.explanation
      ? w('keyFact.role.explained')
      : w(`keyFact.role.${assertion.role}`);
  const hints = assertion.hints.filter((h) => h.state !== 'no_concern').length;
  return (
    <button type="button" className={`fact-cell num ${tone}`} aria-pressed={isChosen} onClick={choose} title={what}>
      <span>{said}</span>
      {tone !== 'agrees' && <small>{what}</small>}
      {hints > 0 && <small className="hinted">{w('keyFact.hint.count', { n: hints })}</small>}
    </button>
  );
}
