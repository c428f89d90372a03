import { useMutation } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { showPasskey, useFactors } from '../../api/access.ts';
import { api, type Schemas } from '../../api/client.ts';
import { whenFreshNeeded } from '../../api/fresh.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';

/** What was typed: six digits are a code where an authenticator is in use; anything else is the password. */
const proofOf = (typed: string, hasCode: boolean): Schemas['FreshProof'] =>
  hasCode && /^[\d\s]{6,7}$/.test(typed) ? { code: typed.replace(/\s/g, '') } : { password: typed };

function FreshForm({ onShown }: { onShown: () => void }) {
  const { w, code } = useWords();
  const id = useId();
  const [typed, setTyped] = useState('');
  const { data: factors } = useFactors();
  const form = useRef<HTMLFormElement>(null);
  const show = useMutation({
    mutationFn: async (proof: Schemas['FreshProof'] | null) => {
      const body = proof ?? { passkey: await showPasskey(answer(api.POST('/api/v1/session/fresh/challenge'))) };
      return answer(api.POST('/api/v1/session/fresh', { body }));
    },
    onSuccess: onShown,
    onSettled: () => setTyped(''),
  });
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed) show.mutate(proofOf(typed, factors?.totp ?? false));
  };
  const refusal = show.error && (isRefusal(show.error) ? code(show.error.code, show.error.params) : w('factors.unsupported'));
  return (
    <form ref={form} className="password-form" onSubmit={submit}>
      <p>{w('fresh.help')}</p>
      <label htmlFor={id}>
        {factors?.totp ? `${w('signIn.password')} ${w('signIn.or')} ${w('factors.codeShort')}` : w('signIn.password')}
      </label>
      <Input.Password
        id={id}
        autoComplete="current-password"
        maxLength={1024}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {refusal && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div className="acts-row">
        <Button type="primary" htmlType="submit" loading={show.isPending} disabled={!typed}>
          {w('fresh.act')}
        </Button>
        {(factors?.passkeys.length ?? 0) > 0 && (
          <Button onClick={() => show.mutate(null)} disabled={show.isPending}>
            {w('factors.passkey')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Asks for password or second factor again when the server wants it for a dangerous act; the act then goes on by itself. */
export function FreshDialog() {
  const { w } = useWords();
  const [settle, setSettle] = useState<((shown: boolean) => void) | null>(null);
  useEffect(() => whenFreshNeeded(() => new Promise((resolve) => setSettle(() => resolve))), []);
  const end = (shown: boolean) => {
    settle?.(shown);
    setSettle(null);
  };
  return (
    <Modal
      open={settle !== null}
      title={w('fresh.title')}
      footer={null}
      width={420}
      onCancel={() => end(false)}
      destroyOnHidden
      zIndex={1300}
    >
      <FreshForm onShown={() => end(true)} />
    </Modal>
  );
}
