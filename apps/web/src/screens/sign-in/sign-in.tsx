import { Button, Input } from 'antd';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { isRefusal } from '../../api/refusal.ts';
import { useSignIn } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';
import './sign-in.css';

interface SignInProps {
  /** Set when a session ended while its owner worked: the door stands over the work. */
  readonly endedName?: string;
  readonly onSignedIn?: () => void;
}

/** Why the door stayed shut, in words. */
function useRefusalWords(error: unknown): string | null {
  const { code } = useWords();
  if (!error) return null;
  return isRefusal(error) ? code(error.code, error.params) : String(error);
}

/** The door: account name and password. Nothing tells which of the two was wrong. */
export function SignIn({ endedName, onSignedIn }: SignInProps) {
  const { w, language, choose } = useWords();
  const ids = { name: useId(), password: useId(), refusal: useId() };
  const [name, setName] = useState(endedName ?? '');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const refusal = useRefusalWords(signIn.error);
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => first.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name || !password || signIn.isPending) return;
    signIn.mutate({ name, password }, { onSuccess: () => onSignedIn?.(), onSettled: () => setPassword('') });
  };
  return (
    <div
      className={endedName ? 'door over' : 'door'}
      {...(endedName ? { role: 'dialog', 'aria-modal': true, 'aria-label': w('signIn.ended') } : {})}
    >
      <main className="door-card">
        <header>
          <div className="seal big" aria-hidden="true">
            兰
          </div>
          <h1>
            <span className="song">兰台</span> <span className="latin">Lantai</span>
          </h1>
          <p>{endedName ? w('signIn.endedText') : w('signIn.welcome')}</p>
        </header>
        <form ref={first} onSubmit={submit} aria-describedby={refusal ? ids.refusal : undefined}>
          <label htmlFor={ids.name}>{w('signIn.name')}</label>
          <Input
            id={ids.name}
            size="large"
            autoComplete="username"
            maxLength={200}
            value={name}
            readOnly={endedName !== undefined}
            onChange={(event) => setName(event.target.value)}
          />
          <label htmlFor={ids.password}>{w('signIn.password')}</label>
          <Input.Password
            id={ids.password}
            size="large"
            autoComplete="current-password"
            maxLength={1024}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {refusal && (
            <p className="refusal" role="alert" id={ids.refusal}>
              {refusal}
            </p>
          )}
          <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
            {w('signIn.enter')}
          </Button>
        </form>
        <footer>
          <Button
            type="link"
            size="small"
            onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
            lang={language === 'zh' ? 'en' : 'zh-CN'}
          >
            {language === 'zh' ? 'English' : '中文'}
          </Button>
          <p>{w('signIn.logged')}</p>
        </footer>
      </main>
    </div>
  );
}
