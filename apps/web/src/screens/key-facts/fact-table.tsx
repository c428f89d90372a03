import type { KeyFacts } from '../../api/key-facts.ts';
import { Chip } from '../../parts/chip.tsx';
import { sayPartialDate } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import type { Chosen } from './chosen.ts';
import { FactCell } from './fact-cell.tsx';
import { TONE_OF_RESULT } from './result-tone.ts';

interface Props {
  readonly facts: KeyFacts;
  readonly chosen: Chosen | null;
  choose(chosen: Chosen): void;
}

/** Fact × material in the order of their dates: the reviewer's work sheet. */
export function FactTable({ facts, chosen, choose }: Props) {
  const { w, language } = useWords();
  const said = facts.materials.filter((m) => facts.facts.some((f) => f.assertions.some((a) => a.materialId === m.id)));
  return (
    <section className="fact-table" aria-label={w('keyFact.table')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{w('keyFact.material')}</th>
            {facts.facts.map((fact) => (
              <th scope="col" key={fact.code} className={fact.code === chosen?.fact ? 'chosen' : undefined}>
                <button type="button" className="fact-head" onClick={() => choose({ fact: fact.code, materialId: null })}>
                  {w(`keyFact.${fact.code}`)}
                  <Chip tone={TONE_OF_RESULT[fact.result]}>{w(`keyFact.result.${fact.result}`)}</Chip>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {said.map((m) => (
            <tr key={m.id}>
              <th scope="row">
                {m.title || w('material.untitled')}
                <small className="quiet num">{m.date ? sayPartialDate(m.date, language) : w('keyFact.undated')}</small>
              </th>
              {facts.facts.map((fact) => {
                const assertion = fact.assertions.find((a) => a.materialId === m.id);
                const isChosen = chosen?.fact === fact.code && chosen.materialId === m.id;
                return (
                  <td key={fact.code}>
                    {assertion && (
                      <FactCell
                        fact={fact}
                        assertion={assertion}
                        isChosen={isChosen}
                        choose={() => choose({ fact: fact.code, materialId: m.id })}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
