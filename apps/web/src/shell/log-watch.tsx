import { createContext, type PropsWithChildren, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { api } from '../api/client.ts';
import { answer, isRefusal } from '../api/refusal.ts';
import { useSession } from '../api/session.ts';
import { recallLog } from '../proof/log-memory.ts';
import { type LogSource, type LogState, watchLog } from '../proof/watch-log.ts';

const AGAIN_MS = 60_000;

const missingAsNull = (error: unknown) => {
  if (isRefusal(error) && (error.status === 404 || error.status === 422)) return null;
  throw error;
};

const server: LogSource = {
  verifierKeys: async () => (await answer(api.GET('/api/v1/log/key'))).verifierKeys,
  // An empty answer is none to the client.
  keyChanges: async () => (await answer(api.GET('/log/key-changes', { parseAs: 'text', cache: 'no-store' }))) ?? '',
  checkpoint: () => answer(api.GET('/log/checkpoint', { parseAs: 'text', cache: 'no-store' })).catch(missingAsNull),
  consistency: (from, to) =>
    answer(api.GET('/api/v1/log/consistency', { params: { query: { from, to } } })).then((proof) => proof.hashes, missingAsNull),
};

interface LogWatch {
  readonly state: LogState;
  /** Being looked at now, for the first time: nothing is known yet, and nothing is wrong. */
  readonly isFirstLook: boolean;
  /** Keys this browser believes: those it met first. */
  believedKeys(): readonly string[];
  look(): void;
}

const LogWatchContext = createContext<LogWatch | null>(null);

/** Looks at the log when the page opens and each minute after. */
export function LogWatchProvider({ children }: PropsWithChildren) {
  const { archive } = useSession();
  const [state, setState] = useState<LogState>({ kind: 'unknown' });
  const [isLookedAt, setLookedAt] = useState(false);
  const look = useCallback(() => {
    const looked = watchLog(server, localStorage, archive.id, Date.now());
    looked.then(setState, (error) => {
      // Not reached is not proved: the chip goes grey, an alarm already raised stays.
      if (!isRefusal(error)) throw error;
      setState((before) => (before.kind === 'alarm' ? before : { kind: 'unknown' }));
    });
    const settle = () => setLookedAt(true);
    looked.then(settle, settle);
  }, [archive.id]);
  useEffect(() => {
    look();
    const timer = setInterval(look, AGAIN_MS);
    return () => clearInterval(timer);
  }, [look]);
  const value = useMemo<LogWatch>(
    () => ({ state, isFirstLook: !isLookedAt, look, believedKeys: () => recallLog(localStorage, archive.id)?.verifierKeys ?? [] }),
    [state, isLookedAt, look, archive.id],
  );
  return <LogWatchContext.Provider value={value}>{children}</LogWatchContext.Provider>;
}

export function useLogWatch(): LogWatch {
  const value = useContext(LogWatchContext);
  if (!value) throw new Error('useLogWatch needs LogWatchProvider');
  return value;
}
