import { useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useMay } from '../../api/session.ts';
import { type Standard, type StandardVersion, useWithdrawStandard } from '../../api/standards.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

const TONE: Readonly<Record<StandardVersion['state'], Tone>> = { in_force: 'jade', to_come: 'amber', former: 'plain', withdrawn: 'plain' };

/** Every version, the newest first: from when it holds and when it was adopted. */
export function VersionsTab({ standard }: { standard: Standard }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const may = useMay();
  const navigate = useNavigate();
  const withdraw = useWithdrawStandard();
  const refuse = useSayRefusal();
  const see = (version: number) => void navigate({ to: '/standards', search: { standard: `${standard.kind}.${standard.id}`, version } });
  return (
    <ol className="card standard-versions">
      {standard.versions.map((v) => (
        <li key={v.id ?? 'program'}>
          <span>
            <strong>{w('standards.version', { version: v.version })}</strong>{' '}
            <Chip tone={TONE[v.state]}>{w(`standards.state.${v.state}`)}</Chip>
          </span>
          <span className="quiet">
            {v.effectiveOn === null || v.madeAtMs === null
              ? w('standards.ofProgram')
              : w('standards.adoptedAt', { from: v.effectiveOn, at: sayMoment(v.madeAtMs, language) })}
          </span>
          <span className="act">
            <Button onClick={() => see(v.version)}>{w('standards.see')}</Button>
            {v.id !== null && v.state === 'to_come' && may('dossier.change') && (
              <Button
                danger
                loading={withdraw.isPending && withdraw.variables === v.id}
                onClick={() =>
                  v.id !== null &&
                  withdraw.mutate(v.id, { onSuccess: () => void message.success(w('standards.withdrawn')), onError: refuse })
                }
              >
                {w('standards.withdraw')}
              </Button>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
