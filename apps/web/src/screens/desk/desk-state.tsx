import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { App } from 'antd';
import { createContext, type PropsWithChildren, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';
import { type Desk, type Dossier, type Material, type Page, type Plan, useOperate } from './desk-data.ts';
import { findNextUnsure } from './next-unsure.ts';
import { findMaterialOf, pageInHand } from './strip-items.ts';

type Overlay = 'off' | 'text';
export type PanelTab = 'form' | 'text' | 'checks' | 'versions';

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
  /** The page in hand is on the screen, or there is none to wait for: what may come second may come now. */
  readonly isPageShown: boolean;
  notePageShown(): void;
  /** Opens a page; what stands at `box` is lit on it. */
  openPage(pageId: string, box?: readonly number[]): void;
  /** Opens a material, with a field of it in hand when one is named. `from`: the desk after an operation, which no screen has shown yet. */
  openMaterial(materialId: string, field?: string, from?: Desk): void;
  select(pageIds: ReadonlySet<string>): void;
  focusField(field: string | null): void;
  showOverlay(overlay: Overlay): void;
  showBeside(pageId: string | null): void;
  showTab(tab: PanelTab): void;
  operate(plan: Plan, after?: (desk: Desk) => void): void;
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
  const page = pageInHand(desk, search);
  const go = useCallback(
    (place: { page?: string; material?: string }, box?: readonly number[]) =>
      void navigate({
        to: '/dossiers/$dossierId',
        params: { dossierId: desk.dossierId },
        search: place,
        state: (before) => (box && place.page ? { ...before, lit: { pageId: place.page, boxes: [[...box]] } } : before),
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

/** Longer than this the strip does not wait for the page in hand. */
const FIRST_SIGHT_MS = 1_500;

/** Whether the first page has been painted: a browser fetches few things at a time, and fifteen thumbnails would come before the page. */
function useFirstSight(hasPage: boolean) {
  const [isShown, setShown] = useState(!hasPage);
  const note = useCallback(() => setShown(true), []);
  useEffect(() => {
    const timer = setTimeout(note, FIRST_SIGHT_MS);
    return () => clearTimeout(timer);
  }, [note]);
  return [isShown, note] as const;
}

/** Holds what is open, selected and lit, and does operations. */
export function DeskProvider({ dossier, desk, scheme, children }: ProviderProps) {
  const { w } = useWords();
  const { message } = App.useApp();
  const mayArrange = useMay()('material.change');
  const { page, material, found, go } = usePlace(desk);
  const [isPageShown, notePageShown] = useFirstSight(page !== null);
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [inHand, setInHand] = useState<{ materialId: string; field: string } | null>(null);
  const [overlay, showOverlay] = useState<Overlay>('off');
  const [beside, showBeside] = useState<string | null>(null);
  const [tab, showTab] = useState<PanelTab>('form');
  const { mutate, isPending } = useOperate(desk.dossierId);
  const materialId = material?.id ?? null;
  // A field in hand belongs to the material it stands in: with another material open, none is.
  const field = inHand !== null && inHand.materialId === materialId ? inHand.field : null;
  const focusField = useCallback(
    (code: string | null) => setInHand(code === null || materialId === null ? null : { materialId, field: code }),
    [materialId],
  );
  const openPage = useCallback((pageId: string, box?: readonly number[]) => go({ page: pageId }, box), [go]);
  const openMaterial = useCallback<DeskState['openMaterial']>(
    (id, code, from = desk) => {
      const first = from.materials.find((m) => m.id === id)?.pageIds[0];
      go(first ? { page: first } : { material: id });
      setInHand(code === undefined ? null : { materialId: id, field: code });
    },
    [go, desk],
  );
  const operate = useCallback<DeskState['operate']>(
    (plan, after) => {
      if (mayArrange) mutate(plan, { onSuccess: (next) => next && after?.(next) });
    },
    [mutate, mayArrange],
  );
  const undo = useCallback(() => {
    let taken = false;
    operate(
      ({ undo: last }) => {
        taken = last !== null;
        return last ? [{ type: 'undo', operationId: last.operationId }] : [];
      },
      () => void (taken ? message.success(w('desk.undone')) : message.info(w('desk.nothingToUndo'))),
    );
  }, [operate, message, w]);
  const pageId = page?.id ?? null;
  const nextUnsure = useCallback(
    (fresh?: Desk) => {
      const next = findNextUnsure(fresh ?? desk, { materialId, pageId, field });
      if (!next) return void message.success(w('desk.noneUnsure'));
      if (next.pageId) go({ page: next.pageId });
      else if (next.materialId) go({ material: next.materialId });
      showTab('form');
      setInHand(next.materialId && next.field ? { materialId: next.materialId, field: next.field } : null);
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
      isPageShown,
      notePageShown,
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
      isPageShown,
      notePageShown,
      openPage,
      openMaterial,
      focusField,
      operate,
      undo,
      nextUnsure,
    ],
  );
  return <DeskContext.Provider value={value}>{children}</DeskContext.Provider>;
}
