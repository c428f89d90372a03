import { Button } from 'antd';
import { useState } from 'react';
import { type AccountLine, useAccounts } from '../../api/access.ts';
import { useUnits } from '../../api/house.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { ScreenTabs } from '../../parts/screen-tabs.tsx';
import { ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';
import { DirectoryImport } from '../directory/directory-import.tsx';
import { isOffice } from './account-fields.tsx';
import { ActsList } from './acts.tsx';
import { AlarmList } from './alarms.tsx';
import { BreakGlassList } from './break-glass-list.tsx';
import { ChangeAccount } from './change-account.tsx';
import { ConflictList } from './conflicts.tsx';
import { CreateAccount } from './create-account.tsx';
import { LeaderRegister } from './leaders.tsx';
import { PostRegister } from './posts.tsx';
import './accounts.css';

const levelWord = (level: number) => `accounts.level.${Math.min(level, 3)}` as WordKey;

function States({ line }: { line: AccountLine }) {
  const { w } = useWords();
  return (
    <div className="states">
      {line.disabled && <Chip>{w('accounts.disabled')}</Chip>}
      {line.locked && <Chip tone="cinnabar">{w('accounts.locked')}</Chip>}
      {line.mustChangePassword && !line.disabled && <Chip tone="amber">{w('accounts.mustChange')}</Chip>}
      {isOffice(line.role) && !line.holderKnown && !line.disabled && <Chip tone="amber">{w('accounts.unnumbered')}</Chip>}
      {(line.totp || line.passkeys > 0) && <Chip tone="jade">{w('accounts.secondFactor')}</Chip>}
    </div>
  );
}

function Line({ line, change }: { line: AccountLine; change: () => void }) {
  const { w, language } = useWords();
  const { pathOf } = useUnits();
  const place = line.unitId ? pathOf(line.unitId) : w('accounts.fonds');
  const last = line.signedInAtMs === null ? w('accounts.never') : w('accounts.signedIn', { at: sayMoment(line.signedInAtMs, language) });
  return (
    <li className={line.disabled ? 'account-line off' : 'account-line'}>
      <div className="who">
        <strong className="song">{line.name}</strong>
        <span className="quiet">{w(`role.${line.role}`)}</span>
      </div>
      <div className="where quiet">{!isOffice(line.role) && `${place} · ${w(levelWord(line.levelMax))}`}</div>
      <div className="when quiet">
        {last}
        {line.sessions > 0 && ` · ${w('accounts.sessions', { count: line.sessions })}`}
      </div>
      <States line={line} />
      <div className="act">
        {line.isOwn ? <Chip tone="blue">{w('accounts.own')}</Chip> : <Button onClick={change}>{w('accounts.change')}</Button>}
      </div>
    </li>
  );
}

function AccountList() {
  const { w } = useWords();
  const { data, error, refetch } = useAccounts();
  const [creating, setCreating] = useState(false);
  const [changing, setChanging] = useState<string | null>(null);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const changed = data.items.find((item) => item.id === changing);
  return (
    <>
      <div className="screen-head">
        <span className="quiet">{w('accounts.count', { count: data.items.length })}</span>
        <div className="stretch" />
        <Button type="primary" onClick={() => setCreating(true)}>
          {w('accounts.new')}
        </Button>
      </div>
      <ul className="account-list card">
        {data.items.map((line) => (
          <Line key={line.id} line={line} change={() => setChanging(line.id)} />
        ))}
      </ul>
      {creating && <CreateAccount close={() => setCreating(false)} />}
      {changed && <ChangeAccount key={changed.id} line={changed} close={() => setChanging(null)} />}
    </>
  );
}

/** Accounts and posts for the security administrator; the acts of the other administrators and emergencies for those who watch over them. */
export function AccountsScreen() {
  const { w } = useWords();
  const may = useMay();
  const { account } = useSession();
  const [chosen, setChosen] = useState<string>();
  const watches = account.role === 'audit_admin' || account.role === 'security_admin' || account.role === 'trial_owner';
  const tabs = [
    ...(may('account.manage')
      ? [
          { key: 'accounts', label: w('accounts.title'), children: <AccountList /> },
          { key: 'posts', label: w('posts.title'), children: <PostRegister /> },
          {
            key: 'alarms',
            label: w('alarms.title'),
            children: (
              <>
                <AlarmList />
                <LeaderRegister />
              </>
            ),
          },
        ]
      : []),
    ...(may('directory.sync') ? [{ key: 'directory', label: w('directory.title'), children: <DirectoryImport /> }] : []),
    ...(watches
      ? [
          { key: 'acts', label: w('accounts.acts'), children: <ActsList /> },
          { key: 'conflicts', label: w('conflicts.title'), children: <ConflictList /> },
          { key: 'breakGlass', label: w('tabs.breakGlass'), children: <BreakGlassList /> },
        ]
      : []),
  ];
  if (tabs.length === 0) return <NoRightState />;
  return (
    <div className="screen">
      <h1>{w('nav.accounts')}</h1>
      <ScreenTabs label={w('nav.accounts')} tabs={tabs} chosen={chosen} choose={setChosen} />
    </div>
  );
}
