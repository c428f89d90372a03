import { useQuery } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useAct } from '../../api/act.ts';
import { api, type Schemas } from '../../api/client.ts';
import { useSchemes } from '../../api/house.ts';
import { answer } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

type Learning = Schemas['Learning'];
type Model = Schemas['LearningModel'];

const AGAIN_MS = 5_000;
const LISTS = [['learning'], ['queues'], ['jobs']];
const TONE: Readonly<Record<Model['state'], Tone>> = { in_force: 'jade', kept: 'plain', refused: 'amber', forgotten: 'plain' };

/** One model: how it was measured, what it changes, and the way back to it. */
function ModelLine({ model }: { model: Model }) {
  const { w, number, language } = useWords();
  const mayManage = useMay()('jobs.manage');
  const onError = useSayRefusal();
  const isUsed = model.state === 'in_force';
  const use = useAct(
    () => answer(api.PUT('/api/v1/learning/{modelId}/use', { params: { path: { modelId: model.id } }, body: { isUsed: !isUsed } })),
    LISTS,
  );
  const { evaluation, changes } = model;
  return (
    <li className="model">
      <Chip tone={TONE[model.state]}>{w(`learn.state.${model.state}`)}</Chip>
      <strong>{w('learn.model', { number: model.number })}</strong>
      <span className="quiet num">
        {w('learn.trainedOn', { at: sayMoment(model.madeAtMs, language), examples: number(model.examples) })}
        {model.state === 'refused' && ` · ${w(`learn.verdict.${evaluation.verdict}`)}`}
      </span>
      <span className="stretch" />
      {mayManage && (isUsed || model.state === 'kept') && (
        <Popconfirm
          title={isUsed ? w('learn.restSure') : w('learn.useSure', { number: model.number })}
          onConfirm={() => use.mutateAsync(undefined).catch(onError)}
        >
          <Button size="small" loading={use.isPending}>
            {w(isUsed ? 'learn.rest' : 'learn.use')}
          </Button>
        </Popconfirm>
      )}
      <p className="quiet">
        {w('learn.measure', {
          heldOut: number(evaluation.heldOut),
          classes: number(evaluation.candidate.classes),
          titles: number(evaluation.candidate.titles),
          ruleClasses: number(evaluation.rules.classes),
          ruleTitles: number(evaluation.rules.titles),
        })}
        {changes.of > 0 &&
          `${language === 'zh' ? '；' : '; '}${w('learn.changes', {
            of: number(changes.of),
            classes: number(changes.classes.reduce((sum, c) => sum + c.count, 0)),
            titles: number(changes.titles),
          })}`}
      </p>
    </li>
  );
}

function LearningCard({ learning }: { learning: Learning }) {
  const { w, number, language } = useWords();
  const { message } = App.useApp();
  const mayManage = useMay()('jobs.manage');
  const onError = useSayRefusal();
  const schemes = useSchemes();
  const { fondsId, schemeId } = learning;
  const train = useAct(() => answer(api.POST('/api/v1/learning', { body: { fondsId, schemeId } })), LISTS);
  const scheme = schemes.data?.schemes.find((s) => s.id === schemeId);
  const ask = () => train.mutateAsync(undefined).then(() => message.info(w('learn.queued')), onError);
  const numbers = { settled: number(learning.settled), corrected: number(learning.corrected), fresh: number(learning.fresh) };
  return (
    <section className="card learning">
      <header>
        <h3>
          <span className="num">{learning.fondsCode}</span> {scheme?.name[language] ?? schemeId}
        </h3>
        {learning.isTraining && <Chip tone="blue">{w('learn.training')}</Chip>}
        <span className="stretch" />
        {mayManage && (
          <Button loading={train.isPending} disabled={learning.isTraining} onClick={() => void ask()}>
            {w('learn.now')}
          </Button>
        )}
      </header>
      <p>{w('learn.examples', numbers)}</p>
      {learning.models.length > 0 ? (
        <ul aria-label={w('learn.versions')}>
          {learning.models.map((model) => (
            <ModelLine key={model.id} model={model} />
          ))}
        </ul>
      ) : (
        <p className="quiet">{w('learn.none')}</p>
      )}
    </section>
  );
}

/** What was learned of settled proposals, by fonds and scheme; nothing at all where no proposal was ever laid. */
export function LearningPart() {
  const { w } = useWords();
  const may = useMay()('jobs.read');
  const list = useQuery({
    queryKey: ['learning'],
    queryFn: () => answer(api.GET('/api/v1/learning')),
    refetchInterval: AGAIN_MS,
    enabled: may,
  });
  const items = list.data?.items ?? [];
  if (!items.length) return null;
  return (
    <section className="learnings" aria-label={w('learn.title')}>
      <h2>{w('learn.title')}</h2>
      <p className="quiet">{w('learn.help')}</p>
      {items.map((learning) => (
        <LearningCard key={`${learning.fondsId} ${learning.schemeId}`} learning={learning} />
      ))}
    </section>
  );
}
