import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, Input, type InputRef, Select } from 'antd';
import { type FormEvent, useRef, useState } from 'react';
import { type Box, type BoxPaper, useBoxes, useBoxPaper, useFindBox } from '../../api/boxes.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { Chip } from '../../parts/chip.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { NewBoxDialog } from './box-form.tsx';
import { boxNumber, sayPlace } from './box-words.ts';
import './boxes.css';
import { RetentionSelect, useSayRetention } from './retention-select.tsx';

/** How full a box is, as a bar and in numbers. */
export function Fill({ box }: { box: Pick<Box, 'sheets' | 'capacitySheets' | 'volumes'> }) {
  const { w } = useWords();
  const share = Math.min(1, box.sheets / box.capacitySheets);
  return (
    <span className="box-fill">
      <span className="bar" aria-hidden>
        <span className={share >= 0.95 ? 'full' : undefined} style={{ inlineSize: `${Math.round(share * 100)}%` }} />
      </span>
      <span className="num">{w('box.fill', { volumes: box.volumes, sheets: box.sheets, capacity: box.capacitySheets })}</span>
    </span>
  );
}

function BoxLine({ box, isChosen, choose }: { box: Box; isChosen: boolean; choose: () => void }) {
  const { w } = useWords();
  const sayRetention = useSayRetention();
  const place = sayPlace(box.place, w);
  return (
    <li className={box.ended ? 'box-line ended' : 'box-line'}>
      <input type="checkbox" aria-label={w('box.choose', { number: boxNumber(box.number) })} checked={isChosen} onChange={choose} />
      <Link to="/boxes/$boxId" params={{ boxId: box.id }} className="box-number num">
        {boxNumber(box.number)}
      </Link>
      <span className="box-kind">
        <span className="quiet num">{box.fondsCode}</span>
        {box.retention && <Chip tone="jade">{sayRetention(box.retention)}</Chip>}
        {box.year !== null && <Chip>{w('box.ofYear', { year: box.year })}</Chip>}
        {box.ended && <Chip tone="amber">{w('box.ended')}</Chip>}
        <span className={place ? undefined : 'quiet'}>{place || w('box.noPlace')}</span>
      </span>
      <Fill box={box} />
    </li>
  );
}

/** Finds a box by what a scanner types into the field, or a person. */
function FindBox() {
  const { w } = useWords();
  const navigate = useNavigate();
  const find = useFindBox();
  const [text, setText] = useState('');
  const field = useRef<InputRef>(null);
  useShortcuts('keys.boxes', [{ keys: 'f', label: 'box.find', run: () => field.current?.focus() }]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    find.mutate(text.trim(), { onSuccess: ({ boxId }) => void navigate({ to: '/boxes/$boxId', params: { boxId } }) });
  };
  return (
    <form className="box-find" onSubmit={send}>
      <Input
        ref={field}
        maxLength={120}
        aria-label={w('box.find')}
        placeholder={w('box.findHelp')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button htmlType="submit" loading={find.isPending}>
        {w('box.find')}
        <KeyHint keys="f" />
      </Button>
      <Refused error={find.error} />
    </form>
  );
}

/** Labels and contents lists of the boxes chosen. */
export function PaperMenu({ boxIds }: { boxIds: readonly string[] }) {
  const { w } = useWords();
  const onError = useSayRefusal();
  const { message } = App.useApp();
  const may = useMay();
  const paper = useBoxPaper();
  const kinds = [
    ...(may('dossier.change') ? (['face', 'spine', 'qr'] as const) : []),
    ...(may('catalogue.export') ? (['list'] as const) : []),
  ];
  const items = kinds.flatMap((what) =>
    (['pdf', 'xlsx'] as const).map((format) => ({ key: `${what}-${format}`, label: w(`box.paper.${what}.${format}`) })),
  );
  const print = ({ key }: { key: string }) => {
    const [what, format] = key.split('-') as [BoxPaper['what'], BoxPaper['format']];
    paper.mutate({ boxIds, what, format }, { onError, onSuccess: () => void message.success(w('box.printed')) });
  };
  if (!items.length) return null;
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: print }} disabled={!boxIds.length}>
      <Button loading={paper.isPending}>{w('box.print')}</Button>
    </Dropdown>
  );
}

/** Boxes of the storeroom (卷盒): where they stand, how full they are, their labels. */
export function BoxesScreen() {
  const { w } = useWords();
  const may = useMay();
  const [fill, setFill] = useState<'' | 'room' | 'empty' | 'ended'>('');
  const [retention, setRetention] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [making, setMaking] = useState(false);
  const list = useBoxes({ fill: fill || undefined, retention: retention ?? undefined });
  const mayMake = may('dossier.change');
  useShortcuts('keys.boxes', mayMake ? [{ keys: 'n', label: 'box.make', run: () => setMaking(true) }] : []);
  if (!may('dossier.list')) return <NoRightState />;
  const toggle = (id: string) => setChosen((now) => new Set(now.has(id) ? [...now].filter((other) => other !== id) : [...now, id]));
  const isFiltered = fill !== '' || retention !== null;
  return (
    <div className="screen boxes">
      <div className="screen-head">
        <h1>{w('box.title')}</h1>
        <span className="stretch" />
        <div className="acts-row">
          <PaperMenu boxIds={[...chosen]} />
          {mayMake && (
            <Button type="primary" onClick={() => setMaking(true)}>
              {w('box.make')}
              <KeyHint keys="n" />
            </Button>
          )}
        </div>
      </div>
      <FindBox />
      <div className="box-filters">
        <Select
          aria-label={w('box.filter.fill')}
          value={fill}
          onChange={setFill}
          options={(['', 'room', 'empty', 'ended'] as const).map((value) => ({ value, label: w(`box.filter.${value || 'all'}`) }))}
        />
        <RetentionSelect label={w('box.retention')} value={retention} none={w('box.filter.anyRetention')} onChange={setRetention} />
        {chosen.size > 0 && (
          <span role="status" className="quiet">
            {w('box.chosen', { count: chosen.size })}
          </span>
        )}
      </div>
      <PagedList
        list={list}
        className="box-list"
        none={
          isFiltered ? (
            <EmptyState title={w('box.noneSuch')}>{w('box.noneSuchHelp')}</EmptyState>
          ) : (
            <EmptyState title={w('box.none')}>{w('box.noneHelp')}</EmptyState>
          )
        }
        line={(box) => <BoxLine key={box.id} box={box} isChosen={chosen.has(box.id)} choose={() => toggle(box.id)} />}
      />
      {making && <NewBoxDialog close={() => setMaking(false)} />}
    </div>
  );
}
