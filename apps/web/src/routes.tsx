import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';
import { DOSSIER_STATES, JOB_STATES, POLICY_TABS, STANDARD_TABS, TO_DOS } from './filters.ts';
import { ErrorState, LoadingState } from './parts/states.tsx';
import { NotFound } from './screens/not-found.tsx';
import { Shell } from './shell/shell.tsx';

/*
 * INVARIANT: an address holds ids, codes, states and dates only. Names, numbers and what was searched for never stand in it: it goes into
 * histories, bookmarks and the logs of proxies.
 */

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const idOf = (value: unknown): string | undefined => (typeof value === 'string' && ID.test(value) ? value : undefined);
const oneOf = <T extends string>(value: unknown, list: readonly T[]): T | undefined => list.find((item) => item === value);
const codeOf = (value: unknown): string | undefined => (typeof value === 'string' && /^[\w.·-]{1,80}$/u.test(value) ? value : undefined);
const yearOf = (value: unknown): number | undefined =>
  Number.isInteger(Number(value)) && Number(value) >= 1800 && Number(value) <= 2999 ? Number(value) : undefined;

/** A place on a page: `x,y,width,height` in pixels. */
const boxOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{1,6}(,\d{1,6}){3}$/.test(value) ? value : undefined;
const versionOf = (value: unknown): number | undefined => (/^\d{1,6}$/.test(String(value)) ? Number(value) : undefined);

/** Leaves out what is not said, so that addresses stay short. */
function said<T extends Record<string, unknown>>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export const SORTS = ['-changed', 'changed', 'code', '-code', 'state', 'birthYear', '-birthYear', 'name'] as const;

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview/overview.tsx'), 'OverviewScreen'),
});
const dossiers = createRoute({
  getParentRoute: () => root,
  path: '/dossiers',
  validateSearch: (search: Record<string, unknown>) =>
    said({
      state: oneOf(search.state, DOSSIER_STATES),
      toDo: oneOf(search.toDo, TO_DOS),
      unitId: idOf(search.unitId),
      schemeId: codeOf(search.schemeId),
      copySet: oneOf(search.copySet, ['original', 'duplicate'] as const),
      code: codeOf(search.code),
      birthYearFrom: yearOf(search.birthYearFrom),
      birthYearTo: yearOf(search.birthYearTo),
      sort: oneOf(search.sort, SORTS),
      view: idOf(search.view),
    }),
  component: lazyRouteComponent(() => import('./screens/dossiers/dossiers.tsx'), 'DossiersScreen'),
});
const desk = createRoute({
  getParentRoute: () => root,
  path: '/dossiers/$dossierId',
  validateSearch: (search: Record<string, unknown>) => said({ page: idOf(search.page), material: idOf(search.material) }),
  component: lazyRouteComponent(() => import('./screens/desk/desk.tsx'), 'DeskScreen'),
});
const keyFacts = createRoute({
  getParentRoute: () => root,
  path: '/dossiers/$dossierId/key-facts',
  component: lazyRouteComponent(() => import('./screens/key-facts/key-facts.tsx'), 'KeyFactsScreen'),
});
const properties = createRoute({
  getParentRoute: () => root,
  path: '/dossiers/$dossierId/properties',
  component: lazyRouteComponent(() => import('./screens/properties/properties.tsx'), 'PropertiesScreen'),
});
const compare = createRoute({
  getParentRoute: () => root,
  path: '/dossiers/$dossierId/compare',
  validateSearch: (search: Record<string, unknown>) =>
    said({ left: idOf(search.left), leftBox: boxOf(search.leftBox), right: idOf(search.right), rightBox: boxOf(search.rightBox) }),
  component: lazyRouteComponent(() => import('./screens/compare/compare.tsx'), 'CompareScreen'),
});
const capture = createRoute({
  getParentRoute: () => root,
  path: '/capture',
  validateSearch: (search: Record<string, unknown>) => said({ dossierId: idOf(search.dossierId) }),
  component: lazyRouteComponent(() => import('./screens/capture/capture.tsx'), 'CaptureScreen'),
});
const importing = createRoute({
  getParentRoute: () => root,
  path: '/capture/$importId',
  component: lazyRouteComponent(() => import('./screens/capture/import.tsx'), 'ImportScreen'),
});
const review = createRoute({
  getParentRoute: () => root,
  path: '/review',
  validateSearch: (search: Record<string, unknown>) => said({ as: oneOf(search.as, ['second', 'first'] as const) }),
  component: lazyRouteComponent(() => import('./screens/review/review.tsx'), 'ReviewScreen'),
});
const stations = createRoute({
  getParentRoute: () => root,
  path: '/stations',
  component: lazyRouteComponent(() => import('./screens/stations/stations.tsx'), 'StationsScreen'),
});
const batch = createRoute({
  getParentRoute: () => root,
  path: '/stations/$batchId',
  component: lazyRouteComponent(() => import('./screens/stations/batch.tsx'), 'BatchScreen'),
});
const inspection = createRoute({
  getParentRoute: () => root,
  path: '/inspections/$claimId',
  component: lazyRouteComponent(() => import('./screens/stations/inspection.tsx'), 'InspectionScreen'),
});
const boxes = createRoute({
  getParentRoute: () => root,
  path: '/boxes',
  component: lazyRouteComponent(() => import('./screens/boxes/boxes.tsx'), 'BoxesScreen'),
});
const box = createRoute({
  getParentRoute: () => root,
  path: '/boxes/$boxId',
  component: lazyRouteComponent(() => import('./screens/boxes/box.tsx'), 'BoxScreen'),
});
const codes = createRoute({
  getParentRoute: () => root,
  path: '/codes',
  component: lazyRouteComponent(() => import('./screens/codes/codes.tsx'), 'CodesScreen'),
});
const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: lazyRouteComponent(() => import('./screens/search/search.tsx'), 'SearchScreen'),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>) => said({ state: oneOf(search.state, JOB_STATES), dossierId: idOf(search.dossierId) }),
  component: lazyRouteComponent(() => import('./screens/jobs/jobs.tsx'), 'JobsScreen'),
});
const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  validateSearch: (search: Record<string, unknown>) => said({ dossierId: idOf(search.dossierId), kind: codeOf(search.kind) }),
  component: lazyRouteComponent(() => import('./screens/log/log.tsx'), 'LogScreen'),
});
const entry = createRoute({
  getParentRoute: () => root,
  path: '/log/$entryId',
  component: lazyRouteComponent(() => import('./screens/log/entry.tsx'), 'EntryScreen'),
});
const anchors = createRoute({
  getParentRoute: () => root,
  path: '/anchors',
  component: lazyRouteComponent(() => import('./screens/anchors/anchors.tsx'), 'AnchorsScreen'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./screens/account/account.tsx'), 'AccountScreen'),
});

const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./screens/accounts/accounts.tsx'), 'AccountsScreen'),
});

const personal = createRoute({
  getParentRoute: () => root,
  path: '/personal',
  component: lazyRouteComponent(() => import('./screens/personal/personal.tsx'), 'PersonalScreen'),
});

const organisations = createRoute({
  getParentRoute: () => root,
  path: '/organisations',
  validateSearch: (search: Record<string, unknown>) => said({ unitId: idOf(search.unitId) }),
  component: lazyRouteComponent(() => import('./screens/organisations/organisations.tsx'), 'OrganisationsScreen'),
});
const policy = createRoute({
  getParentRoute: () => root,
  path: '/policy',
  validateSearch: (search: Record<string, unknown>) =>
    said({ tab: oneOf(search.tab, POLICY_TABS), version: versionOf(search.version), dossierId: idOf(search.dossierId) }),
  component: lazyRouteComponent(() => import('./screens/policy/policy.tsx'), 'PolicyScreen'),
});
const standards = createRoute({
  getParentRoute: () => root,
  path: '/standards',
  validateSearch: (search: Record<string, unknown>) =>
    said({ standard: codeOf(search.standard), tab: oneOf(search.tab, STANDARD_TABS), version: versionOf(search.version) }),
  component: lazyRouteComponent(() => import('./screens/standards/standards.tsx'), 'StandardsScreen'),
});
const consultations = createRoute({
  getParentRoute: () => root,
  path: '/consultations',
  validateSearch: (search: Record<string, unknown>) =>
    said({ dossierId: idOf(search.dossierId), tab: oneOf(search.tab, ['kinship'] as const) }),
  component: lazyRouteComponent(() => import('./screens/consultations/consultations.tsx'), 'ConsultationsScreen'),
});

const SCREENS = [
  overview,
  dossiers,
  desk,
  keyFacts,
  properties,
  compare,
  capture,
  importing,
  review,
  stations,
  batch,
  inspection,
  boxes,
  box,
  codes,
  search,
  jobs,
  log,
  entry,
  anchors,
  account,
  accounts,
  organisations,
  policy,
  standards,
  consultations,
  personal,
] as const;
const tree = root.addChildren([...SCREENS]);

/** Fetches the code of all screens, so that they open at once, and open at all when the server cannot be reached. */
export function fetchScreens(): void {
  for (const { options } of SCREENS) void (options.component as RouteComponent).preload?.();
}

/** A screen that broke, or whose code could not be fetched. */
function ScreenFailed({ error }: { error: unknown }) {
  return <ErrorState error={error} retry={() => window.location.reload()} />;
}

/** The addresses of the page. */
export function createRoutes() {
  return createRouter({
    routeTree: tree,
    defaultPendingComponent: LoadingState,
    defaultErrorComponent: ScreenFailed,
    defaultPendingMs: 150,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createRoutes>;
  }
  interface HistoryState {
    /** Boxes to light on the page that is opened: [x, y, width, height] of the upright page. Kept out of the address. */
    lit?: { pageId: string; boxes: number[][] };
  }
}
