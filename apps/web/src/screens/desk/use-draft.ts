import { useEffect, useRef, useState } from 'react';
import type { Desk, Material, Operation } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { type Draft, draftOf, editOf, type FieldPlace } from './draft.ts';

/** The form's draft of a material: kept while typed in, saved when the focus leaves, taken anew when the material changes elsewhere. */
export function useDraft(material: Material) {
  const { operate, mayArrange } = useDesk();
  const [draft, setDraft] = useState(() => draftOf(material));
  const places = useRef(new Map<string, FieldPlace>());
  const sent = useRef<Draft | null>(null);
  const now = useRef(draft);
  now.current = draft;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version of the material, and nothing else, replaces what was typed
  useEffect(() => {
    if (sent.current !== null && sent.current !== now.current) return;
    sent.current = null;
    places.current.clear();
    setDraft(draftOf(material));
  }, [material.version]);
  const edit = mayArrange ? editOf(material, draft, places.current) : null;
  const save = (more: readonly Operation[] = [], after?: (desk: Desk) => void) => {
    if (!edit && more.length === 0) return;
    sent.current = now.current;
    operate(() => [...(edit ? [{ type: 'edit' as const, materialId: material.id, edit }] : []), ...more], after);
  };
  return {
    draft,
    change: (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next })),
    places: places.current,
    isChanged: edit !== null,
    save,
  };
}

/** The draft of the material in hand. */
export type DraftInHand = ReturnType<typeof useDraft>;
