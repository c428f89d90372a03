import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useWords } from '../../words/words.tsx';
import { rowsSeen, type TreeRow } from './tree-rows.ts';

/** A tree this small is shown whole. */
const OPEN_WHOLE_MAX = 60;

function Row(props: {
  row: TreeRow;
  isOpen: boolean;
  isOn: boolean;
  isFocusable: boolean;
  toggle(): void;
  choose(): void;
  onKeyDown(event: KeyboardEvent): void;
}) {
  const { row, isOpen, isOn } = props;
  const Caret = isOpen ? CaretDownOutlined : CaretRightOutlined;
  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-selected={isOn}
      {...(row.hasBelow ? { 'aria-expanded': isOpen } : {})}
      tabIndex={props.isFocusable ? 0 : -1}
      data-unit={row.id}
      className={`unit-row${isOn ? ' on' : ''}${row.isRoot ? ' root' : ''}`}
      style={{ paddingInlineStart: `${0.6 + (row.level - 1) * 1.3}rem` }}
      onClick={props.choose}
      onKeyDown={props.onKeyDown}
    >
      <span
        className="caret"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          props.toggle();
        }}
      >
        {row.hasBelow && <Caret />}
      </span>
      <span className="title">{row.name}</span>
      <span className="quiet num">{row.code}</span>
    </div>
  );
}

interface TreeProps {
  readonly rows: readonly TreeRow[];
  readonly chosenId: string | undefined;
  choose(id: string): void;
}

/** Which rows are open and which is in the keyboard's hand: arrows walk, left and right close and open, Enter chooses. */
function useWalk({ rows, chosenId, choose }: TreeProps, filter: string) {
  const root = useRef<HTMLDivElement>(null);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const isOpenAtFirst = (row: TreeRow) => rows.length <= OPEN_WHOLE_MAX || row.level === 1;
  // What somebody opened or closed stays so when the tree is read again.
  const open = new Set(rows.filter((row) => isOpenAtFirst(row) !== turned.has(row.id)).map((row) => row.id));
  const seen = rowsSeen(rows, open, filter);
  const toggle = (id: string) =>
    setTurned((before) => new Set(before.has(id) ? [...before].filter((other) => other !== id) : [...before, id]));
  const focus = (id: string | null | undefined) => {
    if (!id) return;
    setFocusedId(id);
    root.current?.querySelector<HTMLElement>(`[data-unit="${id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: TreeRow) => {
    const at = seen.indexOf(row);
    const isOpen = open.has(row.id) && row.hasBelow;
    if (event.key === 'ArrowDown') focus(seen[at + 1]?.id);
    else if (event.key === 'ArrowUp') focus(seen[at - 1]?.id);
    else if (event.key === 'Home') focus(seen[0]?.id);
    else if (event.key === 'End') focus(seen.at(-1)?.id);
    else if (event.key === 'ArrowRight' && row.hasBelow) isOpen ? focus(seen[at + 1]?.id) : toggle(row.id);
    else if (event.key === 'ArrowLeft') isOpen ? toggle(row.id) : focus(row.parentRowId);
    else if (event.key === 'Enter' || event.key === ' ') choose(row.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const focusableId = seen.find((row) => row.id === (focusedId ?? chosenId))?.id ?? seen[0]?.id;
  return { root, seen, open, toggle, onKeyDown, focusableId, take: setFocusedId };
}

/** Organisations and units as a tree, narrowed by what is typed above it. */
export function UnitTree({ rows, chosenId, choose }: TreeProps) {
  const { w } = useWords();
  const [filter, setFilter] = useState('');
  const { root, seen, open, toggle, onKeyDown, focusableId, take } = useWalk({ rows, chosenId, choose }, filter);
  const isFiltered = filter.trim() !== '';
  return (
    <section className="card unit-tree">
      <Input.Search
        allowClear
        value={filter}
        placeholder={w('org.filter')}
        aria-label={w('org.filter')}
        onChange={(e) => setFilter(e.target.value)}
      />
      {seen.length === 0 ? (
        <p className="quiet">{w('org.filterNone')}</p>
      ) : (
        <div role="tree" aria-label={w('org.tree')} ref={root}>
          {seen.map((row) => (
            <Row
              key={row.id}
              row={row}
              isOpen={isFiltered || open.has(row.id)}
              isOn={row.id === chosenId}
              isFocusable={row.id === focusableId}
              toggle={() => toggle(row.id)}
              choose={() => {
                take(row.id);
                choose(row.id);
              }}
              onKeyDown={(event) => onKeyDown(event, row)}
            />
          ))}
        </div>
      )}
    </section>
  );
}
