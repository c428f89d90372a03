import { Button, Input, InputNumber, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type NewProvider, useAddProvider } from '../../api/anchors.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';

type Kind = NewProvider['settings']['kind'];
const KINDS: readonly Kind[] = ['rfc3161', 'witness', 'evm'];
const EVERY_MINUTES: Readonly<Record<Kind, number>> = { rfc3161: 60, witness: 10, evm: 60 };
const CONFIRMATIONS = 6;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const CONTRACT = /^0x[0-9a-f]{40}$/;

interface Draft {
  readonly name: string;
  readonly kind: Kind;
  readonly url: string;
  readonly everyMinutes: number;
  readonly roots: string;
  readonly key: string;
  readonly chainId: number;
  readonly contract: string;
  readonly confirmations: number;
}

const EMPTY: Draft = {
  name: '',
  kind: 'rfc3161',
  url: '',
  everyMinutes: EVERY_MINUTES.rfc3161,
  roots: '',
  key: '',
  chainId: 1,
  contract: '',
  confirmations: CONFIRMATIONS,
};

/** What is sent; null while something is missing. The server judges the rest. */
function bodyOf(draft: Draft): NewProvider | null {
  const url = draft.url.trim();
  if (!NAME.test(draft.name) || !/^https?:\/\//.test(url)) return null;
  const { name, everyMinutes } = draft;
  if (draft.kind === 'rfc3161') {
    const roots = draft.roots.trim();
    return roots ? { name, everyMinutes, settings: { kind: 'rfc3161', url, roots } } : null;
  }
  if (draft.kind === 'witness') {
    const key = draft.key.trim();
    return key ? { name, everyMinutes, settings: { kind: 'witness', url, key } } : null;
  }
  const { chainId, confirmations } = draft;
  const contract = draft.contract.trim().toLowerCase();
  return CONTRACT.test(contract) ? { name, everyMinutes, settings: { kind: 'evm', url, chainId, contract, confirmations } } : null;
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

/** What is asked of this kind alone. */
function KindFields({ draft, change, chainAddress }: FieldsProps & { chainAddress: string }) {
  const { w } = useWords();
  const ids = { secret: useId(), chain: useId(), blocks: useId() };
  if (draft.kind === 'rfc3161')
    return (
      <>
        <label htmlFor={ids.secret}>{w('anchors.roots')}</label>
        <Input.TextArea id={ids.secret} rows={5} value={draft.roots} onChange={(event) => change({ roots: event.target.value })} />
      </>
    );
  if (draft.kind === 'witness')
    return (
      <>
        <label htmlFor={ids.secret}>{w('anchors.key')}</label>
        <Input id={ids.secret} value={draft.key} onChange={(event) => change({ key: event.target.value })} />
      </>
    );
  return (
    <>
      <label htmlFor={ids.secret}>{w('anchors.contract')}</label>
      <Input id={ids.secret} placeholder="0x…" value={draft.contract} onChange={(event) => change({ contract: event.target.value })} />
      <label htmlFor={ids.chain}>{w('anchors.chainId')}</label>
      <InputNumber id={ids.chain} min={1} value={draft.chainId} onChange={(chainId) => change({ chainId: chainId ?? 1 })} />
      <label htmlFor={ids.blocks}>{w('anchors.confirmations')}</label>
      <InputNumber
        id={ids.blocks}
        min={1}
        max={1000}
        value={draft.confirmations}
        onChange={(confirmations) => change({ confirmations: confirmations ?? CONFIRMATIONS })}
      />
      <p className="quiet">
        {w('anchors.chainAddress')}
        <br />
        <code className="wrapped">{chainAddress}</code>
      </p>
    </>
  );
}

/** A new service; it is asked within a quarter of a minute. */
export function AddProvider({ chainAddress, close }: { chainAddress: string; close: () => void }) {
  const { w, code } = useWords();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const add = useAddProvider();
  const ids = { name: useId(), kind: useId(), url: useId(), every: useId() };
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const body = bodyOf(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body) add.mutate(body, { onSuccess: close });
  };
  return (
    <Modal open title={w('anchors.add')} footer={null} width={520} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <label htmlFor={ids.kind}>{w('anchors.kind')}</label>
        <Select
          id={ids.kind}
          value={draft.kind}
          options={KINDS.map((kind) => ({ value: kind, label: w(`anchors.kind.${kind}`) }))}
          onChange={(kind: Kind) => change({ kind, everyMinutes: EVERY_MINUTES[kind] })}
        />
        <label htmlFor={ids.name}>{w('anchors.name')}</label>
        <Input
          id={ids.name}
          autoComplete="off"
          maxLength={32}
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <label htmlFor={ids.url}>{w('anchors.url')}</label>
        <Input
          id={ids.url}
          inputMode="url"
          placeholder="https://"
          value={draft.url}
          onChange={(event) => change({ url: event.target.value })}
        />
        <KindFields draft={draft} change={change} chainAddress={chainAddress} />
        <label htmlFor={ids.every}>{w('anchors.every')}</label>
        <InputNumber
          id={ids.every}
          min={1}
          max={10_080}
          value={draft.everyMinutes}
          onChange={(minutes) => change({ everyMinutes: minutes ?? EVERY_MINUTES[draft.kind] })}
        />
        {isRefusal(add.error) && (
          <p className="refusal" role="alert">
            {code(add.error.code, add.error.params)}
          </p>
        )}
        <Button type="primary" htmlType="submit" disabled={!body} loading={add.isPending}>
          {w('anchors.add')}
        </Button>
      </form>
    </Modal>
  );
}
