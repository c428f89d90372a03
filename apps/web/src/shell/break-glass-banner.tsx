import { App, Button } from 'antd';
import { type BreakGlass, useBreakGlass, useEndBreakGlass, useOpenBreakGlass } from '../api/access.ts';
import { isRefusal } from '../api/refusal.ts';
import { sayClock } from '../words/dates.ts';
import { useWords } from '../words/words.tsx';

function Line({ item }: { item: BreakGlass }) {
  const { w, code, language } = useWords();
  const { message } = App.useApp();
  const open = useOpenBreakGlass();
  const end = useEndBreakGlass();
  const onError = (error: unknown) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error));
  const params = { name: item.asker.name, opener: item.opener?.name ?? '', minutes: item.minutes, at: sayClock(item.endsAtMs, language) };
  return (
    <p className="banner alarm" role="alert">
      <strong>{w(item.state === 'open' ? 'breakGlass.open' : 'breakGlass.asked', params)}</strong>{' '}
      {item.reason && <span>{item.reason}</span>}{' '}
      {item.mayOpen && (
        <Button size="small" loading={open.isPending} onClick={() => open.mutate(item.id, { onError })}>
          {w('breakGlass.agree')}
        </Button>
      )}{' '}
      {item.mayEnd && item.state === 'open' && (
        <Button size="small" loading={end.isPending} onClick={() => end.mutate(item.id, { onError })}>
          {w('breakGlass.end')}
        </Button>
      )}
    </p>
  );
}

/** Emergency access is told to everybody at work, until it is over. */
export function BreakGlassBanner() {
  const { data } = useBreakGlass();
  return data?.items.filter((item) => item.state !== 'over').map((item) => <Line key={item.id} item={item} />);
}
