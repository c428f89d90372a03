import { App, Button } from 'antd';
import { EmptyState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { useDesk } from './desk-state.tsx';
import { assembleSelected, isProposable } from './strip-items.ts';

/** Lets the machine propose materials of the loose pages, and says what came of it. One step of undo. */
export function useProposing(): () => void {
  const { w } = useWords();
  const { message } = App.useApp();
  const { desk, operate, nextUnsure, select } = useDesk();
  return () => {
    if (!isProposable(desk)) return void message.info(w('desk.nothingToPropose'));
    operate(
      () => [{ type: 'propose' }],
      (next) => {
        const made = next.materials.length - desk.materials.length;
        if (made <= 0) return void message.info(w('desk.noneProposed'));
        select(new Set());
        void message.success(w('desk.proposed', { count: made }));
        nextUnsure(next);
      },
    );
  };
}

/** Beside a page that lies in no material: let the machine propose, or make a material by hand. */
export function LooseForm() {
  const { w } = useWords();
  const { desk, page, selected, select, operate, mayArrange, isBusy } = useDesk();
  const propose = useProposing();
  const assemble = () =>
    operate(
      (now) => [assembleSelected(now, selected, page?.id ?? null)],
      () => select(new Set()),
    );
  return (
    <EmptyState
      title={w('page.looseTitle')}
      actions={
        mayArrange && (
          <>
            {isProposable(desk) && (
              <Button type="primary" loading={isBusy} onClick={propose}>
                {w('desk.propose')}
              </Button>
            )}
            <Button type={isProposable(desk) ? 'default' : 'primary'} onClick={assemble}>
              {w('desk.assembleShort', { count: Math.max(1, selected.size) })}
            </Button>
          </>
        )
      }
    >
      {w('page.looseText')}
    </EmptyState>
  );
}
