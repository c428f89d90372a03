import { UserOutlined } from '@ant-design/icons';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../api/session.ts';
import { useShortcuts } from '../keys/shortcuts.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { FreshDialog } from '../screens/account/fresh-dialog.tsx';
import { SearchProvider } from '../screens/search/search-state.tsx';
import { useWords } from '../words/words.tsx';
import { LogAlarm, OfflineBanner, TrialBanner } from './banners.tsx';
import { BreakGlassBanner } from './break-glass-banner.tsx';
import { type Door, onPhoneOf, useDoors } from './doors.ts';
import { LogWatchProvider } from './log-watch.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { TopBar } from './top-bar.tsx';

function Doors({ doors }: { doors: readonly Door[] }) {
  const { w } = useWords();
  return doors.map(({ to, word, icon: Icon }) => (
    <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
      <Icon aria-hidden />
      <span>{w(word)}</span>
    </Link>
  ));
}

function Rail() {
  const { w } = useWords();
  const narrow = useNarrow();
  const { account } = useSession();
  const open = useDoors();
  const onPhone: readonly Door[] = [
    ...open.filter((door) => onPhoneOf(account.role).includes(door.to)),
    { to: '/account', word: 'nav.more', icon: UserOutlined, isOpen: () => true },
  ];
  return (
    <nav className="rail" aria-label={w('nav.label')}>
      {!narrow && (
        <div className="seal" aria-hidden="true">
          兰
        </div>
      )}
      <Doors doors={narrow ? onPhone : open} />
    </nav>
  );
}

/** The frame of every screen: rail, top bar, banners, the sheet of keys. */
export function Shell() {
  const { w } = useWords();
  const navigate = useNavigate();
  const session = useSession();
  const [sheet, setSheet] = useState(false);
  useShortcuts('keys.everywhere', [
    { keys: '?', label: 'keys.sheet', run: () => setSheet((open) => !open) },
    { keys: 'alt+1', label: 'nav.overview', run: () => void navigate({ to: '/' }) },
    { keys: 'alt+2', label: 'nav.dossiers', run: () => void navigate({ to: '/dossiers' }) },
    { keys: 'alt+3', label: 'nav.capture', run: () => void navigate({ to: '/capture' }) },
    { keys: 'alt+4', label: 'nav.search', run: () => void navigate({ to: '/search' }) },
  ]);
  return (
    <SearchProvider>
      <LogWatchProvider>
        <a className="skip" href="#main">
          {w('nav.skip')}
        </a>
        <div className="shell">
          <Rail />
          <div className="column">
            {session.archive.kind === 'trial' && <TrialBanner />}
            <LogAlarm />
            <BreakGlassBanner />
            <OfflineBanner />
            <TopBar openSheet={() => setSheet(true)} />
            <main id="main" tabIndex={-1}>
              <Outlet />
            </main>
          </div>
        </div>
        <FreshDialog />
        <ShortcutSheet open={sheet} close={() => setSheet(false)} />
      </LogWatchProvider>
    </SearchProvider>
  );
}
