import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import type { AlterationHint, Assertion, KeyFact, KeyFacts } from '../../api/key-facts.ts';
import { Chip } from '../../parts/chip.tsx';
import { useWords } from '../../words/words.tsx';
import { sayBox } from '../compare/place.ts';
import type { Chosen } from './chosen.ts';
import { HintDialog } from './hint-dialog.tsx';

const NOTE = { open: 'warning', no_concern: 'info', concern: 'concern' } as const;
const TONE = { open: 'amber', no_concern: 'jade', concern: 'cinnabar' } as const;

interface Props {
  readonly facts: KeyFacts;
  readonly fact: KeyFact;
  readonly mayAnswer: boolean;
  choose(chosen: Chosen): void;
}

/** Hints of alteration on what the materials say of a fact: each opens its place, under the magnifier too, and is answered by a person. */
export function HintList({ facts, fact, mayAnswer, choose }: Props) {
  const { w, code } = useWords();
  const [answering, setAnswering] = useState<AlterationHint | null>(null);
  const hinted = fact.assertions.flatMap((assertion) => assertion.hints.map((hint) => ({ assertion, hint })));
  if (hinted.length === 0) return null;
  const titleOf = ({ materialId }: Assertion) => facts.materials.find((m) => m.id === materialId)?.title || w('material.untitled');
  return (
    <>
      <h3>{w('keyFact.hint.title')}</h3>
      <p className="quiet">{w('keyFact.hint.help')}</p>
      <ul className="fact-notes hints">
        {hinted.map(({ assertion, hint }) => (
          <li key={hint.id} className={NOTE[hint.state]}>
            <button type="button" className="link" onClick={() => choose({ fact: fact.code, materialId: assertion.materialId })}>
              {titleOf(assertion)}
            </button>{' '}
            {code(`hint/${hint.code}`)} <Chip tone={TONE[hint.state]}>{w(`keyFact.hint.state.${hint.state}`)}</Chip>
            <small className="quiet num">{w('keyFact.hint.measured', { measured: hint.measured, limit: hint.limit })}</small>
            {hint.reason !== '' && <em>{hint.reason}</em>}
            {hint.box && (
              <Link
                className="link beside"
                to="/dossiers/$dossierId/compare"
                params={{ dossierId: facts.dossierId }}
                search={{ left: hint.pageId, leftBox: sayBox(hint.box) }}
              >
                {w('keyFact.hint.lens')}
              </Link>
            )}
            {mayAnswer && (
              <Button size="small" onClick={() => setAnswering(hint)}>
                {w('keyFact.hint.act')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {answering && <HintDialog dossierId={facts.dossierId} hint={answering} close={() => setAnswering(null)} />}
    </>
  );
}
