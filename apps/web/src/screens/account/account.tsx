import { useNavigate } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { choosePurpose, currentPurpose, DAILY_PURPOSES, type Purpose } from '../../api/client.ts';
import { useHealth, useUnits } from '../../api/house.ts';
import { useSession, useSignOut } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { onPhoneOf, useDoors } from '../../shell/doors.ts';
import { type Ground, type TypeSize, useAppearance } from '../../theme/appearance.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { BreakGlassCard } from './break-glass.tsx';
import { PasswordForm } from './change-password.tsx';
import { FactorsCard } from './factors.tsx';
import { SessionsCard } from './sessions.tsx';
import { TokensCard } from './tokens.tsx';
import './account.css';

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
  help?: ReactNode;
}) {
  const id = useId();
  return (
    <div className="choice">
      <span id={id}>{props.label}</span>
      <Segmented aria-labelledby={id} value={props.value} options={props.options} onChange={props.onChange} />
      {props.help && <p className="quiet">{props.help}</p>}
    </div>
  );
}

function Looks() {
  const { w, language, choose: chooseLanguage } = useWords();
  const { ground, typeSize, choose } = useAppearance();
  const [purpose, setPurpose] = useState(currentPurpose);
  return (
    <section className="card">
      <h2>{w('account.looks')}</h2>
      <Choice
        label={w('look.language')}
        value={language}
        options={[
          { value: 'zh', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
        onChange={chooseLanguage}
      />
      <Choice<Ground>
        label={w('look.ground')}
        value={ground}
        options={[
          { value: 'system', label: w('look.system') },
          { value: 'light', label: w('look.light') },
          { value: 'dark', label: w('look.dark') },
        ]}
        onChange={(next) => choose({ ground: next })}
      />
      <Choice<TypeSize>
        label={w('look.size')}
        value={typeSize}
        options={[
          { value: 'normal', label: w('look.normal') },
          { value: 'large', label: w('look.large') },
        ]}
        onChange={(next) => choose({ typeSize: next })}
      />
      <Choice<Purpose>
        label={w('purpose.label')}
        value={purpose}
        options={[...new Set<Purpose>([...DAILY_PURPOSES, purpose])].map((value) => ({ value, label: w(`purpose.${value}`) }))}
        onChange={(next) => {
          choosePurpose(next);
          setPurpose(next);
        }}
        help={w('purpose.help')}
      />
    </section>
  );
}

function HealthCard() {
  const { w, code } = useWords();
  const { data } = useHealth();
  if (!data) return null;
  const tone = { ok: 'jade', warning: 'amber', failing: 'cinnabar', degraded: 'amber' } as const;
  return (
    <section className="card">
      <h2>{w('health.title')}</h2>
      <p>
        <Chip tone={tone[data.status]}>{w(`health.${data.status}`)}</Chip> <span className="quiet">Lantai {data.version}</span>
      </p>
      <ul className="checks">
        {data.checks
          .filter((check) => check.status !== 'ok')
          .map((check) => (
            <li key={`${check.code} ${JSON.stringify(check.params)}`}>
              <Chip tone={tone[check.status]}>{w(`health.${check.status}`)}</Chip> {code(check.code, check.params)}
            </li>
          ))}
      </ul>
    </section>
  );
}

/** The account: who, what it may do, its password, how the page looks, and the health of the house. */
export function AccountScreen() {
  const { w, language } = useWords();
  const session = useSession();
  const { pathOf } = useUnits();
  const doors = useDoors();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { account } = session;
  return (
    <div className="screen account">
      <h1 className="song">{account.name}</h1>
      <p className="quiet">
        {w(`role.${account.role}`)}
        {account.unitId && ` · ${pathOf(account.unitId)}`} · {w('account.until', { at: sayMoment(session.expiresAtMs, language) })}
      </p>
      {narrow && (
        <nav className="more" aria-label={w('nav.more')}>
          {doors
            .filter((door) => !onPhoneOf(account.role).includes(door.to))
            .map((door) => (
              <Button key={door.to} onClick={() => void navigate({ to: door.to })}>
                {w(door.word)}
              </Button>
            ))}
        </nav>
      )}
      <div className="account-grid">
        <Looks />
        <section className="card">
          <h2>{w('password.title')}</h2>
          <PasswordForm />
        </section>
        <FactorsCard />
        <SessionsCard />
        <BreakGlassCard />
        <TokensCard />
        <HealthCard />
      </div>
      <Button onClick={() => signOut.mutate()} loading={signOut.isPending}>
        {w('account.signOut')}
      </Button>
    </div>
  );
}
