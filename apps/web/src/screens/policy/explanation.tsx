import type { Schemas } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

type Line = Schemas['AccessExplanation']['lines'][number];

function Lines({ lines, withFailed = false }: { lines: readonly Line[]; withFailed?: boolean }) {
  const { w, language } = useWords();
  return (
    <ul className="why-lines">
      {lines.map((line) => (
        <li key={line.lineId}>
          <span>{line.note[language]}</span>
          {withFailed && (
            <span className="quiet">{line.failed.map((condition) => w(`why.condition.${condition}`)).join(w('list.comma'))}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The answer: yes or no, which lines open, which close, and why the others do neither. */
export function ExplanationView({ explanation }: { explanation: Schemas['AccessExplanation'] }) {
  const { w } = useWords();
  const { allowed, lines } = explanation;
  const opening = lines.filter((line) => line.effect === 'allow' && line.applies);
  const closing = lines.filter((line) => line.effect === 'deny' && line.applies);
  const others = lines.filter((line) => !line.applies);
  return (
    <section className={allowed ? 'why allowed' : 'why denied'} aria-live="polite" data-verdict={allowed ? 'allowed' : 'denied'}>
      <p className="verdict-word">{w(allowed ? 'why.allowed' : 'why.denied')}</p>
      {opening.length > 0 && (
        <>
          <h3>{w('why.opened')}</h3>
          <Lines lines={opening} />
        </>
      )}
      {opening.length === 0 && <p>{w('why.noLine')}</p>}
      {closing.length > 0 && (
        <>
          <h3>{w('why.closed')}</h3>
          <Lines lines={closing} />
        </>
      )}
      {closing.length === 0 && opening.length > 0 && <p className="quiet">{w('why.notDenied')}</p>}
      {others.length > 0 && (
        <details open={!allowed && closing.length === 0}>
          <summary>{w('why.others', { count: others.length })}</summary>
          <Lines lines={others} withFailed />
        </details>
      )}
    </section>
  );
}
