import { App, Button, Popconfirm, Select } from 'antd';
import { type CodeRule, type CodeStandard, useCodeRules, useRewriteCodes, useSetCodeRule } from '../../api/archival-codes.ts';
import { useMay } from '../../api/session.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords, type WordKey } from '../../words/words.tsx';
import '../stations/stations.css';
import './codes.css';

const STANDARDS: readonly CodeStandard[] = ['da-t-13', 'da-t-22'];

interface FormSelectProps {
  readonly rule: CodeRule;
  readonly which: 'leading' | 'second';
  readonly isBusy: boolean;
  choose(form: CodeStandard | null): void;
}

/** Names of the parts of a code that have one in the language of the page; a part of a scheme's own stands as it is. */
const PARTS: Readonly<Record<string, WordKey>> = {
  fonds: 'code.part.fonds',
  category: 'code.part.category',
  volume: 'code.part.volume',
  year: 'code.part.year',
  retention: 'code.part.retention',
  office: 'code.part.office',
  item: 'code.part.item',
};

/** A template as one reads it: `{fonds}-RS-{volume:6}` gives 全宗号-RS-卷号（6 位）. */
function useSayTemplate(): (template: string) => string {
  const { w } = useWords();
  return (template) =>
    template.replace(/\{([a-z_]+)(?::([1-9]))?\}/gu, (_, name: string, digits?: string) => {
      const word = PARTS[name];
      const part = word ? w(word) : name;
      return digits ? w('code.digits', { part, digits }) : part;
    });
}

/** The leading form, or the one kept beside it. */
function FormSelect({ rule, which, isBusy, choose }: FormSelectProps) {
  const { w } = useWords();
  const other = which === 'leading' ? rule.second : rule.leading;
  return (
    <div className="code-field">
      <span className="quiet" aria-hidden>
        {w(`code.${which}`)}
      </span>
      <Select
        className="code-form"
        popupMatchSelectWidth={false}
        aria-label={w(`code.${which}`)}
        disabled={!rule.mayChange || isBusy}
        value={rule[which] ?? ''}
        onChange={(form: CodeStandard | '') => choose(form || null)}
        options={[
          { value: '' as const, label: w(which === 'leading' ? 'code.own' : 'code.noSecond') },
          ...STANDARDS.filter((form) => rule.templates[form] !== null).map((form) => ({
            value: form,
            label: w(`code.${form}`),
            disabled: form === other,
          })),
        ]}
      />
    </div>
  );
}

function RuleCard({ rule }: { rule: CodeRule }) {
  const { w, number, language } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const sayTemplate = useSayTemplate();
  const set = useSetCodeRule();
  const rewrite = useRewriteCodes();
  const choose = (change: Partial<Pick<CodeRule, 'leading' | 'second'>>) =>
    set.mutate(
      { fondsId: rule.fondsId, schemeId: rule.schemeId, leading: rule.leading, second: rule.second, ...change },
      { onError, onSuccess: () => void message.success(w('code.chosen')) },
    );
  const templates = [
    ['code.leadingForm', rule.leading === null ? rule.templates.own : rule.templates[rule.leading]],
    ...(rule.second === null ? [] : [['code.secondForm', rule.templates[rule.second]] as const]),
  ] as const;
  return (
    <li className="batch-card">
      <div className="claim-head">
        <strong className="num">{rule.fondsCode}</strong>
        <span>{rule.schemeName[language]}</span>
        <span className="quiet">{w('code.dossiers', { count: rule.dossiers, number: number(rule.dossiers) })}</span>
      </div>
      <div className="code-row">
        <FormSelect rule={rule} which="leading" isBusy={set.isPending} choose={(leading) => choose({ leading })} />
        <FormSelect rule={rule} which="second" isBusy={set.isPending} choose={(second) => choose({ second })} />
        {rule.mayChange && rule.dossiers > 0 && (
          <Popconfirm
            title={w('code.rewriteSure', { count: rule.dossiers, number: number(rule.dossiers) })}
            description={w('code.rewriteHelp')}
            onConfirm={() => rewrite.mutate(rule, { onError, onSuccess: (done) => void message.success(w('code.rewritten', { ...done })) })}
          >
            <Button loading={rewrite.isPending}>{w('code.rewrite')}</Button>
          </Popconfirm>
        )}
      </div>
      <dl className="code-templates">
        {templates.map(([word, template]) => (
          <div key={word}>
            <dt>{w(word)}</dt>
            <dd className="num">{template && sayTemplate(template)}</dd>
          </div>
        ))}
      </dl>
      {rewrite.data && rewrite.data.unfit > 0 && <p className="refusal">{w('code.unfit', { count: rewrite.data.unfit })}</p>}
    </li>
  );
}

/** By which form archival codes are given, for each fonds and scheme: one leads, another may stand beside it. */
export function CodesScreen() {
  const { w } = useWords();
  const may = useMay();
  const { data, error, refetch } = useCodeRules();
  if (!may('dossier.change')) return <NoRightState />;
  return (
    <div className="screen stations">
      <div className="screen-head">
        <h1>{w('code.title')}</h1>
      </div>
      <p className="quiet">{w('code.help')}</p>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <LoadingState />}
      {data?.items.length === 0 && <EmptyState title={w('code.none')} />}
      <ul className="batches">
        {data?.items.map((rule) => (
          <RuleCard key={`${rule.fondsId}/${rule.schemeId}`} rule={rule} />
        ))}
      </ul>
    </div>
  );
}
