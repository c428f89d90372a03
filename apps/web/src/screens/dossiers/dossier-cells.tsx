import { useUnits } from '../../api/house.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import type { DossierLine } from './filters.ts';

const STATE_TONE: Readonly<Record<DossierLine['state'], Tone>> = { open: 'plain', in_review: 'amber', filed: 'jade', closed: 'plain' };

/** 整理中, 待核, 在库, 已封卷. */
export function StateChip({ state }: { state: DossierLine['state'] }) {
  const { w } = useWords();
  return <Chip tone={STATE_TONE[state]}>{w(`state.${state}`)}</Chip>;
}

/** What waits in a dossier, the gravest first. */
export function ToDoChips({ toDo }: { toDo: DossierLine['toDo'] }) {
  const { w } = useWords();
  return (
    <>
      {toDo.needsPerson > 0 && <Chip tone="cinnabar">{w('line.needsPerson', { count: toDo.needsPerson })}</Chip>}
      {toDo.loose > 0 && <Chip tone="amber">{w('line.loose', { count: toDo.loose })}</Chip>}
      {toDo.proposed > 0 && <Chip tone="amber">{w('line.proposed', { count: toDo.proposed })}</Chip>}
      {toDo.unread > 0 && <Chip>{w('line.unread', { count: toDo.unread })}</Chip>}
    </>
  );
}

/** Sex and birth year, as far as known. */
export function usePersonWords(): (line: DossierLine) => string {
  const { w } = useWords();
  return (line) => [line.sex && w(`sex.${line.sex}`), line.birthYear].filter(Boolean).join(' · ');
}

/** One dossier as a card of the phone's list. */
export function DossierCard({ line }: { line: DossierLine }) {
  const { w } = useWords();
  const person = usePersonWords();
  return (
    <>
      <span className="card-top">
        <span className="song name">{line.name}</span>
        <span className="quiet">{person(line)}</span>
        <span className="stretch" />
        {line.restricted && <Chip tone="cinnabar">{w('personal.restricted')}</Chip>}
        <StateChip state={line.state} />
      </span>
      <span className="quiet num">
        {line.code} · {w('line.counts', { materials: line.materialCount, pages: line.pageCount })}
      </span>
      <span className="card-chips">
        <ToDoChips toDo={line.toDo} />
      </span>
    </>
  );
}

/** The cells of one dossier in the desktop's list, after its check box. */
export function DossierCells({ line }: { line: DossierLine }) {
  const { w, language } = useWords();
  const units = useUnits();
  const person = usePersonWords();
  return (
    <>
      <span role="gridcell" className="c-name">
        <span className="song name">{line.name}</span>
        {line.restricted && <Chip tone="cinnabar">{w('personal.restricted')}</Chip>}
        {line.copySet === 'duplicate' && <Chip>{w('copySet.duplicate')}</Chip>}
        {line.tags.map((tag) => (
          <Chip key={tag}>{tag}</Chip>
        ))}
      </span>
      <span role="gridcell" className="c-person quiet">
        {person(line)}
      </span>
      <span role="gridcell" className="c-code num">
        {line.code}
      </span>
      <span role="gridcell" className="c-state">
        <StateChip state={line.state} />
      </span>
      <span role="gridcell" className="c-unit quiet" title={units.pathOf(line.unitId)}>
        {units.byId.get(line.unitId)?.name}
      </span>
      <span role="gridcell" className="c-counts quiet num">
        {w('line.countsShort', { materials: line.materialCount, pages: line.pageCount })}
      </span>
      <span role="gridcell" className="c-todo">
        <ToDoChips toDo={line.toDo} />
      </span>
      <span role="gridcell" className="c-changed quiet num">
        {sayDay(line.changedAtMs, language)}
      </span>
    </>
  );
}
