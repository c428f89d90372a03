import { type Stamp, type StampedCheckpoint, useStamps } from '../../api/anchors.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { FaultLine } from './fault.tsx';

const TONE: Readonly<Record<Stamp['state'], Tone>> = {
  waiting: 'amber',
  failed: 'cinnabar',
  stamped: 'blue',
  verified: 'jade',
  gone: 'amber',
  wrong: 'cinnabar',
};

function StampLine({ stamp }: { stamp: Stamp }) {
  const { w, language } = useWords();
  const times = [
    stamp.atMs === null ? null : sayMoment(stamp.atMs, language),
    stamp.state === 'verified' && stamp.checkedAtMs !== null
      ? w('anchors.verifiedAt', { at: sayMoment(stamp.checkedAtMs, language) })
      : null,
    stamp.nextAtMs === null ? null : w('anchors.next', { at: sayMoment(stamp.nextAtMs, language) }),
  ].filter((time) => time !== null);
  return (
    <li>
      <span className="stamp-who">
        <strong>{stamp.provider}</strong> <span className="quiet">{w(`anchors.kind.${stamp.kind}`)}</span>
      </span>
      <Chip tone={TONE[stamp.state]}>{w(`anchors.stamp.${stamp.state}`)}</Chip>
      <span className="quiet num">{times.join(' · ')}</span>
      {stamp.fault && <FaultLine fault={stamp.fault} />}
      {stamp.state === 'gone' && (
        <p className="anchor-fault">
          <span>{w('anchors.advice.gone')}</span>
        </p>
      )}
    </li>
  );
}

function Checkpoint({ checkpoint }: { checkpoint: StampedCheckpoint }) {
  const { w, number, language } = useWords();
  return (
    <li className="stamped">
      <div className="stamped-head">
        <strong className="num">{w('anchors.checkpoint', { entries: number(checkpoint.size) })}</strong>
        <span className="quiet num">{w('anchors.signedAt', { at: sayMoment(checkpoint.signedAtMs, language) })}</span>
      </div>
      <ul className="stamps">
        {checkpoint.stamps.map((stamp) => (
          <StampLine key={`${stamp.providerId} ${stamp.state} ${stamp.checkedAtMs}`} stamp={stamp} />
        ))}
      </ul>
    </li>
  );
}

/** Checkpoints, the newest first, each with what it has of every provider and what it still waits for. */
export function StampList() {
  const { w } = useWords();
  return (
    <PagedList
      list={useStamps()}
      className="stamped-list card"
      none={<EmptyState title={w('anchors.none')}>{w('anchors.noneText')}</EmptyState>}
      line={(checkpoint) => <Checkpoint key={checkpoint.size} checkpoint={checkpoint} />}
    />
  );
}
