import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { App } from 'antd';
import { createContext, type PropsWithChildren, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';
import { type Desk, type Dossier, type Material, type Operation, type Page, useOperate } from './desk-data.ts';
import { findNextUnsure } from './next-unsure.ts';
import { findMaterialOf, listStripPages } from './strip-items.ts';

type Overlay = 'off' | 'text';
export type PanelTab = 'form' | 'text' | 'checks';

interface DeskState {
  readonly dossier: Dossier;
  readonly desk: Desk;
  readonly scheme: Schemas['Scheme'] | undefined;
  readonly mayArrange: boolean;
  readonly page: Page | null;
  readonly material: Material | null;
  readonly selected: ReadonlySet<string>;
  /** Field of the form in hand; its place is lit on the page. */
  readonly field: string | null;
  readonly overlay: Overlay;
  readonly beside: string | null;
  readonly tab: PanelTab;
  /** Boxes that a search found on the page now open. */
  readonly found: readonly (readonly number[])[];
  readonly isBusy: boolean;
  openPage(pageId: string): void;
  openMaterial(materialId: string): void;
  select(pageIds: ReadonlySet<string>): void;
  focusField(field: string | null): void;
  showOverlay(overlay: Overlay): void;
  showBeside(pageId: string | null): void;
  showTab(tab: PanelTab): void;
  operate(operations: readonly (Operation | null)[], after?: (desk: Desk) => void): void;
  undo(): void;
  nextUnsure(desk?: Desk): void;
}

const DeskContext = createContext<DeskState | null>(null);

/** The state of the desk in hand. */
export function useDesk(): DeskState {
  const value = useContext(DeskContext);
  if (!value) throw new Error('useDesk needs DeskProvider');
  return value;
}

/** Page and material of the address, or the first there is. */
function usePlace(desk: Desk) {
  const navigate = useNavigate();
  const search = useSearch({ from: '/dossiers/$dossierId' });
  const lit = useRouterState({ select: (state) => state.location.state.lit });
  const material = desk.materials.find((m) => m.id === search.material) ?? null;
  const asked = search.page ?? material?.pageIds[0] ?? (material ? null : listStripPages(desk)[0]) ?? null;
  const page = desk.pages.find((p) => p.id === asked) ?? null;
  const go = useCallback(
    (place: { page?: string; material?: string }) =>
      void navigate({
        to: '/dossiers/$dossierId',
        params: { dossierId: desk.dossierId },
        search: place,
        state: (before) => before,
        replace: true,
      }),
    [navigate, desk.dossierId],
  );
  return { page, material: page ? findMaterialOf(desk, page.id) : material, found: lit && lit.pageId === page?.id ? lit.boxes : [], go };
}

interface ProviderProps extends PropsWithChildren {
  readonly dossier: Dossier;
  readonly desk: Desk;
  readonly scheme: Schemas['Scheme'] | undefined;
}

/** Holds what is open, selected and lit, and does operations. */
export function DeskProvider({ dossier, desk, scheme, children }: ProviderProps) {
  const { w } = useWords();
  const { message } = App.useApp();
  const mayArrange = useMay()('material.change');
  const { page, material, found, go } = usePlace(desk);
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [field, focusField] = useState<string | null>(null);
  const [overlay, showOverlay] = useState<Overlay>('off');
  const [beside, showBeside] = useState<string | null>(null);
  const [tab, showTab] = useState<PanelTab>('form');
  const { mutate, isPending } = useOperate(desk.dossierId);
  const materialId = material?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a field in hand belongs to the material it stands in
  useEffect(() => focusField(null), [materialId]);
  const openPage = useCallback((pageId: string) => go({ page: pageId }), [go]);
  const openMaterial = useCallback(
    (id: string) => {
      const first = desk.materials.find((m) => m.id === id)?.pageIds[0];
      go(first ? { page: first } : { material: id });
    },
    [go, desk.materials],
  );
  const operate = useCallback<DeskState['operate']>(
    (operations, after) => {
      const real = operations.filter((operation): operation is Operation => operation !== null);
      if (!mayArrange || real.length === 0) return;
      mutate(real, { onSuccess: (next) => after?.(next) });
    },
    [mutate, mayArrange],
  );
  const undoId = desk.undo?.operationId;
  const undo = useCallback(() => {
    if (!undoId) return void message.info(w('desk.nothingToUndo'));
    operate([{ type: 'undo', operationId: undoId }], () => void message.success(w('desk.undone')));
  }, [operate, undoId, message, w]);
  const pageId = page?.id ?? null;
  const nextUnsure = useCallback(
    (fresh?: Desk) => {
      const next = findNextUnsure(fresh ?? desk, { materialId: materialId ?? null, pageId, field });
      if (!next) return void message.success(w('desk.noneUnsure'));
      if (next.pageId) go({ page: next.pageId });
      else if (next.materialId) go({ material: next.materialId });
      showTab('form');
      // After the form of the next material is there; its effect above has let go of the old field.
      setTimeout(() => focusField(next.field), 0);
    },
    [desk, materialId, pageId, field, go, message, w],
  );
  const value = useMemo<DeskState>(
    () => ({
      dossier,
      desk,
      scheme,
      mayArrange,
      page,
      material,
      selected,
      field,
      overlay,
      beside,
      tab,
      found,
      isBusy: isPending,
      openPage,
      openMaterial,
      select,
      focusField,
      showOverlay,
      showBeside,
      showTab,
      operate,
      undo,
      nextUnsure,
    }),
    [
      dossier,
      desk,
      scheme,
      mayArrange,
      page,
      material,
      selected,
      field,
      overlay,
      beside,
      tab,
      found,
      isPending,
      openPage,
      openMaterial,
      operate,
      undo,
      nextUnsure,
    ],
  );
  return <DeskContext.Provider value={value}>{children}</DeskContext.Provider>;
}
