import { useNavigate, useSearch } from '@tanstack/react-router';
import { type Standard, type StandardVersion, useStandards } from '../../api/standards.ts';
import { STANDARD_TABS } from '../../filters.ts';
import { Chip } from '../../parts/chip.tsx';
import { ScreenTabs } from '../../parts/screen-tabs.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { EditTab } from './edit-standard.tsx';
import { ContentTab } from './standard-content.tsx';
import { VersionsTab } from './standard-versions.tsx';
import './standards.css';

const inForce = (standard: Standard): StandardVersion | undefined => standard.versions.find((v) => v.state === 'in_force');

/** One standard as the list offers it. */
function StandardDoor({ standard, isChosen, choose }: { standard: Standard; isChosen: boolean; choose: () => void }) {
  const { w, language } = useWords();
  const toCome = standard.versions.filter((v) => v.state === 'to_come').length;
  return (
    <li>
      <button type="button" aria-current={isChosen} onClick={choose}>
        <strong>{standard.name[language]}</strong>
        <span className="quiet">
          {w(`standards.kind.${standard.kind}`)} · {w('standards.version', { version: inForce(standard)?.version ?? 0 })}
        </span>
        {toCome > 0 && <Chip tone="amber">{w('standards.toCome', { count: toCome })}</Chip>}
      </button>
    </li>
  );
}

function Standards() {
  const { w } = useWords();
  const navigate = useNavigate();
  const search = useSearch({ from: '/standards' });
  const { data, error, refetch } = useStandards();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const chosen = data.standards.find((s) => `${s.kind}.${s.id}` === search.standard) ?? data.standards[0];
  if (!chosen) return <EmptyState title={w('standards.none')} />;
  const standard = `${chosen.kind}.${chosen.id}`;
  const version = search.version ?? inForce(chosen)?.version ?? 1;
  const content = {
    content: <ContentTab key={`${standard} ${version}`} standard={chosen} version={version} />,
    edit: <EditTab key={standard} standard={chosen} />,
    versions: <VersionsTab standard={chosen} />,
  };
  return (
    <div className="standards">
      <nav aria-label={w('standards.title')}>
        <ul className="card">
          {data.standards.map((s) => (
            <StandardDoor
              key={`${s.kind}.${s.id}`}
              standard={s}
              isChosen={s === chosen}
              choose={() => void navigate({ to: '/standards', search: { standard: `${s.kind}.${s.id}` } })}
            />
          ))}
        </ul>
      </nav>
      <div>
        <ScreenTabs
          label={w('standards.title')}
          chosen={search.tab}
          choose={(tab) => void navigate({ to: '/standards', search: tab === 'content' ? { standard } : { standard, tab } })}
          tabs={STANDARD_TABS.map((key) => ({ key, label: w(`standards.tab.${key}`), children: content[key] }))}
        />
      </div>
    </div>
  );
}

/** What the archive works by: classification schemes and quality standards, their versions and the archive's own changes. */
export function StandardsScreen() {
  const { w } = useWords();
  return (
    <div className="screen">
      <h1>{w('standards.title')}</h1>
      <p className="quiet">{w('standards.help')}</p>
      <Standards />
    </div>
  );
}
