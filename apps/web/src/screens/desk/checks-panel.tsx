import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { checkEntry } from '../../proof/check-entry.ts';
import { useLogWatch } from '../../shell/log-watch.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import type { Page } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { useSaveOriginal } from './export-acts.ts';
import { useFieldName } from './field-names.ts';
import { SignaturesPart } from './signatures-part.tsx';
import { TakeDialog, type Taking } from './take-dialog.tsx';

type Finding = Schemas['FindingView'];

/** A finding: the rule in words, and where. */
function FindingLine({ finding }: { finding: Finding }) {
  const { code } = useWords();
  const fieldName = useFieldName();
  const { openPage } = useDesk();
  const { pageId, box, params } = finding;
  const words = code(finding.code, typeof params?.field === 'string' ? { ...params, field: fieldName(params.field) } : params);
  return (
    <li className={`finding ${finding.severity}`}>
      {pageId ? (
        <button type="button" onClick={() => openPage(pageId, box)}>
          {words}
        </button>
      ) : (
        words
      )}
    </li>
  );
}

function FindingList({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul>
      {findings.map((finding, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no id and come in one order
        <FindingLine key={i} finding={finding} />
      ))}
    </ul>
  );
}

/** Errors and warnings openly, what is only to be looked at below a fold. */
function FindingGroup({ name, findings }: { name: string; findings: readonly Finding[] }) {
  const { w } = useWords();
  const grave = findings.filter((finding) => finding.severity !== 'info').sort((a, b) => a.severity.localeCompare(b.severity));
  const light = findings.filter((finding) => finding.severity === 'info');
  return (
    <section>
      <h3>{name}</h3>
      <FindingList findings={grave} />
      {light.length > 0 && (
        <details open={grave.length === 0}>
          <summary>{w('checks.more', { count: light.length })}</summary>
          <FindingList findings={light} />
        </details>
      )}
    </section>
  );
}

/** The entry that received the page, fetched and checked in this browser: a calm jade line when it holds. */
export function ProofLine({ page }: { page: Page }) {
  const { w, number, language } = useWords();
  const { believedKeys, state } = useLogWatch();
  const may = useMay();
  const { data, error } = useQuery({
    queryKey: ['entry-proof', page.entryId],
    enabled: may('receipt.make'),
    queryFn: () => answer(api.GET('/api/v1/log/entries/{entryId}', { params: { path: { entryId: page.entryId } } })),
    staleTime: 300_000,
  });
  if (!may('receipt.make') || error || !data || state.kind === 'unknown') return null;
  const verdict = checkEntry(data, believedKeys());
  const since = { day: sayDay(page.receivedAtMs, language) };
  if (!verdict) return <p className="proof waiting">{w('proof.waiting', since)}</p>;
  return (
    <p className={verdict.holds ? 'proof' : 'proof broken'} role={verdict.holds ? undefined : 'alert'}>
      {verdict.holds ? w('proof.holds', { ...since, position: number(data.entry.position ?? 0) }) : w('proof.broken')}{' '}
      <Link to="/log/$entryId" params={{ entryId: page.entryId }}>
        {w('proof.open')}
      </Link>
    </p>
  );
}

/** Persons named on the page beside the subject. */
function Persons({ page }: { page: Page }) {
  const { w } = useWords();
  const { operate, mayArrange } = useDesk();
  return (
    <>
      <h3>{w('page.persons')}</h3>
      <Select
        mode="tags"
        className="wide"
        aria-label={w('page.persons')}
        placeholder={w('page.personsHelp')}
        value={page.persons}
        disabled={!mayArrange}
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，', '、']}
        onChange={(names: string[]) =>
          operate(() => [{ type: 'namePersons', pageId: page.id, names: names.map((n) => n.trim()).filter(Boolean) }])
        }
      />
    </>
  );
}

function PageFacts({ page }: { page: Page }) {
  const { w } = useWords();
  const may = useMay();
  const save = useSaveOriginal(page);
  const [taking, setTaking] = useState<Taking | null>(null);
  const { operate, mayArrange } = useDesk();
  return (
    <>
      <h3>{w('page.facts')}</h3>
      <p className="facts">
        <span>{page.fileName}</span>
        <span className="quiet num">
          {page.widthPx} × {page.heightPx} · {page.mediaType} · {w(`page.origin.${page.origin}`)}
        </span>
      </p>
      <div className="fact-acts">
        {(['print', 'copy'] as const).map(
          (what) =>
            may(`page.${what}`) && (
              <Button key={what} size="small" onClick={() => setTaking(what)}>
                {w(`take.${what}`)}
              </Button>
            ),
        )}
        {taking && <TakeDialog what={taking} open onClose={() => setTaking(null)} />}
        {may('page.download') && (
          <Button size="small" loading={save.isPending} onClick={() => save.mutate()}>
            {w('page.saveOriginal')}
          </Button>
        )}
        {mayArrange && (
          <Button
            size="small"
            onClick={() => operate(() => [{ type: 'turnPage', pageId: page.id, turned: ((page.turned + 270) % 360) as Page['turned'] }])}
          >
            {w('page.turnForGood')}
          </Button>
        )}
      </div>
    </>
  );
}

/** What the checks say of the dossier, the material and the page; where the page came from; its proof. */
export function ChecksPanel() {
  const { w } = useWords();
  const { dossier, material, page } = useDesk();
  const groups: [string, readonly Finding[]][] = [
    [w('checks.page'), page?.findings ?? []],
    [w('checks.material'), material?.findings ?? []],
    [w('checks.dossier'), dossier.findings],
  ];
  const some = groups.filter(([, findings]) => findings.length > 0);
  return (
    <div className="checks-panel">
      {some.length === 0 && <p className="all-clear">{w('checks.none')}</p>}
      {some.map(([name, findings]) => (
        <FindingGroup key={name} name={name} findings={findings} />
      ))}
      {page && <SignaturesPart page={page} dossierId={dossier.id} />}
      {page && (
        <section>
          <PageFacts page={page} />
          <Persons page={page} />
        </section>
      )}
    </div>
  );
}
