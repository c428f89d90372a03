import { Link } from '@tanstack/react-router';
import { useFilingCheckRules } from '../../api/properties.ts';
import { isRefusal } from '../../api/refusal.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { useDossier } from './desk-data.ts';

/** Refusals that name items, or ask for a check: they stay to be read, a passing message does not. */
const STAYING = ['filing/not-checked', 'filing/check-failed', 'filing/check-unanswered'];

/** Whether a refusal to file is told by the note. */
export const isToldByNote = (error: unknown): boolean => isRefusal(error) && STAYING.includes(error.code);

/** Beside the filing of a dossier: that it is to be checked for the four properties before, why it was refused, and the way to the check. */
export function FilingNote({ dossierId, error }: { dossierId: string; error: unknown }) {
  const { w } = useWords();
  const dossier = useDossier(dossierId).data;
  const rules = useFilingCheckRules(true).data?.rules ?? [];
  const isAsked = rules.some((rule) => rule.required && rule.fondsId === dossier?.fondsId && rule.schemeId === dossier.schemeId);
  if (!isAsked && !isToldByNote(error)) return null;
  return (
    <div className="filing-note">
      {isAsked && <p className="quiet">{w('count.checkAsked')}</p>}
      {isToldByNote(error) && <Refused error={error} />}
      <Link to="/dossiers/$dossierId/properties" params={{ dossierId }}>
        {w('count.toCheck')}
      </Link>
    </div>
  );
}
