import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { api } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { SESSION_KEY } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';
import '../sign-in/sign-in.css';

function PasswordField({
  label,
  value,
  onChange,
  autoComplete,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: string;
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <Input.Password
        id={id}
        autoComplete={autoComplete}
        maxLength={1024}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  );
}

/** The form alone: old password, new one twice. */
export function PasswordForm({ onChanged }: { onChanged?: () => void }) {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/session/password', { body: { current, next } })),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setAgain('');
      void message.success(w('password.changed'));
      void queries.invalidateQueries({ queryKey: SESSION_KEY });
      onChanged?.();
    },
  });
  const differs = again !== '' && next !== again;
  const refusal = differs ? w('password.differs') : isRefusal(change.error) ? code(change.error.code, change.error.params) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (current && next && next === again) change.mutate();
  };
  return (
    <form className="password-form" onSubmit={submit}>
      <PasswordField label={w('password.current')} value={current} onChange={setCurrent} autoComplete="current-password" />
      <PasswordField label={w('password.next')} value={next} onChange={setNext} autoComplete="new-password" />
      <PasswordField label={w('password.again')} value={again} onChange={setAgain} autoComplete="new-password" />
      <p className="quiet">{w('password.advice')}</p>
      {refusal && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={change.isPending} disabled={!current || !next || next !== again}>
        {w('password.change')}
      </Button>
    </form>
  );
}

/** A password given out by somebody else must be changed before anything else is shown. */
export function ChangePassword({ forced }: { forced: boolean }) {
  const { w } = useWords();
  return (
    <div className="door">
      <main className="door-card">
        <header>
          <h1 className="song">{w('password.title')}</h1>
          {forced && <p>{w('password.forced')}</p>}
        </header>
        <PasswordForm />
      </main>
    </div>
  );
}
