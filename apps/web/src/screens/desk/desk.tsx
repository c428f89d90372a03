import { useParams, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useScheme } from '../../api/house.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { ChipLink } from '../../parts/chip.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { ChecksPanel, ProofLine } from './checks-panel.tsx';
import { ClassTree } from './class-tree.tsx';
import { CountercheckBand } from './countercheck-band.tsx';
import { type Reading, useDeskQuery, useDossier } from './desk-data.ts';
import { DeskHeader } from './desk-header.tsx';
import { DeskProvider, type PanelTab, useDesk } from './desk-state.tsx';
import { LooseForm } from './loose-form.tsx';
import { MaskBar } from './mask-bar.tsx';
import { MaterialForm, type TakenLine } from './material-form.tsx';
import { PageDrag } from './page-drag.tsx';
import { PageStages } from './page-stage.tsx';
import { PageStrip } from './page-strip.tsx';
import { TextPanel } from './text-panel.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import './desk.css';
import './desk-side.css';
import './desk-narrow.css';
import './versions.css';

type OnLine = (line: Reading['lines'][number], index: number) => void;

/** The line last clicked: lit on the page and in the list, and taken into the field in hand, or opening its own. */
function useTakenLine(): { taken: TakenLine | null; hotLine: number | null; onLine: OnLine } {
  const { page, material, field, focusField, showTab, mayArrange } = useDesk();
  const [line, setLine] = useState<{ pageId: string; index: number; taken: TakenLine | null } | null>(null);
  const onLine: OnLine = ({ text, box }, index) => {
    if (!page) return;
    const own = material?.fields.find((value) => value.pageId === page.id && value.box && overlaps(value.box, box));
    const isFilling = mayArrange && field !== null && field !== own?.code && document.activeElement?.closest('.material-form');
    setLine({ pageId: page.id, index, taken: isFilling ? { text, place: { pageId: page.id, box } } : null });
    if (isFilling || !own) return;
    showTab('form');
    focusField(own.code);
  };
  return { taken: line?.taken ?? null, hotLine: line && line.pageId === page?.id ? line.index : null, onLine };
}

function overlaps(a: readonly number[], b: readonly number[]): boolean {
  const [ax = 0, ay = 0, aw = 0, ah = 0] = a;
  const [bx = 0, by = 0, bw = 0, bh = 0] = b;
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}

interface PanelProps {
  readonly line: ReturnType<typeof useTakenLine>;
}

/** The right-hand side: catalogue, text, checks. */
function SidePanel({ line }: PanelProps) {
  const { w } = useWords();
  const { page, material, tab, showTab, desk } = useDesk();
  const narrow = useNarrow();
  const confirm = useRef<(() => void) | null>(null);
  useShortcuts('keys.arrange', material ? [{ keys: 'enter', label: 'desk.confirm', run: () => confirm.current?.() }] : []);
  const place = material ? desk.materials.indexOf(material) + 1 : 0;
  const tabs: PanelTab[] = ['form', 'text', 'checks', 'versions'];
  return (
    <aside className="side" aria-label={w('side.label')}>
      {!narrow && (
        <Segmented<PanelTab>
          block
          value={tab}
          onChange={showTab}
          options={tabs.map((value) => ({ value, label: w(`side.${value}`) }))}
          aria-label={w('side.label')}
        />
      )}
      <div className="side-body">
        {tab === 'form' && material && (
          <>
            <h2 className="side-title">
              {material.title || w('material.untitled')} <span className="quiet">{w('material.place', { place })}</span>
            </h2>
            {material.code && <p className="quiet num">{material.code}</p>}
            {material.documentOf && (
              <p>
                <ChipLink tone="jade" to="/dossiers/$dossierId/key-facts" params={{ dossierId: desk.dossierId }}>
                  {w('keyFact.documentOf', { fact: w(`keyFact.${material.documentOf.fact}`) })}
                </ChipLink>
              </p>
            )}
          </>
        )}
        <CountercheckBand key={material?.id ?? 'none'} material={material} isShown={tab === 'form'} />
        {tab === 'form' && material && (
          <>
            <MaskBar dossierId={desk.dossierId} pageId={null} masking={desk.masking} />
            <MaterialForm key={`${material.id} ${desk.masking.hidden}`} material={material} taken={line.taken} confirmRef={confirm} />
          </>
        )}
        {tab === 'form' && !material && page && <LooseForm />}
        {tab === 'form' && !material && !page && <EmptyState title={w('page.none')}>{w('page.noneText')}</EmptyState>}
        {tab === 'text' && <TextPanel hotLine={line.hotLine} onLine={line.onLine} />}
        {tab === 'checks' && <ChecksPanel />}
        {tab === 'versions' && <VersionsPanel />}
        {page && tab !== 'text' && <ProofLine page={page} />}
      </div>
    </aside>
  );
}

type PhoneView = 'page' | 'tree' | PanelTab;
const PHONE_VIEWS: readonly PhoneView[] = ['page', 'tree', 'form', 'text', 'checks', 'versions'];

/** On a phone one part fills the screen; the strip stays below the page. */
function PhoneBody({ line }: PanelProps) {
  const { w } = useWords();
  const { tab, showTab, field } = useDesk();
  const [view, setView] = useState<'page' | 'tree' | 'side'>('page');
  // A field that comes in hand (a line of the page was touched, the next unsure place) is shown where it is filled in.
  useEffect(() => {
    if (field !== null) setView('side');
  }, [field]);
  const show = (next: PhoneView) => {
    if (next === 'page' || next === 'tree') return setView(next);
    showTab(next);
    setView('side');
  };
  return (
    <div className="phone-desk">
      <Segmented<PhoneView>
        block
        value={view === 'side' ? tab : view}
        onChange={show}
        options={PHONE_VIEWS.map((value) => ({
          value,
          label: w(value === 'page' || value === 'tree' ? `phone.${value}` : `side.${value}`),
        }))}
        aria-label={w('phone.label')}
      />
      {view === 'page' && (
        <div className="work">
          <PageStages onLine={line.onLine} hotLine={line.hotLine} />
          <PageStrip />
        </div>
      )}
      {view === 'tree' && <ClassTree />}
      {view === 'side' && <SidePanel line={line} />}
    </div>
  );
}

function DeskBody() {
  const narrow = useNarrow();
  const line = useTakenLine();
  return (
    <PageDrag>
      <div className="desk">
        <DeskHeader />
        {narrow ? (
          <PhoneBody line={line} />
        ) : (
          <div className="desk-body">
            <ClassTree />
            <div className="work">
              <PageStages onLine={line.onLine} hotLine={line.hotLine} />
              <PageStrip />
            </div>
            <SidePanel line={line} />
          </div>
        )}
      </div>
    </PageDrag>
  );
}

/** The dossier desk: tree, page, form. */
export function DeskScreen() {
  const { w } = useWords();
  const { dossierId } = useParams({ from: '/dossiers/$dossierId' });
  const may = useMay();
  const dossier = useDossier(dossierId);
  const desk = useDeskQuery(dossierId, useSearch({ from: '/dossiers/$dossierId' }));
  const scheme = useScheme(dossier.data?.schemeId);
  if (!may('dossier.read')) return <NoRightState />;
  const error = dossier.error ?? desk.error;
  const retry = () => {
    void dossier.refetch();
    void desk.refetch();
  };
  if (!dossier.data || !desk.data) return error ? <ErrorState error={error} retry={retry} /> : <LoadingState what={w('desk.opening')} />;
  return (
    <DeskProvider key={dossierId} dossier={dossier.data} desk={desk.data} scheme={scheme.data}>
      <DeskBody />
    </DeskProvider>
  );
}
