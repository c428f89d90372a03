import { Button, Input } from 'antd';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useSignInWays } from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useSignIn, useSignInByPasskey } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';
import './sign-in.css';

interface SignInProps {
  /** Set when a session ended while its owner worked: the door stands over the work. */
  readonly endedName?: string;
  readonly onSignedIn?: () => void;
}

/** Why the door stayed shut, in words. */
function useRefusalWords(error: unknown): string | null {
  const { w, code } = useWords();
  if (!error) return null;
  return isRefusal(error) ? code(error.code, error.params) : w('factors.unsupported');
}

/** Why another door sent the browser back: a code in the address, told once somebody stands here. */
function useRefusedElsewhere(): string | null {
  const { code, knows } = useWords();
  const refused = new URLSearchParams(window.location.search).get('refused');
  return refused && knows(refused) ? code(refused) : null;
}

/** The door: account name and password. Nothing tells which of the two was wrong. */
export function SignIn({ endedName, onSignedIn }: SignInProps) {
  const { w, language, choose } = useWords();
  const ids = { name: useId(), password: useId(), code: useId(), refusal: useId() };
  const [name, setName] = useState(endedName ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const signIn = useSignIn();
  const byPasskey = useSignInByPasskey();
  const refusedThere = useRefusedElsewhere();
  const { data: ways } = useSignInWays();
  const needsCode = isRefusal(signIn.error, 'session/code-needed') || code !== '';
  const refusal = useRefusalWords(isRefusal(signIn.error, 'session/code-needed') ? byPasskey.error : (signIn.error ?? byPasskey.error));
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => first.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name || !password || signIn.isPending) return;
    if (needsCode && !code) return;
    signIn.mutate(
      { name, password, ...(code ? { code } : {}) },
      {
        onSuccess: () => onSignedIn?.(),
        onError: (error) => {
          if (isRefusal(error, 'session/code-needed')) return;
          setPassword('');
          setCode('');
        },
      },
    );
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
          {needsCode && (
            <>
              <p className="code-text" role="status">
                {w('signIn.codeText')}
              </p>
              <label htmlFor={ids.code}>{w('signIn.code')}</label>
              <Input
                id={ids.code}
                size="large"
                autoComplete="one-time-code"
                autoFocus
                maxLength={40}
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            </>
          )}
          {(refusal ?? refusedThere) && (
            <p className="refusal" role="alert" id={ids.refusal}>
              {refusal ?? refusedThere}
            </p>
          )}
          <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
            {w('signIn.enter')}
          </Button>
          <p className="or">{w('signIn.or')}</p>
          <Button
            size="large"
            block
            loading={byPasskey.isPending}
            onClick={() => byPasskey.mutate(undefined, { onSuccess: () => onSignedIn?.() })}
          >
            {w('signIn.passkey')}
          </Button>
          {ways?.oidc && !endedName && (
            <Button size="large" block href="/api/v1/session/oidc">
              {w('signIn.oidc', { label: ways.oidc.label })}
            </Button>
          )}
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
          <p>
            <a href="/verify">{w('verify.title')}</a>
          </p>
        </footer>
      </main>
    </div>
  );
}
