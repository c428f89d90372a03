import { Select } from 'antd';
import type { KeyFacts } from '../../api/key-facts.ts';
import { sayPartialDate } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import type { Chosen } from './chosen.ts';
import { FactCell } from './fact-cell.tsx';

interface Props {
  readonly facts: KeyFacts;
  readonly chosen: Chosen | null;
  choose(chosen: Chosen): void;
}

/** On a phone one fact at a time, its materials in the order of their dates. */
export function FactList({ facts, chosen, choose }: Props) {
  const { w, language } = useWords();
  const fact = facts.facts.find((f) => f.code === chosen?.fact) ?? facts.facts[0];
  if (!fact) return null;
  return (
    <section className="fact-list" aria-label={w('keyFact.table')}>
      <Select
        className="wide"
        size="large"
        aria-label={w('keyFact.which')}
        value={fact.code}
        onChange={(code) => choose({ fact: code, materialId: null })}
        options={facts.facts.map((f) => ({ value: f.code, label: `${w(`keyFact.${f.code}`)} · ${w(`keyFact.result.${f.result}`)}` }))}
      />
      <ol>
        {fact.assertions.map((assertion) => {
          const material = facts.materials.find((m) => m.id === assertion.materialId);
          return (
            <li key={assertion.materialId}>
              <p>
                {material?.title || w('material.untitled')}
                <small className="quiet num">{assertion.madeOn ? sayPartialDate(assertion.madeOn, language) : w('keyFact.undated')}</small>
              </p>
              <FactCell
                fact={fact}
                assertion={assertion}
                isChosen={chosen?.materialId === assertion.materialId}
                choose={() => choose({ fact: fact.code, materialId: assertion.materialId })}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
