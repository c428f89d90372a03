import { LeftOutlined } from '@ant-design/icons';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { type Assertion, useAuditForm, useKeyFacts } from '../../api/key-facts.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { useDossier } from '../desk/desk-data.ts';
import '../account/account.css';
import '../desk/desk.css';
import type { LitBox } from '../desk/page-overlay.tsx';
import { Stage } from '../desk/page-stage.tsx';
import { type Chosen, findAssertion, firstChosen, stepChosen } from './chosen.ts';
import { FactDetail } from './fact-detail.tsx';
import { FactList } from './fact-list.tsx';
import { FactTable } from './fact-table.tsx';
import './key-facts.css';

/** Where a value stands, and on the same page what is hinted at and not yet seen to be without concern. */
function litOf(assertion: Assertion): readonly LitBox[] {
  const hints = assertion.hints.filter((h) => h.pageId === assertion.pageId && h.state !== 'no_concern');
  return [
    ...(assertion.box ? [{ box: assertion.box, kind: 'hot' as const }] : []),
    ...hints.flatMap((h) => (h.box ? [{ box: h.box, kind: 'found' as const }] : [])),
  ];
}

/** The page of what is chosen, with its place lit. */
function ChosenPage({ facts, chosen }: { facts: NonNullable<ReturnType<typeof useKeyFacts>['data']>; chosen: Chosen | null }) {
  const { w } = useWords();
  const assertion = findAssertion(facts, chosen);
  if (!assertion?.pageId)
    return (
      <section className="stage bare">
        <EmptyState title={w('keyFact.noPage')}>{w('keyFact.noPageText')}</EmptyState>
      </section>
    );
  return (
    <Stage
      key={assertion.pageId}
      page={{ id: assertion.pageId, turned: 0, readState: 'not_needed' }}
      label={w('keyFact.page')}
      lit={litOf(assertion)}
      withText={false}
      hotLine={null}
      onLine={() => undefined}
    />
  );
}

/** Saves 任前审核登记表 filled from what is shown. */
function AuditFormButton({ dossierId, code }: { dossierId: string; code: string }) {
  const { w } = useWords();
  const onError = useSayRefusal();
  const form = useAuditForm(dossierId);
  return (
    <>
      {(['pdf', 'xlsx'] as const).map((format) => (
        <Button key={format} loading={form.isPending} onClick={() => form.mutate({ code, format }, { onError })}>
          {w(format === 'pdf' ? 'keyFact.auditForm' : 'keyFact.auditFormXlsx')}
        </Button>
      ))}
    </>
  );
}

/** What the materials of a dossier say of each key fact (三龄两历一身份), beside the page that says it. */
export function KeyFactsScreen() {
  const { w } = useWords();
  const { dossierId } = useParams({ from: '/dossiers/$dossierId/key-facts' });
  const may = useMay();
  const narrow = useNarrow();
  const dossier = useDossier(dossierId);
  const { data, error, refetch } = useKeyFacts(dossierId);
  const [picked, setChosen] = useState<Chosen | null>(null);
  const chosen = picked ?? (data ? firstChosen(data) : null);
  const step = (by: 1 | -1, isConflict: boolean) => data && setChosen(stepChosen(data, chosen, by, isConflict));
  useShortcuts('keys.keyFacts', [
    { keys: 'j', label: 'keyFact.next', run: () => step(1, false) },
    { keys: 'k', label: 'keyFact.previous', run: () => step(-1, false) },
    { keys: 'n', label: 'keyFact.nextConflict', run: () => step(1, true) },
  ]);
  if (!may('dossier.read')) return <NoRightState />;
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <LoadingState what={w('keyFact.opening')} />;
  const fact = data.facts.find((f) => f.code === chosen?.fact) ?? data.facts[0];
  return (
    <div className="key-facts">
      <header className="key-facts-head">
        <Link to="/dossiers/$dossierId" params={{ dossierId }} className="back" aria-label={w('keyFact.back')}>
          <LeftOutlined aria-hidden />
        </Link>
        <h1>
          {dossier.data && <span className="song">{dossier.data.name} </span>}
          {w('keyFact.title')}
        </h1>
        {dossier.data && <span className="quiet num stretch">{dossier.data.code}</span>}
        {dossier.data && may('catalogue.export') && <AuditFormButton dossierId={dossierId} code={dossier.data.code} />}
      </header>
      <div className="key-facts-body">
        <div className="key-facts-side">
          {data.materials.length === 0 && <EmptyState title={w('keyFact.none')}>{w('keyFact.noneText')}</EmptyState>}
          {data.materials.length > 0 &&
            (narrow ? (
              <FactList facts={data} chosen={chosen} choose={setChosen} />
            ) : (
              <FactTable facts={data} chosen={chosen} choose={setChosen} />
            ))}
          {narrow && chosen?.materialId && <ChosenPage facts={data} chosen={chosen} />}
          {fact && <FactDetail key={fact.code} facts={data} fact={fact} chosen={chosen} choose={setChosen} />}
        </div>
        {!narrow && <ChosenPage facts={data} chosen={chosen} />}
      </div>
    </div>
  );
}
