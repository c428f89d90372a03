import { Button, Checkbox, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { type ItemEdit, type Standard, type StandardItem, useQualityDraft, useStandardText } from '../../api/standards.ts';
import { Refused } from '../../parts/refused.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { CheckLine } from './standard-content.tsx';

type Edits = Readonly<Record<string, ItemEdit>>;

/** One item: its points, words and what a fault costs; or taken out. */
function ItemForm({ item, edit, change }: { item: StandardItem; edit: ItemEdit | undefined; change: (edit: ItemEdit) => void }) {
  const { w } = useWords();
  const now: ItemEdit = edit ?? { code: item.code };
  const set = (part: Partial<ItemEdit>) => change({ ...now, ...part });
  const setLost = (at: number, lost: number | null) =>
    set({ lost: item.checks.map((_, i) => (i === at ? (lost === null ? null : String(lost)) : (now.lost?.[i] ?? null))) });
  return (
    <li className={now.removed ? 'removed' : ''}>
      <div className="item-row">
        <Checkbox checked={!now.removed} onChange={(event) => set({ removed: !event.target.checked })}>
          {w('standards.itemNo', { item: item.code })}
        </Checkbox>
        <InputNumber
          aria-label={`${w('standards.points')} ${item.code}`}
          suffix={w('standards.pointsUnit')}
          min={0.5}
          max={100}
          step={0.5}
          disabled={now.removed === true}
          value={Number(now.points ?? item.points)}
          onChange={(points) => points !== null && set({ points: String(points) })}
        />
        <Checkbox disabled={now.removed === true} checked={now.veto ?? item.veto} onChange={(event) => set({ veto: event.target.checked })}>
          {w('standards.veto')}
        </Checkbox>
      </div>
      <Input.TextArea
        aria-label={`${w('standards.words')} ${item.code}`}
        autoSize
        maxLength={500}
        disabled={now.removed === true}
        value={now.zh ?? item.text.zh}
        onChange={(event) => set({ zh: event.target.value })}
      />
      <ul className="checks">
        {item.checks.map((check, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: checks of a version have no name but their place
          <li key={i} className="check-form">
            <ul>
              <CheckLine check={{ ...check, lost: null }} />
            </ul>
            {check.lost !== null && (
              <InputNumber
                aria-label={`${w('standards.lostEach')} ${item.code}-${i + 1}`}
                prefix={w('standards.lostEach')}
                min={0}
                max={100}
                step={0.5}
                disabled={now.removed === true}
                value={Number(now.lost?.[i] ?? check.lost)}
                onChange={(lost) => setLost(i, lost)}
              />
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

/** The items of a quality standard to be changed one by one; what comes of it is written as a text. */
export function ItemsEditor({ standard, highest, take }: { standard: Standard; highest: number; take: (yaml: string) => void }) {
  const { w } = useWords();
  const { data, error, refetch } = useStandardText(standard, highest);
  const draft = useQualityDraft();
  const [edits, setEdits] = useState<Edits>({});
  const [source, setSource] = useState('');
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (!data.items) return <p className="refusal">{w('standards.unreadable')}</p>;
  // An empty wording cannot be said; the old one stands until there is a new one.
  const said = Object.values(edits).map(({ zh, ...rest }) => ({ ...rest, ...(zh?.trim() ? { zh: zh.trim() } : {}) }));
  const write = () =>
    draft.mutate({ standardId: standard.id, source: source.trim() || null, edits: said }, { onSuccess: ({ yaml }) => take(yaml) });
  return (
    <section className="card items-editor" aria-label={w('standards.byItem')}>
      <Input
        maxLength={300}
        placeholder={w('standards.sourceHint')}
        aria-label={w('standards.source')}
        value={source}
        onChange={(event) => setSource(event.target.value)}
      />
      <ol>
        {data.items.map((item) => (
          <ItemForm
            key={item.code}
            item={item}
            edit={edits[item.code]}
            change={(edit) => setEdits((all) => ({ ...all, [item.code]: edit }))}
          />
        ))}
      </ol>
      <div className="acts-row">
        <Button disabled={said.length === 0 && source.trim() === ''} loading={draft.isPending} onClick={write}>
          {w('standards.write')}
        </Button>
      </div>
      <Refused error={draft.error} />
    </section>
  );
}
