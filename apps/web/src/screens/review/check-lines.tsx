import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { type CountercheckSide, useCounterchecks } from '../../api/counterchecks.ts';
import { PagedList } from '../../parts/paged-list.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

/** A material that another person confirmed, or that came back: a door to the desk, with it in hand. */
function CheckItem({ line }: { line: Schemas['CountercheckLine'] }) {
  const { w, number, language } = useWords();
  return (
    <li>
      <Link
        className="review-line check-line"
        to="/dossiers/$dossierId"
        params={{ dossierId: line.dossierId }}
        search={{ material: line.materialId }}
      >
        <span className="song what">{line.title ?? w('review.untitled')}</span>
        <span className="quiet">{line.classCode === null ? w('review.unclassed') : w('review.class', { code: line.classCode })}</span>
        <span className="song">{line.name}</span>
        <span className="num quiet">{line.dossierCode}</span>
        <span className="num quiet">{w('review.pages', { count: line.pages, number: number(line.pages) })}</span>
        <span className="quiet said">
          {line.words
            ? w('check.returned', { name: line.secondName, at: sayDay(line.sinceMs, language), words: line.words })
            : line.firstNames.length > 0
              ? w('check.first', { names: line.firstNames.join('、'), at: sayDay(line.sinceMs, language) })
              : w('check.firstUnknown')}
        </span>
      </Link>
    </li>
  );
}

/** What waits for this person in two-person mode, the longest waiting first. */
export function CheckLines({ side }: { side: CountercheckSide }) {
  const { w } = useWords();
  const list = useCounterchecks(side, true);
  const none = side === 'second' ? 'check.none' : 'check.noneReturned';
  return (
    <PagedList
      list={list}
      className="review-lines"
      none={<EmptyState title={w(none)}>{w(`${none}Help`)}</EmptyState>}
      line={(line) => <CheckItem key={line.materialId} line={line} />}
    />
  );
}
