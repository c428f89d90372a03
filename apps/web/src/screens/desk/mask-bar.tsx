import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Form, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { ReasonField } from '../../parts/reason-field.tsx';
import { sayClock } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

type Kind = Schemas['SensitiveKind'];

interface Fields {
  kinds: Kind[];
  reason: string;
}

/** Everything of a dossier that may hold masks, asked for anew. */
function useAskAnew(dossierId: string): () => void {
  const queries = useQueryClient();
  return () => {
    for (const queryKey of [['desk', dossierId], ['dossier', dossierId], ['reading']]) void queries.invalidateQueries({ queryKey });
  };
}

interface Thing {
  readonly dossierId: string;
  /** Null: catalogue and fields of the dossier. */
  readonly pageId: string | null;
}

/** Asks for which kinds and what for; the act is an entry of the log. */
function RevealDialog({ thing, hidden, open, onClose }: { thing: Thing; hidden: readonly Kind[]; open: boolean; onClose: () => void }) {
  const { w, code } = useWords();
  const [form] = Form.useForm<Fields>();
  const askAnew = useAskAnew(thing.dossierId);
  const reveal = useMutation({
    mutationFn: ({ kinds, reason }: Fields) =>
      answer(
        api.POST('/api/v1/dossiers/{dossierId}/reveals', {
          params: { path: { dossierId: thing.dossierId } },
          body: { kinds, reason: reason.trim(), pageId: thing.pageId },
        }),
      ),
    onSuccess: () => {
      askAnew();
      onClose();
    },
  });
  const refusal = reveal.error && (isRefusal(reveal.error) ? code(reveal.error.code, reveal.error.params) : String(reveal.error));
  return (
    <Modal
      open={open}
      title={w('mask.title')}
      okText={w('mask.act')}
      cancelText={w('act.cancel')}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={reveal.isPending}
      width={440}
      afterOpenChange={(isOpen) => isOpen && form.focusField('reason')}
      destroyOnHidden
    >
      <p className="quiet">{w('mask.help')}</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ kinds: [...hidden] }} onFinish={(f) => reveal.mutate(f)}>
        <Form.Item name="kinds" label={w('mask.kinds')} rules={[{ required: true, message: w('mask.kindNeeded') }]}>
          <Checkbox.Group options={hidden.map((kind) => ({ value: kind, label: code(`sensitive/${kind}`) }))} />
        </Form.Item>
        <ReasonField help={w('mask.reasonHelp')} />
      </Form>
      {refusal && <Alert type="error" showIcon role="alert" title={refusal} />}
    </Modal>
  );
}

/** Covers again what is shown: by itself when its time is over, or by the button. */
function useCover(dossierId: string, untilMs: number | null) {
  const askAnew = useAskAnew(dossierId);
  const cover = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/dossiers/{dossierId}/reveals', { params: { path: { dossierId } } })),
    onSettled: askAnew,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock is set anew by another time alone
  useEffect(() => {
    if (untilMs === null) return;
    const timer = setTimeout(askAnew, Math.max(0, untilMs - Date.now()) + 500);
    return () => clearTimeout(timer);
  }, [untilMs]);
  return cover;
}

/** Says what is masked here and offers to show it; says until when it is shown and offers to mask it again. */
export function MaskBar({ masking, ...thing }: Thing & { masking: Schemas['Masking'] }) {
  const { w, code, language } = useWords();
  const may = useMay();
  const [isAsking, setAsking] = useState(false);
  const cover = useCover(thing.dossierId, masking.shownUntilMs);
  const { hidden, shownUntilMs } = masking;
  if (hidden.length === 0 && shownUntilMs === null) return null;
  const kinds = hidden.map((kind) => code(`sensitive/${kind}`)).join(language === 'zh' ? '、' : ', ');
  return (
    <div className="mask-bar" role="status">
      <span>
        {hidden.length > 0 && w('mask.hidden', { kinds })}{' '}
        {shownUntilMs !== null && w('mask.until', { at: sayClock(shownUntilMs, language) })}
      </span>
      {hidden.length > 0 && may('sensitive.reveal') && (
        <Button size="small" onClick={() => setAsking(true)}>
          {w('mask.show')}
        </Button>
      )}
      {shownUntilMs !== null && (
        <Button size="small" loading={cover.isPending} onClick={() => cover.mutate()}>
          {w('mask.cover')}
        </Button>
      )}
      <RevealDialog thing={thing} hidden={hidden} open={isAsking} onClose={() => setAsking(false)} />
    </div>
  );
}
