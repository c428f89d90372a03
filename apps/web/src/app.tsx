import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api } from './api/client.ts';
import { answer, isRefusal, whenSignedOut } from './api/refusal.ts';
import { SESSION_KEY, type Session, useSessionQuery } from './api/session.ts';
import { ShortcutProvider } from './keys/shortcuts.tsx';
import { ErrorState, LoadingState } from './parts/states.tsx';
import { createRoutes, fetchScreens } from './routes.tsx';
import { ChangePassword } from './screens/account/change-password.tsx';
import { SignIn } from './screens/sign-in/sign-in.tsx';
import { AppearanceProvider } from './theme/appearance.tsx';
import { createWords, useDocumentLanguage, WordsProvider } from './words/words.tsx';

const words = createWords();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Asked also where the machine says it has no network: the archive may stand on the same one, and a refusal is shown, not waited out.
      networkMode: 'always',
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => isRefusal(error, 'network/offline') && count < 1,
    },
    mutations: { networkMode: 'always' },
  },
});
const router = createRoutes();
/** The first screen comes first, the code of the others after it. */
const SCREENS_AFTER_MS = 2_000;

/**
 * Nobody signed in: the door. A session that ended while somebody worked: the door over the work, which stays as it was.
 */
function SessionGate() {
  useDocumentLanguage();
  const { data: session, isPending, error, refetch } = useSessionQuery();
  const [ended, setEnded] = useState<Session | null>(null);
  useEffect(
    () =>
      whenSignedOut(() => {
        const before = queries.getQueryData<Session | null>(SESSION_KEY);
        if (before) setEnded(before);
      }),
    [],
  );
  const isInside = session !== null && session !== undefined;
  useEffect(() => {
    if (!isInside) return;
    const timer = setTimeout(fetchScreens, SCREENS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isInside]);
  if (isPending) return <LoadingState />;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!session) return <SignIn />;
  if (session.account.mustChangePassword) return <ChangePassword forced />;
  return (
    <>
      <div inert={ended !== null}>
        <RouterProvider router={router} />
      </div>
      {ended && <SignIn endedName={ended.account.name} onSignedIn={() => setEnded(null)} />}
    </>
  );
}

const VerifyScreen = lazy(() => import('./screens/verify/verify.tsx').then((screen) => ({ default: screen.VerifyScreen })));
const PhoneScreen = lazy(() => import('./screens/phone/phone.tsx').then((screen) => ({ default: screen.PhoneScreen })));
const PUBLISHED_KEYS = { from: 'archive', load: async () => (await answer(api.GET('/api/v1/log/key'))).verifierKeys } as const;
/** The addresses that ask for no account: whoever holds a receipt or a bundle checks it there; a telephone photographs by the secret of its link. */
const VERIFY_PATH = '/verify';
const PHONE_PATH = '/phone';

function Verify() {
  return (
    <Suspense fallback={<LoadingState />}>
      <VerifyScreen keys={PUBLISHED_KEYS} />
    </Suspense>
  );
}

function Phone() {
  return (
    <Suspense fallback={<LoadingState />}>
      <PhoneScreen />
    </Suspense>
  );
}

function PageOfAddress() {
  if (window.location.pathname === VERIFY_PATH) return <Verify />;
  return window.location.pathname === PHONE_PATH ? <Phone /> : <SessionGate />;
}

/** The page: words, themes, keys, data, and the door. */
export function LantaiApp() {
  return (
    <WordsProvider i18n={words}>
      <QueryClientProvider client={queries}>
        <AppearanceProvider>
          <ShortcutProvider>
            <PageOfAddress />
          </ShortcutProvider>
        </AppearanceProvider>
      </QueryClientProvider>
    </WordsProvider>
  );
}
