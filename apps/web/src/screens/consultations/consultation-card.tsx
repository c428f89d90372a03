import { useNavigate } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useUnits } from '../../api/house.ts';
import { type Consultation, useEndConsultation } from '../../api/rights.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { sayClock, sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { useCategoryName } from '../policy/category-name.ts';
import { AttendDialog, useWorkFor } from './attend-dialog.tsx';
import { isLive, presentAt, shelfOf, stateOf, TONE_OF } from './consultation-state.ts';
import { RequestDialog } from './request-dialog.tsx';

/** Ends what was approved, after asking. */
function EndButton({ id }: { id: string }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const end = useEndConsultation();
  const onError = useSayRefusal();
  return (
    <Popconfirm
      title={w('consult.endSure')}
      onConfirm={() =>
        end
          .mutateAsync(id)
          .then(() => void message.success(w('consult.ended')))
          .catch(onError)
      }
    >
      <Button danger>{w('consult.end')}</Button>
    </Popconfirm>
  );
}

/** What a reader does with what is approved: comes in, and opens it. */
function ReaderActs({ consultation, nowMs }: { consultation: Consultation; nowMs: number }) {
  const { w } = useWords();
  const navigate = useNavigate();
  const { account } = useSession();
  const [attending, setAttending] = useState(false);
  const workFor = useWorkFor();
  const state = stateOf(consultation, nowMs);
  const present = presentAt(consultation, nowMs);
  const own = consultation.readers.find((reader) => reader.accountId === account.id);
  if (!own) return null;
  const isPresent = present.includes(own);
  const { kind, id } = consultation.target;
  const open = async () => {
    await workFor(consultation);
    if (kind === 'dossier') await navigate({ to: '/dossiers/$dossierId', params: { dossierId: id } });
    else await navigate({ to: '/dossiers', search: kind === 'unit' ? { unitId: id } : {} });
  };
  // Of one reader alone only the server knows whether that is enough for this dossier.
  const mayOpen = isPresent && (state === 'open' || consultation.readers.length === 1 || present.length > 1);
  return (
    <>
      {!isPresent && state !== 'future' && (
        <Button type="primary" onClick={() => setAttending(true)}>
          {w('consult.attend')}
        </Button>
      )}
      {mayOpen && (
        <Button type="primary" onClick={() => void open()}>
          {w(kind === 'dossier' ? 'consult.open' : 'consult.openUnit')}
        </Button>
      )}
      {attending && <AttendDialog consultation={consultation} close={() => setAttending(false)} />}
    </>
  );
}

function Acts({ consultation, nowMs }: { consultation: Consultation; nowMs: number }) {
  const { w } = useWords();
  const may = useMay();
  const [reading, setReading] = useState(false);
  const isNow = isLive(stateOf(consultation, nowMs));
  const mayEnd = isNow && may('grant.end');
  return (
    <div className="acts-row">
      {isNow && <ReaderActs consultation={consultation} nowMs={nowMs} />}
      {consultation.mayRead && (
        <Button type={consultation.mayDecide ? 'primary' : 'default'} onClick={() => setReading(true)}>
          {w(consultation.mayDecide ? 'consult.decide' : 'consult.read')}
        </Button>
      )}
      {mayEnd && <EndButton id={consultation.id} />}
      {reading && <RequestDialog consultation={consultation} close={() => setReading(false)} />}
    </div>
  );
}

/** The readers of a consultation, and of one in force who of them is there. */
function Readers({ consultation, nowMs }: { consultation: Consultation; nowMs: number }) {
  const { w, language } = useWords();
  const present = presentAt(consultation, nowMs);
  const isNow = isLive(stateOf(consultation, nowMs));
  return (
    <ul className="readers">
      {consultation.readers.map((reader) => {
        const isHere = present.includes(reader);
        return (
          <li key={reader.accountId}>
            <strong className="song">{reader.name}</strong>
            {reader.partyMember && <span className="quiet">{w('consult.member')}</span>}
            {isNow && (
              <Chip tone={isHere ? 'jade' : 'plain'}>
                {isHere ? w('consult.attended', { at: sayClock(reader.presentUntilMs, language) }) : w('consult.waitingFor')}
              </Chip>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** One consultation: what is named to whom, why, until when, and who is there. */
export function ConsultationCard({ consultation, nowMs }: { consultation: Consultation; nowMs: number }) {
  const { w, language } = useWords();
  const { pathOf } = useUnits();
  const categoryName = useCategoryName();
  const { target, readers } = consultation;
  const state = stateOf(consultation, nowMs);
  const present = presentAt(consultation, nowMs);
  const name = target.kind === 'unit' ? pathOf(target.id) || target.code : target.code;
  return (
    <li className={shelfOf(state) === 'past' ? 'card consultation past' : 'card consultation'} aria-label={name}>
      <div className="consultation-head">
        <h2 className="num">{name}</h2>
        <Chip tone={TONE_OF[state]}>{w(`consult.state.${state}`, { present: present.length, count: readers.length })}</Chip>
        {target.kind !== 'dossier' && <Chip>{w(`consult.kind.${target.kind}`)}</Chip>}
      </div>
      <p>
        {consultation.purposes.map((purpose) => w(`purpose.${purpose}`)).join(w('list.comma'))} ·{' '}
        {consultation.rights.map((right) => w(`grantRight.${right}`)).join(w('list.comma'))}
        {consultation.audiences.length > 0 && ` · ${consultation.audiences.map(categoryName).join(w('list.comma'))}`}
      </p>
      <Readers consultation={consultation} nowMs={nowMs} />
      <p className="quiet num">
        {w('posts.span', { from: sayMoment(consultation.fromMs, language), until: sayMoment(consultation.untilMs, language) })}
      </p>
      <p className="quiet">
        {w('consult.askedByName', { name: consultation.askedByName })}
        {consultation.decidedAtMs !== null &&
          ` · ${w(consultation.state === 'refused' ? 'consult.refusedByName' : 'consult.approvedBy', { name: consultation.decidedByName })}`}
      </p>
      <Acts consultation={consultation} nowMs={nowMs} />
    </li>
  );
}
