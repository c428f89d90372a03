import { App } from 'antd';
import { useMemo } from 'react';
import { useWords } from '../../words/words.tsx';
import type { Material } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { listSure } from './next-unsure.ts';

/** Confirms all that the machine was sure of throughout, as one step of undo, and goes on to what is unsure. */
export function useConfirmSure(): { readonly sure: readonly Material[]; confirmSure(): void } {
  const { w } = useWords();
  const { message } = App.useApp();
  const { desk, operate, nextUnsure } = useDesk();
  const sure = useMemo(() => listSure(desk), [desk]);
  const confirmSure = () => {
    if (!sure.length) return void message.info(w('desk.noneSure'));
    operate(
      // As the desk stands then: what became unsure meanwhile is left.
      (now) => listSure(now).map(({ id }) => ({ type: 'confirm', materialId: id })),
      (next) => {
        void message.success(w('desk.confirmedSure', { count: sure.length }));
        nextUnsure(next);
      },
    );
  };
  return { sure, confirmSure };
}
