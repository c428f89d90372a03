import {
  AuditOutlined,
  CheckSquareOutlined,
  CloudUploadOutlined,
  FolderOpenOutlined,
  IdcardOutlined,
  SearchOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { type ComponentType, useState } from 'react';
import { type Right, useMay, useSession } from '../api/session.ts';
import { useShortcuts } from '../keys/shortcuts.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { FreshDialog } from '../screens/account/fresh-dialog.tsx';
import { SearchProvider } from '../screens/search/search-state.tsx';
import { useWords, type WordKey } from '../words/words.tsx';
import { LogAlarm, OfflineBanner, TrialBanner } from './banners.tsx';
import { BreakGlassBanner } from './break-glass-banner.tsx';
import { LogWatchProvider } from './log-watch.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { TopBar } from './top-bar.tsx';

interface Door {
  readonly to: '/' | '/dossiers' | '/capture' | '/search' | '/jobs' | '/log' | '/personal' | '/accounts' | '/account';
  readonly word: WordKey;
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean }>;
  readonly right: Right | null;
}

const DOORS: readonly Door[] = [
  { to: '/', word: 'nav.overview', icon: CheckSquareOutlined, right: null },
  { to: '/dossiers', word: 'nav.dossiers', icon: FolderOpenOutlined, right: 'dossier.list' },
  { to: '/capture', word: 'nav.capture', icon: CloudUploadOutlined, right: 'page.import' },
  { to: '/search', word: 'nav.search', icon: SearchOutlined, right: 'search' },
  { to: '/jobs', word: 'nav.jobs', icon: UnorderedListOutlined, right: 'jobs.read' },
  { to: '/log', word: 'nav.log', icon: AuditOutlined, right: null },
  { to: '/personal', word: 'nav.personal', icon: IdcardOutlined, right: 'processing.read' },
  { to: '/accounts', word: 'nav.accounts', icon: TeamOutlined, right: 'account.manage' },
];
const ON_PHONE: readonly Door['to'][] = ['/', '/dossiers', '/capture', '/search'];

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
  const may = useMay();
  const narrow = useNarrow();
  const { account } = useSession();
  const isPerson = account.role === 'person';
  // The audit administrator comes there for the acts of the others.
  const open = DOORS.map((door) => (isPerson && door.to === '/personal' ? { ...door, word: 'personal.mine' as const } : door)).filter(
    (door) =>
      door.right === null ||
      may(door.right) ||
      (door.to === '/accounts' && account.role === 'audit_admin') ||
      (door.to === '/personal' && isPerson),
  );
  const onPhone: readonly Door[] = [
    ...open.filter((door) => ON_PHONE.includes(door.to) || (isPerson && door.to === '/personal')),
    { to: '/account', word: 'nav.more', icon: UserOutlined, right: null },
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
