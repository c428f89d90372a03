import {
  ApartmentOutlined,
  AuditOutlined,
  CheckSquareOutlined,
  CloudUploadOutlined,
  FileDoneOutlined,
  FolderOpenOutlined,
  IdcardOutlined,
  InboxOutlined,
  NumberOutlined,
  ProfileOutlined,
  ReadOutlined,
  SafetyCertificateOutlined,
  SafetyOutlined,
  ScanOutlined,
  SearchOutlined,
  TeamOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import type { ComponentType } from 'react';
import { type Right, type Session, useMay, useSession } from '../api/session.ts';
import type { WordKey } from '../words/words.tsx';

/** One screen as the rail offers it. */
export interface Door {
  readonly to:
    | '/'
    | '/dossiers'
    | '/capture'
    | '/review'
    | '/stations'
    | '/boxes'
    | '/codes'
    | '/search'
    | '/consultations'
    | '/jobs'
    | '/log'
    | '/anchors'
    | '/personal'
    | '/organisations'
    | '/accounts'
    | '/policy'
    | '/standards'
    | '/account';
  readonly word: WordKey;
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean }>;
  readonly isOpen: (may: (right: Right) => boolean, role: Session['account']['role']) => boolean;
}

const DOORS: readonly Door[] = [
  { to: '/', word: 'nav.overview', icon: CheckSquareOutlined, isOpen: () => true },
  { to: '/dossiers', word: 'nav.dossiers', icon: FolderOpenOutlined, isOpen: (may) => may('dossier.list') },
  { to: '/capture', word: 'nav.capture', icon: CloudUploadOutlined, isOpen: (may) => may('page.import') },
  { to: '/review', word: 'nav.review', icon: FileDoneOutlined, isOpen: (may) => may('material.change') },
  { to: '/stations', word: 'nav.stations', icon: ScanOutlined, isOpen: (may) => may('station.work') },
  { to: '/boxes', word: 'nav.boxes', icon: InboxOutlined, isOpen: (may) => may('dossier.change') },
  { to: '/search', word: 'nav.search', icon: SearchOutlined, isOpen: (may) => may('search') },
  // Readers come there to sign in; clerks to ask; archivists and the security administrator for the grants and the kinship register.
  {
    to: '/consultations',
    word: 'nav.consultations',
    icon: ReadOutlined,
    isOpen: (may, role) => may('grant.end') || may('grant.ask') || role === 'reader',
  },
  { to: '/jobs', word: 'nav.jobs', icon: UnorderedListOutlined, isOpen: (may) => may('jobs.read') },
  { to: '/log', word: 'nav.log', icon: AuditOutlined, isOpen: () => true },
  // The system administrator sets them, the audit administrator watches them.
  { to: '/anchors', word: 'nav.anchors', icon: SafetyCertificateOutlined, isOpen: (may) => may('anchor.change') || may('log.read') },
  { to: '/personal', word: 'nav.personal', icon: IdcardOutlined, isOpen: (may, role) => may('processing.read') || role === 'person' },
  { to: '/organisations', word: 'nav.organisations', icon: ApartmentOutlined, isOpen: (may) => may('organisation.change') },
  // The audit administrator comes there for the acts of the others.
  { to: '/accounts', word: 'nav.accounts', icon: TeamOutlined, isOpen: (may, role) => may('account.manage') || role === 'audit_admin' },
  { to: '/codes', word: 'nav.codes', icon: NumberOutlined, isOpen: (may) => may('dossier.change') },
  { to: '/standards', word: 'nav.standards', icon: ProfileOutlined, isOpen: (may) => may('dossier.change') },
  { to: '/policy', word: 'nav.policy', icon: SafetyOutlined, isOpen: (may) => may('policy.read') },
];

/** What stands in the bar of a phone, the rest being behind “more”: who reads by consultation, and who is the person concerned, need their own screen more than another. */
export const onPhoneOf = (role: Session['account']['role']): readonly Door['to'][] =>
  role === 'reader'
    ? ['/', '/dossiers', '/consultations', '/search']
    : role === 'contractor'
      ? ['/', '/stations', '/capture', '/dossiers']
      : role === 'person'
        ? ['/', '/dossiers', '/search', '/personal']
        : ['/', '/dossiers', '/capture', '/search'];

/** The screens that this account may use, in the order of the rail. */
export function useDoors(): readonly Door[] {
  const may = useMay();
  const { account } = useSession();
  const open = DOORS.filter((door) => door.isOpen(may, account.role));
  // To the person concerned it is the own requests.
  return account.role === 'person' ? open.map((door) => (door.to === '/personal' ? { ...door, word: 'personal.mine' } : door)) : open;
}
