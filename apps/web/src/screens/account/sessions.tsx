import { Button } from 'antd';
import { useEndOtherSessions, useEndSession, useSessions } from '../../api/access.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { CardState } from './card-state.tsx';

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
];
const find = (list: typeof BROWSERS, text: string) => list.find(([sign]) => sign.test(text))?.[1];

/** A browser as people call it; the whole line when it is none of the usual. */
export const sayBrowser = (line: string): string =>
  [find(BROWSERS, line), find(SYSTEMS, line)].filter(Boolean).join(' · ') || line.slice(0, 60);

/** Where the account is signed in, to be ended one by one or all but this. */
export function SessionsCard() {
  const { w, language } = useWords();
  const { data, error, refetch } = useSessions();
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const onError = useSayRefusal();
  if (!data) return <CardState title={w('sessions.title')} error={error} retry={() => void refetch()} />;
  return (
    <section className="card">
      <h2>{w('sessions.title')}</h2>
      <ul className="lines">
        {data.items.map((item) => (
          <li key={item.id}>
            <span>
              {sayBrowser(item.browser)} <span className="quiet num">{item.address}</span>
            </span>
            <span className="quiet">
              {w(`way.${item.way}`)} · {w('sessions.seen', { at: sayMoment(item.seenAtMs, language) })}
            </span>
            {item.isThis ? (
              <Chip tone="jade">{w('sessions.this')}</Chip>
            ) : (
              <Button type="text" danger size="small" onClick={() => end.mutate(item.id, { onError })}>
                {w('sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data.items.length > 1 && (
        <Button onClick={() => endOthers.mutate(undefined, { onError })} loading={endOthers.isPending}>
          {w('sessions.endOthers')}
        </Button>
      )}
    </section>
  );
}
