import { Button, Modal } from 'antd';
import type { Schemas } from '../../api/client.ts';
import {
  useAssessments,
  useBreaches,
  useBreachNotice,
  useMarkBreach,
  usePurposes,
  useRecordAssessment,
  useRecordBreach,
} from '../../api/personal.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { sayDay, sayInstant } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { RecordList } from './record-list.tsx';
import { TextForm } from './text-form.tsx';

const OCCASIONS = ['sensitive', 'automated', 'entrust', 'provide', 'publish', 'cross_border', 'other'] as const;

function NewAssessment({ close }: { close: () => void }) {
  const { w, language } = useWords();
  const purposes = usePurposes();
  const record = useRecordAssessment();
  const texts = ['necessity', 'risks', 'measures', 'conclusion'] as const;
  return (
    <Modal open title={w('personal.newAssessment')} footer={null} width={620} onCancel={close}>
      <TextForm
        fields={[
          { key: 'title', label: w('personal.title'), kind: 'line' },
          {
            key: 'occasion',
            label: w('personal.occasion'),
            kind: 'choice',
            options: OCCASIONS.map((value) => ({ value, label: w(`personal.occasion.${value}`) })),
          },
          {
            key: 'purposeCode',
            label: w('personal.purpose'),
            kind: 'choice',
            optional: true,
            options: (purposes.data?.items ?? []).filter((p) => p.version > 0).map((p) => ({ value: p.code, label: p.name[language] })),
          },
          ...texts.map((key) => ({ key, label: w(`personal.assess.${key}`), kind: 'text' as const })),
          { key: 'assessors', label: w('personal.assessors'), kind: 'line' },
        ]}
        submitLabel={w('personal.record')}
        pending={record.isPending}
        error={record.error}
        submit={(v) =>
          record.mutate(
            {
              title: v.title ?? '',
              occasion: v.occasion as (typeof OCCASIONS)[number],
              purposeCode: v.purposeCode || null,
              necessity: v.necessity ?? '',
              risks: v.risks ?? '',
              measures: v.measures ?? '',
              conclusion: v.conclusion ?? '',
              assessors: v.assessors ?? '',
              replaces: null,
            },
            { onSuccess: close },
          )
        }
      />
    </Modal>
  );
}

/** Impact assessments. */
export function AssessmentsTab() {
  const { w, language } = useWords();
  return (
    <RecordList
      query={useAssessments()}
      words={{ make: w('personal.newAssessment'), none: w('personal.noAssessments'), noneHelp: w('personal.noAssessmentsHelp') }}
      form={(close) => <NewAssessment close={close} />}
      line={(a) => (
        <li key={a.id} className="own-dossier">
          <details>
            <summary>
              <strong>{a.title}</strong>
            </summary>
            {(['necessity', 'risks', 'measures', 'conclusion'] as const).map((key) => (
              <p key={key}>
                <span className="quiet">{w(`personal.assess.${key}`)}</span>
                <br />
                {a[key]}
              </p>
            ))}
          </details>
          <span className="quiet">{w(`personal.occasion.${a.occasion}`)}</span>
          <span className="states">
            <Chip>{sayDay(a.madeAtMs, language)}</Chip>
            <Chip>{w('personal.keepUntil', { day: sayDay(a.keepUntilMs, language) })}</Chip>
          </span>
        </li>
      )}
    />
  );
}

function NewBreach({ close }: { close: () => void }) {
  const { w } = useWords();
  const record = useRecordBreach();
  const texts = ['kinds', 'cause', 'harm', 'remedies'] as const;
  return (
    <Modal open title={w('personal.newBreach')} footer={null} width={620} onCancel={close}>
      <TextForm
        fields={[
          { key: 'isDrill', label: w('personal.isDrill'), kind: 'tick', value: '1' },
          { key: 'title', label: w('personal.title'), kind: 'line' },
          { key: 'personsCount', label: w('personal.persons'), kind: 'number' },
          ...texts.map((key) => ({ key, label: w(`personal.breach.${key}`), kind: 'text' as const })),
          { key: 'contact', label: w('personal.contact'), kind: 'line' },
        ]}
        submitLabel={w('personal.record')}
        pending={record.isPending}
        error={record.error}
        submit={(v) =>
          record.mutate(
            {
              isDrill: v.isDrill === '1',
              title: v.title ?? '',
              personsCount: Number(v.personsCount),
              kinds: v.kinds ?? '',
              cause: v.cause ?? '',
              harm: v.harm ?? '',
              remedies: v.remedies ?? '',
              contact: v.contact ?? '',
              // The clocks of browser and server differ by a little; what was found is found already.
              foundAtMs: Date.now() - 60_000,
            },
            { onSuccess: close },
          )
        }
      />
    </Modal>
  );
}

function BreachLine({ breach }: { breach: Schemas['Breach'] }) {
  const { w, language } = useWords();
  const may = useMay();
  const mark = useMarkBreach();
  const notice = useBreachNotice();
  const told = (who: 'authority' | 'persons', at: number | null, due: number) =>
    at === null ? (
      <Chip tone={Date.now() > due ? 'cinnabar' : 'amber'}>{w(`personal.tell.${who}`, { at: sayInstant(due, language) })}</Chip>
    ) : (
      <Chip tone={at > due ? 'cinnabar' : 'jade'}>{w(`personal.told.${who}`, { at: sayInstant(at, language) })}</Chip>
    );
  const open = breach.closedAtMs === null && may('processing.keep');
  return (
    <li className="own-dossier">
      <strong>{breach.title}</strong>
      <span className="quiet">
        {sayInstant(breach.foundAtMs, language)} · {w('personal.personsCount', { count: breach.personsCount })}
      </span>
      <span className="states">
        {breach.isDrill && <Chip tone="blue">{w('personal.drill')}</Chip>}
        {told('authority', breach.authorityToldAtMs, breach.authorityDueMs)}
        {told('persons', breach.personsToldAtMs, breach.personsDueMs)}
        {breach.closedAtMs !== null && <Chip>{w('personal.closed')}</Chip>}
      </span>
      {may('processing.keep') && (
        <span className="states">
          {(['authority', 'persons'] as const).map((to) => (
            <Button
              key={to}
              size="small"
              loading={notice.isPending}
              onClick={() => notice.mutate({ id: breach.id, to }, { onSuccess: (bytes) => saveFile(bytes, `notice-${to}.html`) })}
            >
              {w(`personal.noticeFor.${to}`)}
            </Button>
          ))}
          {open && breach.authorityToldAtMs === null && (
            <Button size="small" onClick={() => mark.mutate({ id: breach.id, step: 'authority' })}>
              {w('personal.mark.authority')}
            </Button>
          )}
          {open && breach.personsToldAtMs === null && (
            <Button size="small" onClick={() => mark.mutate({ id: breach.id, step: 'persons' })}>
              {w('personal.mark.persons')}
            </Button>
          )}
          {open && breach.authorityToldAtMs !== null && (
            <Button size="small" onClick={() => mark.mutate({ id: breach.id, step: 'closed' })}>
              {w('personal.mark.closed')}
            </Button>
          )}
        </span>
      )}
    </li>
  );
}

/** Breaches and drills, with who was told when. */
export function BreachesTab() {
  const { w } = useWords();
  return (
    <RecordList
      query={useBreaches()}
      words={{ make: w('personal.newBreach'), none: w('personal.noBreaches'), noneHelp: w('personal.noBreachesHelp') }}
      form={(close) => <NewBreach close={close} />}
      line={(breach) => <BreachLine key={breach.id} breach={breach} />}
    />
  );
}
