import { LeftOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/session.ts';
import { Chip, ChipLink } from '../../parts/chip.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { useWords } from '../../words/words.tsx';
import { boxNumber, sayPlace } from '../boxes/box-words.ts';
import { StateChip } from '../dossiers/dossier-cells.tsx';
import { DeskActs } from './desk-acts.tsx';
import { useDesk } from './desk-state.tsx';
import { listUnsure } from './next-unsure.ts';
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

/** Its second code, and those that it had. */
function OtherCodes() {
  const { w } = useWords();
  const { codes } = useDesk().dossier;
  const second = codes.find((c) => c.standing === 'second');
  const former = codes.filter((c) => c.standing === 'former').map((c) => c.code);
  return (
    <>
      {second && <span>{w('code.secondIs', { code: second.code })}</span>}
      {former.length > 0 && <span className="quiet">{w('code.former', { codes: former.join('、') })}</span>}
    </>
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
        <OtherCodes />
        <InBoxes />
      </p>
      <div className="desk-chips">
        <Chips />
      </div>
      <DeskActs />
    </header>
  );
}
