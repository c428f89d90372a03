import { useMutation } from '@tanstack/react-query';
import { Button, Progress, Select } from 'antd';
import { useId, useState } from 'react';
import { useSchemes } from '../../api/house.ts';
import {
  type ManifestOrder,
  type ManifestReport,
  useApplyManifest,
  useCheckManifest,
  useManifestErrors,
  useManifestProgress,
} from '../../api/manifests.ts';
import { useSession } from '../../api/session.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { type Edits, editKey, ManifestGrid } from './manifest-grid.tsx';
import { createTusTransport } from './tus-transport.ts';
import type { UploadItem, UploadQueue } from './upload-queue.ts';
import './manifest.css';

const ACTS = ['make', 'change', 'nothing', 'refused'] as const;
const TONE: Readonly<Record<(typeof ACTS)[number], Tone>> = { make: 'jade', change: 'blue', nothing: 'plain', refused: 'cinnabar' };
const DEFAULT_SCHEME = 'cadre-2018';

/** What a check found, in numbers: columns known and passed over, dossiers by what becomes of them, findings by kind. */
function Sums({ report }: { report: ManifestReport }) {
  const { w, number, code } = useWords();
  const unknown = report.columns.filter((c) => c.field === null).map((c) => c.heading);
  return (
    <div role="status" className="manifest-sums">
      <p>
        {w('manifest.rows', { rows: number(report.rows) })}
        {unknown.length > 0 && ` ${w('manifest.unknown', { headings: unknown.join('、') })}`}
        {report.images.unused > 0 && ` ${w('manifest.unused', { images: number(report.images.unused) })}`}
      </p>
      <div className="manifest-chips">
        {ACTS.filter((act) => report.acts[act] > 0).map((act) => (
          <Chip key={act} tone={TONE[act]}>{`${w(`manifest.act.${act}`)} ${number(report.acts[act])}`}</Chip>
        ))}
      </div>
      <ul>
        {report.findingCounts.map((f) => (
          <li key={f.code}>
            <span className="num">{number(f.count)}</span>{' '}
            {code(f.code, report.lines.flatMap((l) => l.findings).find((g) => g.code === f.code)?.params ?? {})}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Filing({ manifestId }: { manifestId: string }) {
  const { w, number, code } = useWords();
  const { data, error } = useManifestProgress(manifestId);
  if (error) return <Refused error={error} />;
  if (!data) return null;
  return (
    <div role="status" className="manifest-filing">
      <Progress
        percent={data.total ? Math.floor((data.done / data.total) * 100) : 0}
        status={data.state === 'stopped' ? 'exception' : 'normal'}
      />
      <p>
        {w('manifest.filed', {
          filed: number(data.filed),
          made: number(data.made),
          changed: number(data.changed),
          pages: number(data.pages),
        })}
        {data.refused > 0 && ` ${w('manifest.leftOut', { refused: number(data.refused) })}`}
      </p>
      {data.code && <p className="refusal">{code(data.code)}</p>}
      {data.state === 'done' && <p>{w('manifest.done')}</p>}
    </div>
  );
}

/** Dossiers and materials from a list with the images above: checked, mended in the grid, filed. */
export function ManifestSection({ items, queue }: { items: readonly UploadItem[]; queue: UploadQueue }) {
  const { w } = useWords();
  const { archive } = useSession();
  const { data: schemes } = useSchemes();
  const ids = { file: useId(), scheme: useId() };
  const [list, setList] = useState<{ name: string; uploadId: string } | null>(null);
  const [scheme, setScheme] = useState(DEFAULT_SCHEME);
  const [edits, setEdits] = useState<Edits>(new Map());
  const check = useCheckManifest();
  const errors = useManifestErrors();
  const apply = useApplyManifest();
  const send = useMutation({
    mutationFn: async (file: File) => ({
      name: file.name,
      uploadId: await createTusTransport(archive.id).send(file, () => undefined, new AbortController().signal),
    }),
    onSuccess: setList,
  });
  const images = items.flatMap((i) => (i.uploadId ? [{ uploadId: i.uploadId, path: i.path }] : []));
  const isSending = items.some((i) => i.uploadId === null);
  const order: ManifestOrder | null = list && {
    uploadId: list.uploadId,
    images: items.length ? images : null,
    scheme,
    unitId: null,
    dossierCode: null,
    edits: [...edits].map(([key, text]) => ({ row: Number(key.split(' ')[0]), column: Number(key.split(' ')[1]), text })),
  };
  const choose = (file: File | undefined) => {
    if (!file) return;
    check.reset();
    apply.reset();
    setEdits(new Map());
    send.mutate(file);
  };
  const report = check.data;
  const fileable = report ? report.acts.make + report.acts.change : 0;
  // What was changed since the check is checked again before it can be filed.
  const isStale = order !== null && JSON.stringify(check.variables) !== JSON.stringify(order);
  return (
    <section className="card manifest">
      <h2>{w('manifest.title')}</h2>
      <p className="quiet">{w('manifest.lead')}</p>
      <div className="manifest-form">
        <div className="manifest-file">
          <label htmlFor={ids.file}>{w('manifest.file')}</label>
          <span className="quiet">{list ? list.name : ''}</span>
          <input id={ids.file} type="file" accept=".xlsx,.csv,.txt" onChange={(event) => choose(event.target.files?.[0])} />
        </div>
        <label htmlFor={ids.scheme}>{w('filter.scheme')}</label>
        <Select
          id={ids.scheme}
          value={scheme}
          onChange={setScheme}
          options={(schemes?.schemes ?? []).map((s) => ({ value: s.id, label: s.name.zh }))}
        />
        <Button
          type="primary"
          disabled={!order || isSending}
          loading={check.isPending || send.isPending}
          onClick={() => order && check.mutate(order)}
        >
          {w(report ? 'manifest.checkAgain' : 'manifest.check')}
        </Button>
      </div>
      {isSending && <p className="quiet">{w('capture.sending')}</p>}
      <Refused error={send.error ?? check.error ?? errors.error ?? apply.error} />
      {report && !apply.data && (
        <>
          <Sums report={report} />
          <ManifestGrid
            report={report}
            edits={edits}
            onEdit={(row, column, text) => setEdits(new Map(edits).set(editKey(row, column), text))}
          />
          <div className="receipt-acts">
            {report.acts.refused > 0 && (
              <Button loading={errors.isPending} onClick={() => order && errors.mutate(order)}>
                {w('manifest.errors')}
              </Button>
            )}
            <Button
              type="primary"
              disabled={!fileable || isStale}
              loading={apply.isPending}
              onClick={() => order && apply.mutate({ order, plan: report.digest }, { onSuccess: () => queue.clear() })}
            >
              {w('manifest.apply', { count: fileable })}
            </Button>
          </div>
        </>
      )}
      {apply.data && <Filing manifestId={apply.data.manifestId} />}
    </section>
  );
}
