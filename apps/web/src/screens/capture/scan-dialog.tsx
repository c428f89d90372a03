import { ScanOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Checkbox, Form, Modal, Popconfirm, Select } from 'antd';
import { useEffect, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { Refused } from '../../parts/refused.tsx';
import { EmptyState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import './scan-dialog.css';

type Scan = Schemas['ScanView'];
type Scanner = Schemas['ScannerView'];
type Order = Schemas['NewScan'];

const ASK_EVERY_MS = 700;
const RESOLUTIONS = [200, 300, 400, 600] as const;

const canResolve = ({ resolutions }: Scanner, dpi: number): boolean =>
  resolutions === null || ('from' in resolutions ? resolutions.from <= dpi && dpi <= resolutions.to : resolutions.includes(dpi));

function useScanners() {
  const queries = useQueryClient();
  const key = ['scanners'];
  const query = useQuery({ queryKey: key, queryFn: () => answer(api.GET('/api/v1/scanners')), staleTime: 60_000, retry: false });
  const again = useMutation({
    mutationFn: () => answer(api.GET('/api/v1/scanners', { params: { query: { again: 'true' } } })),
    onSuccess: (found) => queries.setQueryData(key, found),
  });
  return { query, again };
}

/** How far a stack has come; pages that came are fetched by whoever shows the dossier. */
function useScan(started: Scan | null) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['scan', started?.id],
    queryFn: () => answer(api.GET('/api/v1/scans/{scanId}', { params: { path: { scanId: started?.id ?? '' } } })),
    enabled: started !== null,
    ...(started ? { initialData: started } : {}),
    retry: false,
    refetchInterval: ({ state }) => (state.data?.state === 'scanning' && !state.error ? ASK_EVERY_MS : false),
  });
  const importId = query.data?.importId ?? null;
  useEffect(() => {
    if (importId) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'scan' && queryKey[0] !== 'scanners' });
  }, [importId, queries]);
  return query;
}

interface FormProps {
  readonly scanners: readonly Scanner[];
  readonly isStarting: boolean;
  start(order: Order): void;
}

/** Which scanner, and how. What a scanner cannot do is not offered. */
function ScanForm({ scanners, isStarting, start }: FormProps) {
  const { w } = useWords();
  const [device, setDevice] = useState(scanners[0]?.device ?? '');
  const [asked, setAsked] = useState<{ source?: Order['source']; mode?: Order['mode'] }>({});
  const [resolutionDpi, setResolution] = useState<number | null>(null);
  const [separators, setSeparators] = useState(false);
  const scanner = scanners.find((s) => s.device === device) ?? scanners[0];
  if (!scanner) return null;
  const source = asked.source && scanner.sources.includes(asked.source) ? asked.source : scanner.sources[0];
  const mode = asked.mode && scanner.modes.includes(asked.mode) ? asked.mode : scanner.modes[0];
  const dpis = RESOLUTIONS.filter((dpi) => canResolve(scanner, dpi));
  return (
    <Form layout="vertical" onFinish={() => source && mode && start({ device: scanner.device, source, mode, resolutionDpi, separators })}>
      <Form.Item label={w('scan.device')} htmlFor="scan-device">
        <Select
          id="scan-device"
          value={scanner.device}
          onChange={setDevice}
          options={scanners.map((s) => ({ value: s.device, label: `${s.vendor} ${s.model}${s.isBusy ? ` · ${w('scan.busy')}` : ''}` }))}
        />
      </Form.Item>
      <Form.Item label={w('scan.source')} htmlFor="scan-source">
        <Select
          id="scan-source"
          value={source ?? null}
          onChange={(next) => next && setAsked({ ...asked, source: next })}
          options={scanner.sources.map((value) => ({ value, label: w(`scan.source.${value}`) }))}
        />
      </Form.Item>
      <Form.Item label={w('scan.mode')} htmlFor="scan-mode">
        <Select
          id="scan-mode"
          value={mode ?? null}
          onChange={(next) => next && setAsked({ ...asked, mode: next })}
          options={scanner.modes.map((value) => ({ value, label: w(`scan.mode.${value}`) }))}
        />
      </Form.Item>
      <Form.Item label={w('scan.resolution')} htmlFor="scan-resolution">
        <Select
          id="scan-resolution"
          value={resolutionDpi ?? 0}
          onChange={(dpi) => setResolution(dpi || null)}
          options={[
            { value: 0, label: w('scan.resolution.scheme') },
            ...dpis.map((value) => ({ value: value as number, label: `${value} dpi` })),
          ]}
        />
      </Form.Item>
      <Form.Item>
        <Checkbox checked={separators} onChange={(event) => setSeparators(event.target.checked)}>
          {w('separator.among')}
        </Checkbox>
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={isStarting} disabled={scanner.isBusy}>
        {w('scan.start')}
      </Button>
    </Form>
  );
}

interface ProgressProps {
  readonly scan: Scan;
  readonly isEnding: boolean;
  goOn(): void;
  end(keep: boolean): void;
  onAgain(): void;
}

/** A stack on its way: how many faces are safe, and what a person decides. */
function ScanProgress({ scan, isEnding, goOn, end, onAgain }: ProgressProps) {
  const { w, code } = useWords();
  const { faces, state } = scan;
  const why = scan.code === null ? null : code(scan.code, { faces });
  // Paper that went through the feeder is lost work: a slip of the hand does not throw it away.
  const discard = (
    <Popconfirm
      title={w('scan.discardSure', { faces })}
      okText={w('scan.discard')}
      okButtonProps={{ danger: true }}
      onConfirm={() => end(false)}
    >
      <Button danger loading={isEnding}>
        {w('scan.discard')}
      </Button>
    </Popconfirm>
  );
  return (
    <div className="scan-progress" data-scan={state}>
      <p role="status" className="now">
        <strong>{w(`scan.state.${state}`)}</strong> · {w('scan.faces', { faces })}
      </p>
      {why !== null && (
        <p className="warn" role="alert">
          {why}
        </p>
      )}
      {state === 'scanning' && (
        <div className="scan-acts">
          <Button loading={isEnding} onClick={() => end(true)}>
            {w('scan.stop')}
          </Button>
          {discard}
        </div>
      )}
      {state === 'waiting' && (
        <div className="scan-acts">
          <Button type="primary" onClick={goOn}>
            {w('scan.goOn')}
          </Button>
          <Button loading={isEnding} disabled={faces === 0} onClick={() => end(true)}>
            {w('scan.keep', { faces })}
          </Button>
          {discard}
        </div>
      )}
      {(state === 'done' || state === 'failed') && (
        <div className="scan-acts">
          {scan.importId && (
            <Link to="/capture/$importId" params={{ importId: scan.importId }}>
              {w('scan.toImport')}
            </Link>
          )}
          <Button onClick={onAgain}>{w('scan.another')}</Button>
        </div>
      )}
    </div>
  );
}

/** Scans a stack of paper into a dossier, on a scanner of the machine that serves. Closing the dialogue stops nothing. */
export function ScanDialog({ dossierId, onClose }: { dossierId: string; onClose: () => void }) {
  const { w } = useWords();
  const queries = useQueryClient();
  const { query, again } = useScanners();
  const [started, setStarted] = useState<Scan | null>(null);
  const scan = useScan(started);
  const keep = (now: Scan) => queries.setQueryData(['scan', now.id], now);
  const start = useMutation({
    mutationFn: (body: Order) => answer(api.POST('/api/v1/dossiers/{dossierId}/scans', { params: { path: { dossierId } }, body })),
    onSuccess: setStarted,
  });
  const act = useMutation({
    mutationFn: (how: 'go-on' | 'keep' | 'discard') => {
      const params = { path: { scanId: started?.id ?? '' } };
      return answer(
        how === 'go-on'
          ? api.POST('/api/v1/scans/{scanId}/continuation', { params })
          : api.POST('/api/v1/scans/{scanId}/end', { params, body: { keep: how === 'keep' } }),
      );
    },
    onSuccess: keep,
  });
  const anew = () => {
    setStarted(null);
    start.reset();
    act.reset();
    void again.mutate();
  };
  const scanners = query.data?.items ?? [];
  return (
    <Modal open title={w('scan.title')} onCancel={onClose} footer={null} destroyOnHidden>
      <Refused error={start.error ?? act.error ?? (isRefusal(scan.error) ? scan.error : null)} />
      {started && scan.data ? (
        <ScanProgress
          scan={scan.data}
          isEnding={act.isPending}
          goOn={() => act.mutate('go-on')}
          end={(keeps) => act.mutate(keeps ? 'keep' : 'discard')}
          onAgain={anew}
        />
      ) : query.isPending || again.isPending ? (
        <LoadingState what={w('scan.looking')} />
      ) : scanners.length > 0 ? (
        <ScanForm scanners={scanners} isStarting={start.isPending} start={(order) => start.mutate(order)} />
      ) : (
        <EmptyState title={w('scan.none')} actions={<Button onClick={() => again.mutate()}>{w('scan.look')}</Button>}>
          {isRefusal(query.error) ? <Refused error={query.error} /> : w('scan.noneText')}
        </EmptyState>
      )}
    </Modal>
  );
}

/** Opens the scanners for a dossier. */
export function ScanButton({ dossierId, size = 'middle' }: { dossierId: string; size?: 'middle' | 'large' }) {
  const { w } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size={size} icon={<ScanOutlined />} onClick={() => setOpen(true)}>
        {w('scan.act')}
      </Button>
      {isOpen && <ScanDialog dossierId={dossierId} onClose={() => setOpen(false)} />}
    </>
  );
}
