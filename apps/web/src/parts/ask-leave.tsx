import { App, Input } from 'antd';
import { useId } from 'react';
import type { Schemas } from '../api/client.ts';
import { useWords } from '../words/words.tsx';
import './ask-leave.css';

/** What is about to leave: how much of it, and what is sensitive in it by kind. */
export type Leaving = Schemas['PackLeaving'] | Schemas['RegisterLeaving'];

const KINDS = ['id_number', 'phone', 'address', 'bank_account', 'discipline', 'health', 'unread'] as const;

const countsOf = (leaving: Leaving) =>
  KINDS.map((kind) => [kind, kind in leaving ? (leaving as Record<string, number>)[kind]! : 0] as const);

function Told({ leaving, change }: { leaving: Leaving; change: (reason: string) => void }) {
  const { w, number } = useWords();
  const id = useId();
  return (
    <div className="leaving">
      <p className="quiet">{w('leave.help')}</p>
      <dl>
        {countsOf(leaving)
          .filter(([, count]) => count > 0)
          .map(([kind, count]) => (
            <div key={kind}>
              <dt>{w(`leave.kind.${kind}`)}</dt>
              <dd className="num">{number(count)}</dd>
            </div>
          ))}
      </dl>
      <label htmlFor={id}>{w('leave.reason')}</label>
      <Input.TextArea id={id} autoSize={{ minRows: 2, maxRows: 5 }} maxLength={500} onChange={(event) => change(event.target.value)} />
    </div>
  );
}

/**
 * Shows what is sensitive in what is about to leave, and asks why it may. Nothing sensitive: nothing is asked.
 * The promise gives the reason, or null when it is not to leave.
 */
export function useAskLeave(): (leaving: Leaving) => Promise<string | null> {
  const { modal } = App.useApp();
  const { w } = useWords();
  return (leaving) => {
    if (countsOf(leaving).every(([, count]) => count === 0)) return Promise.resolve('');
    return new Promise((resolve) => {
      let reason = '';
      const dialog = modal.confirm({
        title: w('leave.title'),
        width: 460,
        content: (
          <Told
            leaving={leaving}
            change={(typed) => {
              reason = typed.trim();
              dialog.update({ okButtonProps: { disabled: reason === '' } });
            }}
          />
        ),
        okText: w('leave.confirm'),
        cancelText: w('act.cancel'),
        okButtonProps: { disabled: true },
        onOk: () => resolve(reason),
        onCancel: () => resolve(null),
      });
    });
  };
}
