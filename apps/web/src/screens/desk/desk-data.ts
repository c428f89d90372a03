import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import { type AskedPlace, pageInHand } from './strip-items.ts';

export type Dossier = Schemas['Dossier'];
export type Desk = Schemas['Desk'];
export type Material = Schemas['Material'];
export type Page = Schemas['PageLine'];
export type Operation = Schemas['Operation'];
export type FieldValue = Schemas['FieldValue'];
export type Reading = Schemas['ReadingView'];
export type Signature = Schemas['SignatureView'];

const path = (dossierId: string) => ({ params: { path: { dossierId } } });

const AGAIN_MS = 5_000;
/** So long after the last page was read, or the desk was opened, proposals of loose pages may still come: a job of its own lays them. */
const PROPOSING_MS = 30_000;

/** When to look again: while pages wait to be read, and while proposals of those just read may still come. */
function useLookAgain(): (waits: boolean, hasLoose: boolean) => number | false {
  const waitedAtMs = useRef(Date.now());
  return (waits, hasLoose) => {
    if (waits) waitedAtMs.current = Date.now();
    return waits || (hasLoose && Date.now() - waitedAtMs.current < PROPOSING_MS) ? AGAIN_MS : false;
  };
}

/** What the header says; asked again while pages wait to be read, as {@link useDeskQuery} is. */
export function useDossier(dossierId: string) {
  const again = useLookAgain();
  return useQuery({
    queryKey: ['dossier', dossierId],
    queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}', path(dossierId))),
    refetchInterval: ({ state }) => (state.data ? again(state.data.toDo.unread > 0, state.data.toDo.loose > 0) : false),
  });
}

/**
 * Materials and pages. Asked again while pages wait to be read, so that what the machine finds appears by itself.
 * The page that will be in hand is opened as soon as it is known which: drawing three hundred others takes longer than the look.
 */
export function useDeskQuery(dossierId: string, asked: AskedPlace) {
  const queries = useQueryClient();
  const again = useLookAgain();
  return useQuery({
    queryKey: ['desk', dossierId],
    queryFn: async () => {
      const desk = await answer(api.GET('/api/v1/dossiers/{dossierId}/desk', path(dossierId)));
      const page = pageInHand(desk, asked);
      if (page && !queries.getQueryData(['desk', dossierId])) void queries.prefetchQuery(pageViewQuery(page.id, page.turned));
      return desk;
    },
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      return again(
        pages.some((page) => page.readState === 'waiting'),
        pages.some((page) => page.materialId === null),
      );
    },
  });
}

const LEAVE_MARGIN_MS = 30_000;

/** Leave to fetch the thumbnails of a dossier: one entry of the log for all of them. */
export function useThumbnails(dossierId: string) {
  return useQuery({
    queryKey: ['thumbnails', dossierId],
    queryFn: () => answer(api.POST('/api/v1/dossiers/{dossierId}/thumbnails', path(dossierId))),
    staleTime: ({ state }) => (state.data ? Math.max(0, state.data.expiresAtMs - Date.now() - LEAVE_MARGIN_MS) : 0),
    gcTime: 60_000,
  });
}

/** Leafing fast through a dossier is not looking at each page: a page is opened when the reader stays on it. */
const SETTLE_MS = 180;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Which image of a page is shown: the scan as received, or the optimised one. */
export type Image = Schemas['PageView']['shows'];

/** A look at a page: one entry of the log, and a token for its tiles and text. */
const pageViewQuery = (pageId: string | null, turned: number, image: Image = 'raw') =>
  queryOptions({
    // A page turned since, by the reader or by a person, is another picture: tiles already fetched would lie under words that stand elsewhere.
    queryKey: ['page-view', pageId, turned, image],
    enabled: pageId !== null,
    queryFn: () => answer(api.POST('/api/v1/pages/{pageId}/view', { params: { path: { pageId: pageId ?? '' }, query: { image } } })),
    staleTime: ({ state }) => (state.data ? Math.max(0, state.data.expiresAtMs - Date.now() - LEAVE_MARGIN_MS) : 0),
    gcTime: 60_000,
  });

/** What a look at a page needs to know of it. */
export type ViewedPage = Pick<Page, 'id' | 'turned' | 'readState'>;

/** Opens a page when the reader stays on it. */
export function usePageView(page: ViewedPage | null, image: Image = 'raw') {
  const pageId = page?.id ?? null;
  const turned = page?.turned ?? 0;
  const settled = useSettled(pageId);
  const view = useQuery({ ...pageViewQuery(settled, turned, image), enabled: settled !== null && settled === pageId });
  // The look may be older than the reading: what the desk says of the page now decides whether there is text to fetch.
  const isRead = page?.readState === 'read' || view.data?.hasReading === true;
  const token = settled === pageId && view.data && isRead ? view.data.viewToken : null;
  const reading = useQuery({
    queryKey: ['reading', token],
    enabled: token !== null,
    queryFn: () => answer(api.GET('/api/v1/page-views/{viewToken}/reading', { params: { path: { viewToken: token ?? '' } } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return { view: settled === pageId ? view : null, reading: token === null ? null : (reading.data ?? null) };
}

/** What was found of the signatures of the document that a page came out of; rides on the look at the page. */
export function usePageSignatures(page: ViewedPage, isSigned: boolean) {
  const { view } = usePageView(page);
  const token = isSigned ? (view?.data?.viewToken ?? null) : null;
  return useQuery({
    queryKey: ['signatures', token],
    enabled: token !== null,
    queryFn: () => answer(api.GET('/api/v1/page-views/{viewToken}/signatures', { params: { path: { viewToken: token ?? '' } } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** What to do, given the desk as it is when its turn comes. Nothing, when nothing of it can be done. */
export type Plan = (desk: Desk) => readonly (Operation | null)[];

/** Does operations on the tree. A desk changed by somebody else is read again and said so. */
export function useOperate(dossierId: string) {
  const { code } = useWords();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (plan: Plan) => {
      const desk = queries.getQueryData<Desk>(['desk', dossierId]);
      const operations = desk ? plan(desk).filter((operation): operation is Operation => operation !== null) : [];
      if (!desk || operations.length === 0) return Promise.resolve(desk);
      return answer(
        api.POST('/api/v1/dossiers/{dossierId}/operations', { ...path(dossierId), body: { baseVersion: desk.version, operations } }),
      );
    },
    // One after the other: each is planned on the desk that the one before has left, however fast the keys are pressed.
    scope: { id: `desk ${dossierId}` },
    onSuccess: (desk) => {
      if (!desk) return;
      queries.setQueryData(['desk', dossierId], desk);
      void queries.invalidateQueries({ queryKey: ['dossier', dossierId] });
      void queries.invalidateQueries({ queryKey: ['dossiers'], refetchType: 'none' });
    },
    onError: (error) => {
      void message.error(isRefusal(error) ? code(error.code, error.params) : String(error));
      if (isRefusal(error, 'dossier/changed')) void queries.invalidateQueries({ queryKey: ['desk', dossierId] });
    },
  });
}
