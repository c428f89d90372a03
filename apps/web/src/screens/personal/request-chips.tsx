import type { SubjectRequest } from '../../api/personal.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

const TONE: Readonly<Record<SubjectRequest['state'], Tone>> = {
  received: 'amber',
  granted: 'blue',
  refused: 'plain',
  done: 'jade',
  withdrawn: 'plain',
};

/** State of a request, and how its day stands. */
export function RequestChips({ request }: { request: SubjectRequest }) {
  const { w, language } = useWords();
  // A day that is due ends with the moment the next begins.
  const day = sayDay(request.dueAtMs - 1, language);
  return (
    <span className="states">
      <Chip tone={TONE[request.state]}>{w(`personal.state.${request.state}`)}</Chip>
      {request.isOverdue && <Chip tone="cinnabar">{w('personal.overdue', { day })}</Chip>}
      {request.state === 'received' && !request.isOverdue && <Chip>{w('personal.due', { day })}</Chip>}
      {request.state === 'received' && request.yearsWithoutCalendar.length > 0 && (
        <Chip tone="amber">{w('personal.noCalendar', { years: request.yearsWithoutCalendar.join(language === 'zh' ? '、' : ', ') })}</Chip>
      )}
    </span>
  );
}
