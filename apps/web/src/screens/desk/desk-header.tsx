import { DownOutlined, LeftOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useSavePack } from '../../api/packs.ts';
import { useDescription } from '../../api/properties.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { Chip, ChipLink } from '../../parts/chip.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { PhoneLinkButton } from '../capture/phone-link.tsx';
import { boxNumber, sayPlace } from '../boxes/box-words.ts';
import { ScanDialog } from '../capture/scan-dialog.tsx';
import { KinshipDialog } from '../consultations/kinship-form.tsx';
import { StateChip } from '../dossiers/dossier-cells.tsx';
import { WhyDialog } from '../policy/why-form.tsx';
import { useNextReview } from '../review/next-review.ts';
import { useConfirmSure } from './confirm-sure.ts';
import { CopyDialog } from './copy-dialog.tsx';
import { CountDialog } from './count-dialog.tsx';
import { useDesk } from './desk-state.tsx';
import { type SheetAsked, useSaveSheet } from './export-acts.ts';
import { FactsForm } from './facts-form.tsx';
import { listUnsure } from './next-unsure.ts';
import { QualityDialog } from './quality-dialog.tsx';
import { RecordForm } from './record-form.tsx';
import { TakeDialog } from './take-dialog.tsx';
import { countChecks, findNextToCountercheck } from './to-countercheck.ts';

/** A material that the scheme asks for and the dossier has not. */
const isMissing = (finding: { code: string; severity: string }) => finding.severity === 'error' && finding.code.startsWith('completeness/');

/** What waits or is wrong in the dossier; each chip opens what it counts. */
function Chips() {
  const { w } = useWords();
  const { dossier, desk, nextUnsure, openPage, showTab } = useDesk();
  const unsure = listUnsure(desk).filter((place) => place.materialId !== null).length;
  const loose = desk.pages.filter((page) => page.materialId === null);
  const missing = dossier.findings.filter(isMissing).length;
  const errors = dossier.findings.filter((finding) => finding.severity === 'error' && !isMissing(finding)).length;
  const warnings = dossier.findings.filter((finding) => finding.severity === 'warning').length;
  const { needsPerson, unread } = dossier.toDo;
  return (
    <>
      <StateChip state={dossier.state} />
      {missing > 0 && (
        <button type="button" className="chip cinnabar" onClick={() => showTab('checks')}>
          {w('desk.missing', { count: missing })}
        </button>
      )}
      {errors > 0 && (
        <button type="button" className="chip cinnabar" onClick={() => showTab('checks')}>
          {w('desk.errors', { count: errors })}
        </button>
      )}
      {warnings > 0 && (
        <button type="button" className="chip amber" onClick={() => showTab('checks')}>
          {w('desk.warnings', { count: warnings })}
        </button>
      )}
      {unsure > 0 && (
        <button type="button" className="chip amber" onClick={() => nextUnsure()}>
          {w('desk.unsure', { count: unsure })}
        </button>
      )}
      <CheckChips />
      {loose[0] && (
        <button type="button" className="chip amber" onClick={() => openPage(loose[0]!.id)}>
          {w('line.loose', { count: loose.length })}
        </button>
      )}
      {needsPerson > 0 && (
        <ChipLink tone="cinnabar" to="/jobs" search={{ state: 'needs_person', dossierId: dossier.id }}>
          {w('line.needsPerson', { count: needsPerson })}
        </ChipLink>
      )}
      {unread > 0 && (
        <ChipLink to="/jobs" search={{ dossierId: dossier.id }}>
          {w('line.unread', { count: unread })}
        </ChipLink>
      )}
      {dossier.tags.map((tag) => (
        <Chip key={tag}>{tag}</Chip>
      ))}
    </>
  );
}

/** Where the materials stand between their two persons; none where two are not asked for. */
function CheckChips() {
  const { w } = useWords();
  const { desk, material, openMaterial, showTab } = useDesk();
  if (!desk.countercheck) return null;
  const { mine, others, returned } = countChecks(desk);
  const open = (materialId: string | undefined) => {
    showTab('form');
    if (materialId) openMaterial(materialId);
  };
  return (
    <>
      {mine > 0 && (
        <button type="button" className="chip amber" onClick={() => open(findNextToCountercheck(desk, material?.id ?? null)?.id)}>
          {w('check.chip', { count: mine })}
        </button>
      )}
      {others > 0 && <Chip>{w('check.chipOthers', { count: others })}</Chip>}
      {returned > 0 && (
        <button
          type="button"
          className="chip cinnabar"
          onClick={() => open(desk.materials.find((m) => m.countercheck?.state === 'returned')?.id)}
        >
          {w('check.chipReturned', { count: returned })}
        </button>
      )}
    </>
  );
}

/** Sheets beside the catalogue, and as what. */
const SIDE_SHEETS = ['remarks-pdf', 'remarks-xlsx', 'chase-pdf', 'chase-xlsx'] as const;

/** On a phone all acts are in one menu. */
function Acts() {
  const { w } = useWords();
  const may = useMay();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const { dossier, desk, page, undo, mayArrange, isBusy } = useDesk();
  const [form, setForm] = useState<
    'record' | 'facts' | 'why' | 'kinship' | 'print' | 'copy' | 'copyOut' | 'quality' | 'count' | 'scan' | null
  >(null);
  const sheet = useSaveSheet(dossier);
  const pack = useSavePack();
  const description = useDescription();
  const sayRefusal = useSayRefusal();
  const nextReview = useNextReview(dossier.id);
  const { sure, confirmSure } = useConfirmSure();
  const mayTake = { print: may('page.print'), copy: may('page.copy') };
  useShortcuts('keys.desk', [
    ...(mayArrange
      ? [
          { keys: 'a', label: 'record.title', run: () => setForm('record') } as const,
          { keys: 'q', label: 'review.next', run: () => void nextReview() } as const,
          { keys: 'e', label: 'desk.confirmSureShort', run: confirmSure } as const,
        ]
      : []),
    ...(mayTake.print ? [{ keys: 'p', label: 'take.print', run: () => setForm('print') } as const] : []),
    ...(mayTake.copy ? [{ keys: 'c', label: 'take.copy', run: () => setForm('copy') } as const] : []),
  ]);
  const add = () => void navigate({ to: '/capture', search: { dossierId: dossier.id } });
  const items = [
    ...(may('page.import') ? [{ key: 'scan', label: w('scan.title') }] : []),
    ...(narrow && may('page.import') ? [{ key: 'add', label: w('desk.addPages') }] : []),
    ...(narrow && mayArrange ? [{ key: 'undo', label: w('desk.undo'), disabled: !desk.undo }] : []),
    ...(mayTake.print ? [{ key: 'print', label: w('take.print') }] : []),
    ...(mayTake.copy
      ? [
          { key: 'copy', label: w('take.copy') },
          { key: 'copyOut', label: w('copyOut.title') },
        ]
      : []),
    ...(may('catalogue.export')
      ? [
          { key: 'xlsx', label: w('sheet.xlsx') },
          { key: 'pdf', label: w('sheet.pdf') },
          { key: 'sides', label: w('sheet.sides'), children: SIDE_SHEETS.map((key) => ({ key, label: w(`sheet.${key}`) })) },
        ]
      : []),
    ...(mayArrange
      ? [
          ...(sure.length ? [{ key: 'confirmSure', label: w('desk.confirmSure', { count: sure.length }) }] : []),
          { key: 'review', label: w('review.next') },
          { key: 'record', label: w('record.title') },
          { key: 'facts', label: w('facts.title') },
        ]
      : []),
    ...(may('dossier.export') ? [{ key: 'pack', label: w('pack.dossier') }] : []),
    { key: 'count', label: w('count.title') },
    { key: 'quality', label: w('quality.title') },
    ...(dossier.subjectKind === 'person' ? [{ key: 'keyFacts', label: w('keyFact.title') }] : []),
    { key: 'properties', label: w('four.title') },
    ...(may('page.view') ? [{ key: 'compare', label: w('compare.title') }] : []),
    ...(may('catalogue.export') ? [{ key: 'description', label: w('four.description') }] : []),
    { key: 'log', label: w('desk.log') },
    { type: 'divider' as const },
    ...(may('grant.ask') ? [{ key: 'consult', label: w('desk.consult') }] : []),
    { key: 'why', label: w('desk.why') },
    ...(dossier.subjectKind === 'person' ? [{ key: 'kinship', label: w('desk.kinship') }] : []),
  ];
  const act = ({ key }: { key: string }) => {
    if (key === 'add') add();
    if (key === 'scan') setForm(key);
    if (key === 'undo') undo();
    if (key === 'review') void nextReview();
    if (key === 'confirmSure') confirmSure();
    if (key === 'xlsx' || key === 'pdf') sheet.mutate({ sheet: 'catalogue', format: key });
    const side = SIDE_SHEETS.find((name) => name === key);
    if (side) {
      const [what, format] = side.split('-') as [SheetAsked['sheet'], SheetAsked['format']];
      sheet.mutate({ sheet: what, format });
    }
    if (key === 'pack') pack.mutate({ selection: { kind: 'dossier', dossierId: dossier.id }, withContents: true, name: dossier.code });
    if (key === 'copyOut' || key === 'quality' || key === 'count') setForm(key);
    if (key === 'record' || key === 'facts' || key === 'why' || key === 'kinship' || key === 'print' || key === 'copy') setForm(key);
    if (key === 'consult') void navigate({ to: '/consultations', search: { dossierId: dossier.id } });
    if (key === 'keyFacts') void navigate({ to: '/dossiers/$dossierId/key-facts', params: { dossierId: dossier.id } });
    if (key === 'description') description.mutate(dossier, { onError: sayRefusal });
    if (key === 'properties') void navigate({ to: '/dossiers/$dossierId/properties', params: { dossierId: dossier.id } });
    if (key === 'compare')
      void navigate({ to: '/dossiers/$dossierId/compare', params: { dossierId: dossier.id }, search: page ? { left: page.id } : {} });
    if (key === 'log') void navigate({ to: '/log', search: { dossierId: dossier.id } });
  };
  return (
    <div className="desk-acts">
      {mayArrange && !narrow && (
        <Button onClick={undo} disabled={!desk.undo || isBusy}>
          {w('desk.undo')}
          <KeyHint keys="u" />
        </Button>
      )}
      <Dropdown trigger={['click']} menu={{ items, onClick: act }}>
        <Button loading={sheet.isPending || pack.isPending} icon={<DownOutlined aria-hidden />} iconPlacement="end">
          {w('desk.more')}
        </Button>
      </Dropdown>
      {may('page.import') && <PhoneLinkButton dossierId={dossier.id} />}
      {may('page.import') && !narrow && (
        <Button type="primary" onClick={add}>
          {w('desk.addPages')}
        </Button>
      )}
      {mayTake.print && <TakeDialog what="print" open={form === 'print'} onClose={() => setForm(null)} />}
      {mayTake.copy && <TakeDialog what="copy" open={form === 'copy'} onClose={() => setForm(null)} />}
      {mayTake.copy && <CopyDialog open={form === 'copyOut'} onClose={() => setForm(null)} />}
      {form === 'count' && <CountDialog dossierId={dossier.id} onClose={() => setForm(null)} />}
      {form === 'scan' && <ScanDialog dossierId={dossier.id} onClose={() => setForm(null)} />}
      {form === 'quality' && <QualityDialog onClose={() => setForm(null)} />}
      {mayArrange && <RecordForm open={form === 'record'} onClose={() => setForm(null)} />}
      {mayArrange && <FactsForm open={form === 'facts'} onClose={() => setForm(null)} />}
      {form === 'why' && <WhyDialog dossierId={dossier.id} close={() => setForm(null)} />}
      {form === 'kinship' && (
        <KinshipDialog dossierId={dossier.id} close={() => setForm(null)} declared={() => void navigate({ to: '/dossiers' })} />
      )}
    </div>
  );
}

/** In which box it lies, and where that stands. */
function InBoxes() {
  const { w } = useWords();
  const { dossier } = useDesk();
  const may = useMay();
  return dossier.boxes.map(({ boxId, number, volume, position, place }) => {
    const word = dossier.boxes.length > 1 ? 'box.inBoxVolume' : 'box.inBox';
    const text = w(word, { number: boxNumber(number), volume, position });
    const where = sayPlace(place, w);
    return (
      <span key={volume}>
        {may('dossier.change') ? (
          <Link to="/boxes/$boxId" params={{ boxId }}>
            {text}
          </Link>
        ) : (
          text
        )}
        {where && ` · ${where}`}
      </span>
    );
  });
}

/** Whose dossier, where it stands, what waits, what can be done. */
export function DeskHeader() {
  const { w } = useWords();
  const { dossier } = useDesk();
  const narrow = useNarrow();
  const facts = [dossier.sex && w(`sex.${dossier.sex}`), dossier.birthYear, dossier.idNumberMasked].filter(Boolean).join(' · ');
  return (
    <header className="desk-head">
      {narrow && (
        <Link to="/dossiers" className="back" aria-label={w('nav.dossiers')}>
          <LeftOutlined aria-hidden />
        </Link>
      )}
      <h1 className="song">{dossier.name}</h1>
      <p className="meta num">
        {facts && <span>{facts}</span>}
        <span>
          {dossier.code} · {w('line.counts', { materials: dossier.materialCount, pages: dossier.pageCount })}
          {dossier.copySet === 'duplicate' && ` · ${w('copySet.duplicate')}`}
        </span>
        <InBoxes />
      </p>
      <div className="desk-chips">
        <Chips />
      </div>
      <Acts />
    </header>
  );
}
