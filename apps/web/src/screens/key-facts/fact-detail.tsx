import { Button } from 'antd';
import { useState } from 'react';
import type { KeyFact, KeyFacts } from '../../api/key-facts.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useWords } from '../../words/words.tsx';
import type { Chosen } from './chosen.ts';
import { DeterminationForm } from './determination-form.tsx';
import { DeterminationList } from './determination-list.tsx';
import { MarkDialog } from './mark-dialog.tsx';
import { TONE_OF_RESULT } from './result-tone.ts';

interface Props {
  readonly facts: KeyFacts;
  readonly fact: KeyFact;
  readonly chosen: Chosen | null;
  choose(chosen: Chosen): void;
}

/** What disagrees with what, said in words; each side opens its page. */
function Conflicts({ facts, fact, choose }: Omit<Props, 'chosen'>) {
  const { w } = useWords();
  const titleOf = (id: string) => facts.materials.find((m) => m.id === id)?.title || w('material.untitled');
  const saidBy = (id: string) => fact.assertions.find((a) => a.materialId === id)?.value ?? '';
  return (
    <ul className="fact-notes">
      {fact.conflicts.map((c) => (
        <li key={c.materialId} className={c.explanation ? 'info' : 'warning'}>
          <button type="button" className="link" onClick={() => choose({ fact: fact.code, materialId: c.materialId })}>
            {w('keyFact.says', { title: titleOf(c.materialId), value: c.value })}
          </button>
          {w('keyFact.but')}
          <button type="button" className="link" onClick={() => choose({ fact: fact.code, materialId: c.against })}>
            {w('keyFact.says', { title: titleOf(c.against), value: saidBy(c.against) })}
          </button>
          {c.explanation && <em>{w(`keyFact.explanation.${c.explanation}`)}</em>}
        </li>
      ))}
    </ul>
  );
}

function Notes({ facts, fact, choose }: Omit<Props, 'chosen'>) {
  const { w, code } = useWords();
  const materialOf = (id: string) => facts.materials.find((m) => m.id === id);
  return (
    <ul className="fact-notes">
      {fact.notes.map((note) => (
        <li key={`${note.code} ${note.materialIds.join(' ')} ${JSON.stringify(note.params)}`} className={note.severity}>
          {code(note.code, note.params)} <small className="quiet num">{note.rule}</small>
          {note.materialIds.slice(0, 6).map((id) => {
            const material = materialOf(id);
            return (
              material && (
                <button key={id} type="button" className="link" onClick={() => choose({ fact: fact.code, materialId: id })}>
                  {material.title || w('material.untitled')}
                </button>
              )
            );
          })}
        </li>
      ))}
    </ul>
  );
}

/** One fact: what holds, what disagrees, what the rules ask, what was determined. */
export function FactDetail({ facts, fact, chosen, choose }: Props) {
  const { w } = useWords();
  const may = useMay()('material.change');
  const [dialog, setDialog] = useState<'propose' | 'mark' | null>(null);
  const isWaiting = fact.determinations.some((d) => d.state === 'proposed');
  const assertion = fact.assertions.find((a) => chosen?.fact === fact.code && a.materialId === chosen.materialId);
  return (
    <section className="card fact-detail" aria-label={w(`keyFact.${fact.code}`)}>
      <h2>
        {w(`keyFact.${fact.code}`)} <span className="num">{fact.value ?? ''}</span>{' '}
        <Chip tone={TONE_OF_RESULT[fact.result]}>{w(`keyFact.result.${fact.result}`)}</Chip>
      </h2>
      {assertion?.mark && (
        <p className="quiet">
          {w(`keyFact.mark.${assertion.mark.kind}`)} {assertion.mark.reason}
        </p>
      )}
      <Conflicts facts={facts} fact={fact} choose={choose} />
      <Notes facts={facts} fact={fact} choose={choose} />
      {fact.conflicts.length + fact.notes.length === 0 && <p className="quiet">{w('keyFact.nothing')}</p>}
      <DeterminationList dossierId={facts.dossierId} fact={fact} mayDecide={may} />
      {may && (
        <div className="acts-row">
          <Button type="primary" disabled={isWaiting} onClick={() => setDialog('propose')}>
            {w('keyFact.propose')}
          </Button>
          {assertion && <Button onClick={() => setDialog('mark')}>{w('keyFact.markAct')}</Button>}
        </div>
      )}
      {dialog === 'propose' && <DeterminationForm facts={facts} fact={fact} close={() => setDialog(null)} />}
      {dialog === 'mark' && assertion && (
        <MarkDialog dossierId={facts.dossierId} fact={fact.code} assertion={assertion} close={() => setDialog(null)} />
      )}
    </section>
  );
}
