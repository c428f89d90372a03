import { useDraggable, useDroppable } from '@dnd-kit/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { useAppearance } from '../../theme/appearance.tsx';
import { useWords } from '../../words/words.tsx';
import { type Desk, useThumbnails } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { useProposing } from './loose-form.tsx';
import { assembleSelected, listStripItems, mergeWithPrevious, type StripItem, splitBefore, stepPages } from './strip-items.ts';

const PAGE_PX = 74;
const GAP_PX = 16;
type PageItem = Extract<StripItem, { kind: 'page' }>;

interface StripPageProps {
  readonly item: PageItem;
  readonly src: string | null;
  readonly widthPx: number;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  onClick(event: MouseEvent): void;
  onKeyDown(event: KeyboardEvent): void;
}

function StripPage({ item, src, widthPx, isOpen, isSelected, onClick, onKeyDown }: StripPageProps) {
  const { w } = useWords();
  const { mayArrange } = useDesk();
  const { page, material } = item;
  const drag = useDraggable({ id: page.id, disabled: !mayArrange });
  const drop = useDroppable({ id: `page:${page.id}` });
  const title = material ? material.title || w('material.untitled') : w('page.loose');
  const state = page.readState === 'waiting' ? w('page.waiting') : page.readState === 'needs_person' ? w('page.needsPerson') : '';
  return (
    <div
      ref={(node) => {
        drag.setNodeRef(node);
        drop.setNodeRef(node);
      }}
      role="option"
      tabIndex={isOpen ? 0 : -1}
      aria-selected={isSelected || isOpen}
      aria-current={isOpen ? 'page' : undefined}
      data-page={page.id}
      className={`strip-page${isOpen ? ' on' : ''}${isSelected ? ' selected' : ''}${material ? '' : ' loose'}${drag.isDragging ? ' dragging' : ''}${drop.isOver ? ' over' : ''}`}
      onClick={onClick}
      onKeyDown={onKeyDown}
      {...drag.listeners}
    >
      {item.isFirst && (
        <span className="caption" aria-hidden="true" style={{ maxWidth: item.length * widthPx - 8 }} title={title}>
          {title}
        </span>
      )}
      <span className="unseen">{w('strip.page', { title, number: item.number, total: item.length, state })}</span>
      <span className="face" aria-hidden="true">
        {src && <img src={src} alt="" loading="lazy" draggable={false} />}
        {page.readState !== 'read' && page.readState !== 'not_needed' && <span className={`reading ${page.readState}`} />}
        <em>{item.number}</em>
      </span>
    </div>
  );
}

/** Keys of arranging, for the page in hand or the pages selected. Also on the sheet. */
function useArrangeKeys() {
  const { desk, page, selected, select, operate, undo, nextUnsure, openMaterial, mayArrange } = useDesk();
  const inHand = selected.size > 0 ? [...selected] : page ? [page.id] : [];
  const none = () => select(new Set());
  const propose = useProposing();
  // A new material has no class yet: that is the next thing to say.
  const assembled = (next: Desk) => {
    none();
    const made = next.materials.find((material) => !desk.materials.some((known) => known.id === material.id));
    if (made) openMaterial(made.id, 'classCode', next);
  };
  useShortcuts('keys.arrange', [
    { keys: 'n', label: 'desk.nextUnsure', run: () => nextUnsure() },
    { keys: 'alt+n', label: 'desk.nextUnsure', run: () => nextUnsure(), inFields: true },
    ...(mayArrange
      ? ([
          { keys: 'o', label: 'desk.propose', run: propose },
          { keys: 's', label: 'desk.split', run: () => page && operate((now) => [splitBefore(now, page.id)]) },
          { keys: 'm', label: 'desk.merge', run: () => page && operate((now) => [mergeWithPrevious(now, page.id)]) },
          {
            keys: 'g',
            label: 'desk.assemble',
            run: () => operate((now) => [assembleSelected(now, selected, page?.id ?? null)], assembled),
          },
          { keys: 'alt+arrowleft', label: 'desk.pageEarlier', run: () => operate((now) => [stepPages(now, inHand, -1)]) },
          { keys: 'alt+arrowright', label: 'desk.pageLater', run: () => operate((now) => [stepPages(now, inHand, 1)]) },
          {
            keys: 'x',
            label: 'desk.loosen',
            run: () => inHand.length > 0 && operate(() => [{ type: 'movePages', pageIds: inHand, toMaterialId: null }], none),
          },
          { keys: 'u', label: 'desk.undo', run: undo },
          { keys: 'mod+z', label: 'desk.undo', run: undo },
        ] as const)
      : []),
    { keys: 'arrowright', label: 'strip.next', run: () => undefined, shownOnly: true },
    { keys: 'shift+arrowright', label: 'strip.selectMore', run: () => undefined, shownOnly: true },
    { keys: ' ', label: 'strip.select', run: () => undefined, shownOnly: true },
  ]);
}

/** Moves of the open page along the strip by key. */
function stepOf(key: string, at: number, last: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: last,
    PageDown: at + 8,
    PageUp: at - 8,
  };
  const to = steps[key];
  return to === undefined ? null : Math.max(0, Math.min(last, to));
}

/** All pages in catalogue order, a gap between materials. Only what is in sight exists. */
export function PageStrip() {
  const { w } = useWords();
  const { desk, page, selected, select, openPage, isPageShown } = useDesk();
  const { typeSize } = useAppearance();
  const scale = typeSize === 'large' ? 1.15 : 1;
  const items = useMemo(() => listStripItems(desk), [desk]);
  const pages = useMemo(() => items.filter((item): item is PageItem => item.kind === 'page'), [items]);
  const leave = useThumbnails(desk.dossierId).data;
  const scroller = useRef<HTMLDivElement>(null);
  const isMoving = useRef(false);
  const widthOf = (item: StripItem | undefined) => (item?.kind === 'gap' ? GAP_PX : PAGE_PX * scale);
  const strip = useVirtualizer({
    horizontal: true,
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => widthOf(items[i]),
    overscan: 6,
    paddingStart: 14,
    paddingEnd: 14,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: widths change with the items and the type size
  useEffect(() => strip.measure(), [items, scale]);
  useArrangeKeys();
  const at = pages.findIndex((item) => item.page.id === page?.id);
  const openId = page?.id;
  useEffect(() => {
    const index = items.findIndex((item) => item.kind === 'page' && item.page.id === openId);
    if (index >= 0) strip.scrollToIndex(index, { align: 'auto' });
    if (!isMoving.current) return;
    isMoving.current = false;
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-page="${openId}"]`)?.focus());
  }, [openId, items, strip]);
  const range = (from: number, to: number) => pages.slice(Math.min(from, to), Math.max(from, to) + 1).map((item) => item.page.id);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  const onKeyDown = (event: KeyboardEvent, id: string) => {
    const to = event.altKey || event.ctrlKey ? null : stepOf(event.key, at, pages.length - 1);
    if (to !== null) {
      isMoving.current = true;
      if (event.shiftKey) select(new Set([...selected, ...range(at, to)]));
      openPage(pages[to]!.page.id);
    } else if (event.key === ' ') toggle(id);
    else if (event.key === 'Escape') select(new Set());
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent, id: string, index: number) => {
    if (event.shiftKey) return select(new Set([...selected, ...range(at, index)]));
    if (event.ctrlKey || event.metaKey) return toggle(id);
    if (!selected.has(id)) select(new Set());
    openPage(id);
  };
  if (pages.length === 0) return null;
  return (
    <div className="strip" ref={scroller}>
      <div
        role="listbox"
        aria-label={w('strip.label')}
        aria-orientation="horizontal"
        aria-multiselectable
        className="strip-run"
        style={{ width: strip.getTotalSize() }}
      >
        {strip.getVirtualItems().map((slot) => {
          const item = items[slot.index]!;
          const place = { transform: `translateX(${slot.start}px)`, width: slot.size };
          if (item.kind === 'gap') return <span key={slot.key} role="presentation" className="strip-gap" style={place} />;
          const { id, turned } = item.page;
          return (
            <div key={id} role="presentation" className="strip-slot" style={place}>
              <StripPage
                item={item}
                src={leave && isPageShown ? `${leave.base}/${id}.jpg?turned=${turned}` : null}
                widthPx={PAGE_PX * scale}
                isOpen={id === page?.id}
                isSelected={selected.has(id)}
                onClick={(event) => onClick(event, id, pages.indexOf(item))}
                onKeyDown={(event) => onKeyDown(event, id)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
