import { DndContext, type DragEndEvent, DragOverlay, MouseSensor, pointerWithin, useSensor, useSensors } from '@dnd-kit/core';
import { type PropsWithChildren, useState } from 'react';
import { useWords } from '../../words/words.tsx';
import { useThumbnails } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { listStripPages, placeBeside } from './strip-items.ts';

/** Which half of the page below the pointer it was let go over. */
function sideOf({ over, active }: DragEndEvent): 'before' | 'after' {
  const from = active.rect.current.translated;
  if (!over || !from) return 'before';
  return from.left + from.width / 2 < over.rect.left + over.rect.width / 2 ? 'before' : 'after';
}

/**
 * Dragging pages, one or all that are selected: beside another page, onto a material or a class of the tree, or out. The same is done by keys
 * (`Alt` with arrows, `G`, `X`), so dragging is by mouse only and a finger on the strip scrolls it.
 */
export function PageDrag({ children }: PropsWithChildren) {
  const { w } = useWords();
  const { desk, selected, select, operate } = useDesk();
  const [held, setHeld] = useState<string[]>([]);
  const leave = useThumbnails(desk.dossierId).data;
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 6 } }));
  const drop = (event: DragEndEvent) => {
    setHeld([]);
    const [kind, target] = String(event.over?.id ?? '').split(/:(.*)/s);
    if (!kind || !target) return;
    const pageIds = held;
    const side = sideOf(event);
    const none = () => select(new Set());
    if (kind === 'page') operate((now) => [placeBeside(now, pageIds, target, side)], none);
    if (kind === 'material') operate(() => [{ type: 'movePages', pageIds, toMaterialId: target }], none);
    if (kind === 'loose') operate(() => [{ type: 'movePages', pageIds, toMaterialId: null }], none);
    if (kind === 'class') operate(() => [{ type: 'assemble', pageIds, edit: { classCode: target } }], none);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={({ active }) => {
        const id = String(active.id);
        setHeld(selected.has(id) ? listStripPages(desk).filter((pageId) => selected.has(pageId)) : [id]);
      }}
      onDragCancel={() => setHeld([])}
      onDragEnd={drop}
      accessibility={{ screenReaderInstructions: { draggable: w('strip.dragHelp') } }}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {held.length > 0 && (
          <div className="dragged">
            {leave && <img src={`${leave.base}/${held[0]}.jpg`} alt="" />}
            {held.length > 1 && <b>{held.length}</b>}
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}
