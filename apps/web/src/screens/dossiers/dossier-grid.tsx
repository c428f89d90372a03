import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Checkbox } from 'antd';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useNarrow } from '../../parts/narrow.ts';
import { useAppearance } from '../../theme/appearance.tsx';
import { useWords, type WordKey } from '../../words/words.tsx';
import { DossierCard, DossierCells } from './dossier-cells.tsx';
import type { ClearFilters, DossierLine } from './filters.ts';

type Sort = NonNullable<ClearFilters['sort']>;

interface GridProps {
  readonly lines: readonly DossierLine[];
  readonly rowCount: number;
  readonly selected: ReadonlySet<string>;
  readonly mayEdit: boolean;
  readonly sort: Sort;
  readonly hasMore: boolean;
  onSelect(ids: ReadonlySet<string>): void;
  onSort(sort: Sort): void;
  onNearEnd(): void;
}

const COLUMNS: readonly { readonly cell: string; readonly word: WordKey; readonly sort?: readonly [Sort, Sort] }[] = [
  { cell: 'c-name', word: 'column.name', sort: ['name', 'name'] },
  { cell: 'c-person', word: 'column.person', sort: ['birthYear', '-birthYear'] },
  { cell: 'c-code', word: 'column.code', sort: ['code', '-code'] },
  { cell: 'c-state', word: 'column.state', sort: ['state', 'state'] },
  { cell: 'c-unit', word: 'column.unit' },
  { cell: 'c-counts', word: 'column.counts' },
  { cell: 'c-todo', word: 'column.toDo' },
  { cell: 'c-changed', word: 'column.changed', sort: ['-changed', 'changed'] },
];

function Head({ sort, onSort, mayEdit }: Pick<GridProps, 'sort' | 'onSort' | 'mayEdit'>) {
  const { w } = useWords();
  return (
    <div role="row" className="grid-head" aria-rowindex={1}>
      {mayEdit && (
        <span role="columnheader" className="c-check">
          <span className="unseen">{w('column.select')}</span>
        </span>
      )}
      {COLUMNS.map(({ cell, word, sort: pair }) => {
        const at = pair?.indexOf(sort) ?? -1;
        const direction = at < 0 ? 'none' : sort.startsWith('-') ? 'descending' : 'ascending';
        return (
          <span key={cell} role="columnheader" className={cell} {...(pair ? { 'aria-sort': direction } : {})}>
            {pair ? (
              <button type="button" onClick={() => onSort(at === 0 ? pair[1] : pair[0])}>
                {w(word)}
                <span aria-hidden="true">{at < 0 ? '' : direction === 'ascending' ? ' ↑' : ' ↓'}</span>
              </button>
            ) : (
              w(word)
            )}
          </span>
        );
      })}
    </div>
  );
}

/** Moves of the focus: one row, a screen, the ends. */
function moveOf(key: string, at: number, last: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 12,
    PageUp: at - 12,
    Home: 0,
    End: last,
  };
  const to = moves[key];
  return to === undefined ? null : Math.max(0, Math.min(last, to));
}

/** A card of the phone's list is higher when something waits in the dossier. */
function rowPxOf(line: DossierLine | undefined, narrow: boolean): number {
  if (!narrow) return 46;
  return line && Object.values(line.toDo).some((count) => count > 0) ? 104 : 74;
}

/** The list of dossiers: only the rows in sight exist; arrows move, space selects, shift extends, Enter opens. */
export function DossierGrid(props: GridProps) {
  const { lines, selected, mayEdit, onSelect } = props;
  const { w } = useWords();
  const narrow = useNarrow();
  const { typeSize } = useAppearance();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const anchor = useRef(0);
  const isMoving = useRef(false);
  const scale = typeSize === 'large' ? 1.22 : 1;
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => rowPxOf(lines[i], narrow) * scale,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows measure themselves anew when the type size changes
  useEffect(() => rows.measure(), [scale, narrow, lines]);
  const inSight = rows.getVirtualItems();
  const lastShown = inSight.at(-1)?.index ?? 0;
  const { hasMore, onNearEnd } = props;
  useEffect(() => {
    if (hasMore && lastShown > lines.length - 30) onNearEnd();
  }, [hasMore, lastShown, lines.length, onNearEnd]);
  useEffect(() => {
    if (!isMoving.current) return;
    isMoving.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-row="${at}"]`)?.focus();
  });
  const open = (line: DossierLine) => void navigate({ to: '/dossiers/$dossierId', params: { dossierId: line.id } });
  const selectRange = (from: number, to: number) => {
    const ids = lines.slice(Math.min(from, to), Math.max(from, to) + 1).map((line) => line.id);
    onSelect(new Set([...selected, ...ids]));
  };
  const toggle = (index: number) => {
    const next = new Set(selected);
    const id = lines[index]!.id;
    if (!next.delete(id)) next.add(id);
    anchor.current = index;
    onSelect(next);
  };
  const onKeyDown = (event: KeyboardEvent, rowIndex: number) => {
    // While the focus is still on its way to the next row, a key held down counts from where it is going.
    const index = isMoving.current ? at : rowIndex;
    const to = moveOf(event.key, index, lines.length - 1);
    if (to !== null) {
      if (event.shiftKey && mayEdit) selectRange(anchor.current, to);
      else anchor.current = to;
      isMoving.current = true;
      rows.scrollToIndex(to);
      setAt(to);
    } else if (event.key === ' ' && mayEdit) toggle(index);
    else if (event.key === 'Enter') open(lines[index]!);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent, index: number) => {
    if (mayEdit && event.shiftKey) selectRange(anchor.current, index);
    else if (mayEdit && (event.ctrlKey || event.metaKey)) toggle(index);
    else open(lines[index]!);
  };
  return (
    <div
      role="grid"
      className={`grid${narrow ? ' narrow' : ''}${mayEdit ? ' checks' : ''}`}
      aria-label={w('nav.dossiers')}
      aria-rowcount={props.rowCount + 1}
      aria-multiselectable={mayEdit}
    >
      {!narrow && <Head sort={props.sort} onSort={props.onSort} mayEdit={mayEdit} />}
      <div role="rowgroup" ref={scroller} className="grid-body">
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {inSight.map((item) => {
            const line = lines[item.index]!;
            return (
              <div
                key={line.id}
                role="row"
                className="grid-row"
                data-row={item.index}
                tabIndex={item.index === Math.min(at, lines.length - 1) ? 0 : -1}
                aria-rowindex={item.index + 2}
                aria-selected={selected.has(line.id)}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                onKeyDown={(event) => onKeyDown(event, item.index)}
                onClick={(event) => onClick(event, item.index)}
                onFocus={() => setAt(item.index)}
              >
                {mayEdit && !narrow && (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: space on the row does the same
                  <span role="gridcell" className="c-check" tabIndex={-1} onClick={(event) => event.stopPropagation()}>
                    <Checkbox
                      tabIndex={-1}
                      checked={selected.has(line.id)}
                      onChange={() => toggle(item.index)}
                      aria-label={w('line.select', { code: line.code })}
                    />
                  </span>
                )}
                {narrow ? (
                  <span role="gridcell" className="dossier-card">
                    <DossierCard line={line} />
                  </span>
                ) : (
                  <DossierCells line={line} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
