import { useNavigate } from '@tanstack/react-router';
import type { MenuProps } from 'antd';
import { useSavePack } from '../../api/packs.ts';
import { useDescription } from '../../api/properties.ts';
import { useMay } from '../../api/session.ts';
import { useNarrow } from '../../parts/narrow.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { useNextReview } from '../review/next-review.ts';
import { useConfirmSure } from './confirm-sure.ts';
import { useDesk } from './desk-state.tsx';
import { type SheetAsked, useSaveSheet } from './export-acts.ts';

/** Dialogs that open over the desk. */
export type DeskForm = 'record' | 'facts' | 'why' | 'kinship' | 'print' | 'copy' | 'copyOut' | 'quality' | 'count' | 'scan';

/** One thing that can be done with a dossier. */
interface DeskAct {
  readonly key: string;
  readonly label: string;
  readonly run?: () => void;
  readonly isOff?: boolean;
  readonly children?: readonly DeskAct[];
}

/** Sheets beside the catalogue, and as what. */
const SIDE_SHEETS = ['remarks-pdf', 'remarks-xlsx', 'chase-pdf', 'chase-xlsx'] as const;

const when = (may: boolean, ...acts: DeskAct[]): DeskAct[] => (may ? acts : []);

/** The menu of the desk, and those of its acts that have a key. */
export interface DeskMenu {
  readonly menu: MenuProps;
  /** Something that was asked for is being made. */
  readonly isWorking: boolean;
  nextReview(): void;
  confirmSure(): void;
}

/** What the menu of the desk holds: working on it, judging it, taking something out of it, and who has to do with it. */
export function useDeskMenu(open: (form: DeskForm) => void, add: () => void): DeskMenu {
  const { w } = useWords();
  const may = useMay();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const { dossier, desk, page, undo, mayArrange } = useDesk();
  const sheet = useSaveSheet(dossier);
  const pack = useSavePack();
  const description = useDescription();
  const sayRefusal = useSayRefusal();
  const goToReview = useNextReview(dossier.id);
  const nextReview = () => void goToReview();
  const { sure, confirmSure } = useConfirmSure();
  const isPerson = dossier.subjectKind === 'person';
  const params = { dossierId: dossier.id };
  const form = (key: DeskForm, label: string): DeskAct => ({ key, label, run: () => open(key) });
  const side = (key: (typeof SIDE_SHEETS)[number]): DeskAct => {
    const [what, format] = key.split('-') as [SheetAsked['sheet'], SheetAsked['format']];
    return { key, label: w(`sheet.${key}`), run: () => sheet.mutate({ sheet: what, format }) };
  };
  const catalogue = (format: SheetAsked['format']) => () => sheet.mutate({ sheet: 'catalogue', format });

  const working = [
    ...when(narrow && may('page.import'), { key: 'add', label: w('desk.addPages'), run: add }),
    ...when(may('page.import'), form('scan', w('scan.title'))),
    ...when(narrow && mayArrange, { key: 'undo', label: w('desk.undo'), isOff: !desk.undo, run: undo }),
    ...when(mayArrange && sure.length > 0, { key: 'sure', label: w('desk.confirmSure', { count: sure.length }), run: confirmSure }),
    ...when(
      mayArrange,
      { key: 'review', label: w('review.next'), run: nextReview },
      form('record', w('record.title')),
      form('facts', w('facts.title')),
    ),
  ];
  const judging = [
    form('count', w('count.title')),
    form('quality', w('quality.title')),
    ...when(isPerson, {
      key: 'keyFacts',
      label: w('keyFact.title'),
      run: () => void navigate({ to: '/dossiers/$dossierId/key-facts', params }),
    }),
    { key: 'properties', label: w('four.title'), run: () => void navigate({ to: '/dossiers/$dossierId/properties', params }) },
    ...when(may('page.view'), {
      key: 'compare',
      label: w('compare.title'),
      run: () => void navigate({ to: '/dossiers/$dossierId/compare', params, search: page ? { left: page.id } : {} }),
    }),
  ];
  const taking = [
    ...when(may('page.print'), form('print', w('take.print'))),
    ...when(may('page.copy'), form('copy', w('take.copy')), form('copyOut', w('copyOut.title'))),
    ...when(
      may('catalogue.export'),
      { key: 'xlsx', label: w('sheet.xlsx'), run: catalogue('xlsx') },
      { key: 'pdf', label: w('sheet.pdf'), run: catalogue('pdf') },
      { key: 'sides', label: w('sheet.sides'), children: SIDE_SHEETS.map(side) },
      { key: 'description', label: w('four.description'), run: () => description.mutate(dossier, { onError: sayRefusal }) },
    ),
    ...when(may('dossier.export'), {
      key: 'pack',
      label: w('pack.dossier'),
      run: () => pack.mutate({ selection: { kind: 'dossier', dossierId: dossier.id }, withContents: true, name: dossier.code }),
    }),
  ];
  const others = [
    { key: 'log', label: w('desk.log'), run: () => void navigate({ to: '/log', search: { dossierId: dossier.id } }) },
    ...when(may('grant.ask'), {
      key: 'consult',
      label: w('desk.consult'),
      run: () => void navigate({ to: '/consultations', search: { dossierId: dossier.id } }),
    }),
    form('why', w('desk.why')),
    ...when(isPerson, form('kinship', w('desk.kinship'))),
  ];
  return { menu: menuOf([working, judging, taking, others]), isWorking: sheet.isPending || pack.isPending, nextReview, confirmSure };
}

/** Groups with a line between them. */
function menuOf(groups: readonly (readonly DeskAct[])[]): MenuProps {
  const shown = groups.filter((group) => group.length > 0);
  const itemOf = ({ key, label, isOff = false, children }: DeskAct) => ({
    key,
    label,
    disabled: isOff,
    ...(children ? { children: children.map((child) => ({ key: child.key, label: child.label })) } : {}),
  });
  const acts = new Map(shown.flat().flatMap((act) => [act, ...(act.children ?? [])].map((one) => [one.key, one.run] as const)));
  return {
    items: shown.flatMap((group, i) => [...(i ? [{ type: 'divider' as const }] : []), ...group.map(itemOf)]),
    onClick: ({ key }) => acts.get(key)?.(),
  };
}
