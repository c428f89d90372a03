import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { isRefusal } from '../api/refusal.ts';
import { useNarrow } from '../parts/narrow.ts';
import { useWords } from '../words/words.tsx';
import { useLogWatch } from './log-watch.tsx';

/** A trial archive says so on every screen and cannot be told to stop. */
export function TrialBanner() {
  const { w } = useWords();
  const narrow = useNarrow();
  return (
    <p className="banner trial" role="note">
      <strong>{w('trial.name')}</strong> <span>{w(narrow ? 'trial.short' : 'trial.text')}</span>
    </p>
  );
}

/** The log does not continue what this browser saw before: the one thing that may never be quiet. */
export function LogAlarm() {
  const { w } = useWords();
  const { state } = useLogWatch();
  if (state.kind !== 'alarm') return null;
  return (
    <p className="banner alarm" role="alert">
      <strong>{w('log.alarm')}</strong> {w(`log.alarm.${state.why}`)} <Link to="/log">{w('log.alarmOpen')}</Link>
    </p>
  );
}

const RETRY_MS = 3000;

const isReached = () =>
  fetch('/api/v1/health', { cache: 'no-store' }).then(
    () => true,
    () => false,
  );

/** Says when the server cannot be reached, and asks again until it can. */
export function OfflineBanner() {
  const { w } = useWords();
  const queries = useQueryClient();
  const [offline, setOffline] = useState(false);
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error' && isRefusal(event.action.error, 'network/offline')) setOffline(true);
      }),
    [queries],
  );
  // The machine lost its network: perhaps the archive stands on this side of the break, so ask before saying so.
  useEffect(() => {
    const ask = async () => setOffline(!(await isReached()));
    window.addEventListener('offline', ask);
    return () => window.removeEventListener('offline', ask);
  }, []);
  useEffect(() => {
    if (!offline) return;
    const timer = setInterval(async () => {
      if (!(await isReached())) return;
      setOffline(false);
      void queries.invalidateQueries();
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, [offline, queries]);
  if (!offline) return null;
  return (
    <p className="banner offline" role="status">
      <strong>{w('state.offline')}</strong> {w('state.offlineAdvice')}
    </p>
  );
}
