import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import type { Assertion, KeyFact, KeyFacts } from '../../api/key-facts.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useWords } from '../../words/words.tsx';
import { sayBox } from '../compare/place.ts';
import type { Chosen } from './chosen.ts';
import { DeterminationForm } from './determination-form.tsx';
import { DeterminationList } from './determination-list.tsx';
import { HintList } from './hint-list.tsx';
import { MarkDialog } from './mark-dialog.tsx';
import { TONE_OF_RESULT } from './result-tone.ts';

interface Props {
  readonly facts: KeyFacts;
  readonly fact: KeyFact;
  readonly chosen: Chosen | null;
  choose(chosen: Chosen): void;
}

/** Opens both sides of a conflict at the comparison desk; nothing where a side has no page. */
function BesideLink({ dossierId, left, right }: { dossierId: string; left: Assertion | undefined; right: Assertion | undefined }) {
  const { w } = useWords();
  if (!left?.pageId || !right?.pageId) return null;
  const search = {
    left: left.pageId,
    right: right.pageId,
    ...(left.box ? { leftBox: sayBox(left.box) } : {}),
    ...(right.box ? { rightBox: sayBox(right.box) } : {}),
  };
  return (
    <Link className="link beside" to="/dossiers/$dossierId/compare" params={{ dossierId }} search={search}>
      {w('compare.open')}
    </Link>
  );
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
          <BesideLink
            dossierId={facts.dossierId}
            left={fact.assertions.find((a) => a.materialId === c.against)}
            right={fact.assertions.find((a) => a.materialId === c.materialId)}
          />
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

/** Times of study and work as the materials give them (履历); each opens what says so. */
function Career({ facts, choose }: Pick<Props, 'facts' | 'choose'>) {
  const { w } = useWords();
  if (facts.career.length === 0) return null;
  return (
    <table className="career">
      <thead>
        <tr>
          {(['span', 'kind', 'place', 'proof'] as const).map((column) => (
            <th key={column} scope="col">
              {w(`keyFact.career.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {facts.career.map((row) => (
          <tr key={`${row.kind} ${row.from} ${row.place}`}>
            <td className="num">{`${row.from} – ${row.to}`}</td>
            <td>{w(`keyFact.career.${row.kind}`)}</td>
            <td>{row.place}</td>
            <td>
              {row.materialIds.map((id) => (
                <button key={id} type="button" className="link" onClick={() => choose({ fact: 'experience', materialId: id })}>
                  {facts.materials.find((m) => m.id === id)?.title || w('material.untitled')}
                </button>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One fact: what holds, what disagrees, what the rules ask, what was determined. */
export function FactDetail({ facts, fact, chosen, choose }: Props) {
  const { w } = useWords();
  const may = useMay()('material.change');
  const [dialog, setDialog] = useState<'propose' | 'mark' | null>(null);
  const isWaiting = fact.determinations.some((d) => d.state === 'proposed');
  const titleOf = (id: string) => {
    const material = facts.materials.find((m) => m.id === id);
    return material ? material.title || w('material.untitled') : null;
  };
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
      <HintList facts={facts} fact={fact} choose={choose} mayAnswer={may} />
      <Conflicts facts={facts} fact={fact} choose={choose} />
      {fact.code === 'experience' && <Career facts={facts} choose={choose} />}
      <Notes facts={facts} fact={fact} choose={choose} />
      {fact.conflicts.length + fact.notes.length === 0 && <p className="quiet">{w('keyFact.nothing')}</p>}
      <DeterminationList dossierId={facts.dossierId} fact={fact} mayDecide={may} titleOf={titleOf} />
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
