import { Button } from 'antd';
import { type BreakGlass, useBreakGlass, useEndBreakGlass, useOpenBreakGlass } from '../../api/access.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

const TONE: Readonly<Record<BreakGlass['state'], Tone>> = { asked: 'amber', open: 'cinnabar', over: 'plain' };

function Line({ item }: { item: BreakGlass }) {
  const { w, language } = useWords();
  const onError = useSayRefusal();
  const open = useOpenBreakGlass();
  const end = useEndBreakGlass();
  return (
    <li>
      <Chip tone={TONE[item.state]}>{w(`breakGlass.state.${item.state}`)}</Chip>
      <div>
        <p>
          {w('breakGlass.untilOver', { asker: item.asker.name, minutes: item.minutes, at: sayMoment(item.endsAtMs, language) })}
          {item.opener && ` · ${w('breakGlass.agreedBy', { name: item.opener.name })}`}
        </p>
        {item.reason && <p className="quiet">{item.reason}</p>}
        <p className="quiet num">{sayMoment(item.askedAtMs, language)}</p>
      </div>
      <div className="act">
        {item.mayOpen && (
          <Button type="primary" loading={open.isPending} onClick={() => open.mutate(item.id, { onError })}>
            {w('breakGlass.agree')}
          </Button>
        )}
        {item.mayEnd && item.state === 'open' && (
          <Button danger loading={end.isPending} onClick={() => end.mutate(item.id, { onError })}>
            {w('breakGlass.end')}
          </Button>
        )}
      </div>
    </li>
  );
}

/** Emergency access of the last day: who asked why, who agreed, until when. */
export function BreakGlassList() {
  const { w } = useWords();
  const { data, error, refetch } = useBreakGlass();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.items.length === 0) return <EmptyState title={w('breakGlass.none')}>{w('breakGlass.noneHelp')}</EmptyState>;
  return (
    <>
      <p className="quiet">{w('breakGlass.noneHelp')}</p>
      <ul className="card glass-list">
        {data.items.map((item) => (
          <Line key={item.id} item={item} />
        ))}
      </ul>
    </>
  );
}
