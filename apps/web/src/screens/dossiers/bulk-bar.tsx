import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Input, Popover } from 'antd';
import { type FormEvent, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { useUnits } from '../../api/house.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { DOSSIER_STATES } from '../../filters.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useWords } from '../../words/words.tsx';
import { PutDialog } from '../boxes/put-form.tsx';
import { BatchDialog } from '../stations/batch-dialog.tsx';

type Outcome = Schemas['BulkOutcome'];

/** Changes many dossiers as one, and takes the last change back. */
export function useBulkEdit() {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [last, setLast] = useState<Outcome | null>(null);
  const onError = (error: unknown) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error));
  const settle = (outcome: Outcome) => {
    for (const refused of outcome.refused.slice(0, 3)) void message.warning(code(refused.code, refused.params));
    void queries.invalidateQueries({ queryKey: ['dossiers'] });
    void queries.invalidateQueries({ queryKey: ['overview'] });
  };
  const edit = useMutation({
    mutationFn: (body: Schemas['BulkEdit']) => answer(api.POST('/api/v1/dossiers/bulk-edits', { body })),
    onSuccess: (outcome) => {
      setLast(outcome);
      settle(outcome);
    },
    onError,
  });
  const undo = useMutation({
    mutationFn: (undoToken: string) =>
      answer(api.POST('/api/v1/dossiers/bulk-edits/{undoToken}/undo', { params: { path: { undoToken } } })),
    onSuccess: (outcome) => {
      setLast(null);
      settle(outcome);
      void message.success(w('bulk.undone', { count: outcome.changed }));
    },
    onError: (error) => {
      setLast(null);
      onError(error);
    },
  });
  return { edit, undo, last };
}

function TagForm({ word, onTag }: { word: string; onTag: (tag: string) => void }) {
  const [tag, setTag] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (tag.trim()) onTag(tag.trim());
    setTag('');
  };
  return (
    <form onSubmit={submit} className="tag-form">
      <Input autoFocus value={tag} maxLength={80} aria-label={word} placeholder={word} onChange={(event) => setTag(event.target.value)} />
      <Button htmlType="submit" type="primary">
        {word}
      </Button>
    </form>
  );
}

interface BulkBarProps {
  readonly selected: ReadonlySet<string>;
  readonly bulk: ReturnType<typeof useBulkEdit>;
  onNone(): void;
}

/** What can be done to the dossiers selected; after it, the way back. */
export function BulkBar({ selected, bulk, onNone }: BulkBarProps) {
  const { w } = useWords();
  const may = useMay();
  const [batching, setBatching] = useState(false);
  const [boxing, setBoxing] = useState(false);
  const units = useUnits();
  const undoToken = bulk.last?.undoToken ?? null;
  const undo = () => undoToken && bulk.undo.mutate(undoToken);
  useShortcuts('keys.dossiers', [
    ...(undoToken ? [{ keys: 'u', label: 'bulk.undo' as const, run: () => void undo() }] : []),
    ...(selected.size ? [{ keys: 'escape', label: 'bulk.none' as const, run: onNone }] : []),
    { keys: ' ', label: 'keys.select', run: () => undefined, shownOnly: true },
    { keys: 'shift+arrowdown', label: 'keys.selectMore', run: () => undefined, shownOnly: true },
    { keys: 'enter', label: 'keys.open', run: () => undefined, shownOnly: true },
  ]);
  const change = (change: Schemas['BulkChange']) => bulk.edit.mutate({ dossierIds: [...selected], change });
  if (selected.size === 0 && !bulk.last?.changed) return null;
  return (
    <section className="bulk-bar" aria-label={w('bulk.label')}>
      {selected.size > 0 && (
        <>
          <strong aria-live="polite">{w('bulk.selected', { count: selected.size })}</strong>
          <Dropdown
            trigger={['click']}
            menu={{
              items: DOSSIER_STATES.map((key) => ({ key, label: w(`state.${key}`) })),
              onClick: ({ key }) => change({ state: key as Schemas['DossierState'] }),
            }}
          >
            <Button>{w('bulk.state')}</Button>
          </Dropdown>
          <Dropdown
            trigger={['click']}
            menu={{
              items: units.list.map((unit) => ({ key: unit.id, label: units.pathOf(unit.id) })),
              onClick: ({ key }) => change({ unitId: key }),
            }}
          >
            <Button>{w('bulk.unit')}</Button>
          </Dropdown>
          <Popover
            trigger="click"
            destroyOnHidden
            content={<TagForm word={w('bulk.addTag')} onTag={(tag) => change({ addTags: [tag] })} />}
          >
            <Button>{w('bulk.addTag')}</Button>
          </Popover>
          <Popover
            trigger="click"
            destroyOnHidden
            content={<TagForm word={w('bulk.removeTag')} onTag={(tag) => change({ removeTags: [tag] })} />}
          >
            <Button>{w('bulk.removeTag')}</Button>
          </Popover>
          {may('station.work') && <Button onClick={() => setBatching(true)}>{w('batch.make')}</Button>}
          {may('dossier.change') && <Button onClick={() => setBoxing(true)}>{w('box.put')}</Button>}
          <Button type="text" onClick={onNone}>
            {w('bulk.none')}
          </Button>
        </>
      )}
      {boxing && <PutDialog dossierIds={[...selected]} close={() => setBoxing(false)} />}
      {batching && <BatchDialog dossierIds={[...selected]} close={() => setBatching(false)} />}
      <span className="stretch" />
      {bulk.last && bulk.last.changed > 0 && (
        <span className="bulk-done" role="status">
          {w('bulk.changed', { count: bulk.last.changed })}
          {undoToken && (
            <Button size="small" onClick={undo} loading={bulk.undo.isPending}>
              {w('bulk.undo')}
              <KeyHint keys="u" />
            </Button>
          )}
        </span>
      )}
    </section>
  );
}
