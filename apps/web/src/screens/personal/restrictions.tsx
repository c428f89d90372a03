import { Button, Popconfirm } from 'antd';
import { useLiftRestriction, useRestrictions } from '../../api/personal.ts';
import { Chip } from '../../parts/chip.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

/** Restrictions in force and those that were. */
export function RestrictionsTab() {
  const { w, language } = useWords();
  const { data, error, refetch } = useRestrictions();
  const lift = useLiftRestriction();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.items.length === 0) return <EmptyState title={w('personal.noRestrictions')}>{w('personal.noRestrictionsHelp')}</EmptyState>;
  return (
    <ul className="personal-list card">
      {data.items.map((r) => (
        <li key={r.id} className="own-dossier">
          <strong className="num">{r.dossierCode}</strong>
          <span className="quiet">{w('personal.restrictedSince', { day: sayDay(r.fromMs, language) })}</span>
          <span className="states">
            {r.liftedAtMs === null ? (
              <>
                <Chip tone="amber">{w('personal.restricted')}</Chip>
                <Popconfirm
                  title={w('personal.liftSure')}
                  okText={w('personal.lift')}
                  cancelText={w('act.cancel')}
                  onConfirm={() => lift.mutate(r.id)}
                >
                  <Button size="small" loading={lift.isPending}>
                    {w('personal.lift')}
                  </Button>
                </Popconfirm>
              </>
            ) : (
              <Chip>{w('personal.liftedOn', { day: sayDay(r.liftedAtMs, language) })}</Chip>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
