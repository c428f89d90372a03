import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Popover } from 'antd';
import { type FormEvent, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';
import type { DossierQuery } from './filters.ts';

const KEY = ['saved-views'] as const;

/** Views this account saved. Their names and filters are sealed on the server; the address holds the id only. */
export function useSavedViews() {
  const may = useMay();
  return useQuery({
    queryKey: KEY,
    queryFn: () => answer(api.GET('/api/v1/saved-views')),
    staleTime: 60_000,
    enabled: may('dossier.list'),
  });
}

interface SavedViewsProps {
  readonly current: string | undefined;
  readonly filters: DossierQuery;
  readonly canSave: boolean;
  onOpen(view: Schemas['SavedView'] | null): void;
}

function SaveForm({ filters, onSaved }: { filters: DossierQuery; onSaved: (view: Schemas['SavedView']) => void }) {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/saved-views', { body: { name: name.trim(), filters } })),
    onSuccess: (view) => {
      void queries.invalidateQueries({ queryKey: KEY });
      onSaved(view);
    },
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) save.mutate();
  };
  return (
    <form onSubmit={submit} className="tag-form">
      <Input
        autoFocus
        value={name}
        maxLength={80}
        aria-label={w('view.name')}
        placeholder={w('view.name')}
        onChange={(event) => setName(event.target.value)}
      />
      <Button htmlType="submit" type="primary" loading={save.isPending}>
        {w('view.save')}
      </Button>
    </form>
  );
}

/** Tabs over the list: all, and what the account saved. */
export function SavedViews({ current, filters, canSave, onOpen }: SavedViewsProps) {
  const { w } = useWords();
  const queries = useQueryClient();
  const [isSaving, setSaving] = useState(false);
  const views = useSavedViews().data?.views ?? [];
  const remove = useMutation({
    mutationFn: (viewId: string) => answer(api.DELETE('/api/v1/saved-views/{viewId}', { params: { path: { viewId } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: KEY });
      onOpen(null);
    },
  });
  return (
    <nav className="views" aria-label={w('view.label')}>
      <button type="button" aria-current={current === undefined} onClick={() => onOpen(null)}>
        {w('view.all')}
      </button>
      {views.map((view) => (
        <button key={view.id} type="button" aria-current={view.id === current} onClick={() => onOpen(view)}>
          {view.name}
        </button>
      ))}
      {canSave && current === undefined && (
        <Popover
          trigger="click"
          open={isSaving}
          onOpenChange={setSaving}
          destroyOnHidden
          content={
            <SaveForm
              filters={filters}
              onSaved={(view) => {
                setSaving(false);
                onOpen(view);
              }}
            />
          }
        >
          <Button size="small">{w('view.keep')}</Button>
        </Popover>
      )}
      {current !== undefined && (
        <Button size="small" type="text" loading={remove.isPending} onClick={() => remove.mutate(current)}>
          {w('view.remove')}
        </Button>
      )}
    </nav>
  );
}
