import { useWords, type WordKey } from '../../words/words.tsx';

interface Fault {
  readonly code: string;
  readonly reason: string | null;
}

type FaultWord = 'answerWrong' | 'anchorFailed' | 'history' | 'unreachable' | 'wrong';

/** What kind of failure a code is: what to do depends on that alone. */
function kindOf(code: string): FaultWord {
  if (code.endsWith('/unreachable')) return 'unreachable';
  if (code.endsWith('/answer-wrong')) return 'answerWrong';
  if (code === 'witness/fork' || code === 'witness/ahead') return 'history';
  return code === 'anchor/wrong' ? 'wrong' : 'anchorFailed';
}

const REASONS: Readonly<Record<string, WordKey>> = {
  chain: 'anchors.reason.chain',
  foreign: 'anchors.reason.foreign',
  imprint: 'anchors.reason.imprint',
  malformed: 'anchors.reason.malformed',
  network: 'anchors.reason.network',
  nonce: 'anchors.reason.nonce',
  pending: 'anchors.reason.pending',
  purpose: 'anchors.reason.purpose',
  refused: 'anchors.reason.refused',
  'root-differs': 'anchors.reason.rootDiffers',
  signature: 'anchors.reason.signature',
  signer: 'anchors.reason.signer',
  'signing-certificate': 'anchors.reason.signingCertificate',
  time: 'anchors.reason.time',
  'too-large': 'anchors.reason.tooLarge',
};

/** Why a stamp is not there, and what to do about it. */
export function FaultLine({ fault }: { fault: Fault }) {
  const { w } = useWords();
  const kind = kindOf(fault.code);
  const known = fault.reason === null ? undefined : REASONS[fault.reason];
  const reason = known ? w(known) : fault.reason;
  return (
    <p className="anchor-fault">
      <strong>
        {w(`anchors.fault.${kind}`)}
        {reason && <span className="quiet"> · {reason}</span>}
      </strong>
      <span>{w(`anchors.advice.${kind}`)}</span>
    </p>
  );
}
