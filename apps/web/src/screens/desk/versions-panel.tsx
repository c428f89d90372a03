import { useQuery } from '@tanstack/react-query';
import { App, Button, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment, sayPartialDate } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { useDesk } from './desk-state.tsx';
import { useFieldName } from './field-names.ts';
import { Stage } from './page-stage.tsx';
import { ReplaceDialog } from './replace-dialog.tsx';
import { type Change, changesOf } from './version-changes.ts';

type Versions = Schemas['MaterialVersions'];
type Face = Schemas['FaceScans'];
type Former = Schemas['FormerScan'];

const useVersions = (dossierId: string, materialId: string | null, deskVersion: number) =>
  useQuery({
    // Whatever is arranged may make a version.
    queryKey: ['versions', dossierId, materialId, deskVersion],
    enabled: materialId !== null,
    queryFn: () =>
      answer(
        api.GET('/api/v1/dossiers/{dossierId}/materials/{materialId}/versions', {
          params: { path: { dossierId, materialId: materialId ?? '' } },
        }),
      ),
  });

/** A former scan beside the one in use. Each is a look of its own. */
function BesideDialog({ face, former, close }: { face: Face; former: Former; close: () => void }) {
  const { w } = useWords();
  const { desk } = useDesk();
  const page = desk.pages.find((one) => one.id === face.pageId);
  const sides = [
    { name: w('versions.former'), page: { id: former.pageId, turned: former.turned, readState: 'not_needed' as const } },
    ...(page ? [{ name: w('versions.new'), page: { id: page.id, turned: page.turned, readState: 'not_needed' as const } }] : []),
  ];
  return (
    <Modal
      open
      title={w('versions.besideTitle', { place: face.place })}
      footer={null}
      width="min(96vw, 1400px)"
      onCancel={close}
      className="scans-beside"
    >
      <p className="quiet">{w('versions.reason', { reason: former.reason })}</p>
      <div className="scan-pair">
        {sides.map((side) => (
          <figure key={side.page.id}>
            <figcaption>{side.name}</figcaption>
            <Stage page={side.page} label={side.name} lit={[]} withText={false} hotLine={null} onLine={() => undefined} />
          </figure>
        ))}
      </div>
    </Modal>
  );
}

function Scans({ faces }: { faces: readonly Face[] }) {
  const { w, code, language } = useWords();
  const [open, setOpen] = useState<{ face: Face; former: Former } | null>(null);
  return (
    <section>
      <h3>{w('versions.scans')}</h3>
      <ul className="version-list">
        {faces.flatMap((face) =>
          face.former.map((former) => (
            <li key={former.pageId}>
              <b>{w('versions.formerOf', { place: face.place })}</b>
              <small className="quiet">{w('versions.by', { name: former.byName, at: sayMoment(former.atMs, language) })}</small>
              <p>{w('versions.reason', { reason: former.reason })}</p>
              {former.findings.length > 0 && <p className="quiet">{former.findings.map((finding) => code(finding)).join('　')}</p>}
              <Button size="small" onClick={() => setOpen({ face, former })}>
                {w('versions.beside')}
              </Button>
            </li>
          )),
        )}
      </ul>
      {open && <BesideDialog {...open} close={() => setOpen(null)} />}
    </section>
  );
}

/** What a change says: the words before struck, those after beside them. */
function ChangeLine({ change }: { change: Change }) {
  const { w, language } = useWords();
  const fieldName = useFieldName();
  const { scheme } = useDesk();
  const name =
    change.what === 'field'
      ? fieldName(change.code)
      : change.what === 'code' || change.what === 'state'
        ? w(`versions.${change.what}`)
        : w(`form.${change.what}`);
  const say = (value: string) => {
    if (value === '') return w('versions.nothing');
    if (change.what === 'date') return sayPartialDate(value, language);
    if (change.what === 'state') return w(`versions.state.${value as 'draft' | 'proposed' | 'confirmed'}`);
    if (change.what !== 'class') return value;
    const found = scheme?.classes.find((c) => c.code === value);
    return found ? `${found.display} ${found.name[language]}` : value;
  };
  return (
    <div className="change">
      <dt>{name}</dt>
      <dd>
        <span className="unseen">{w('versions.before')}</span> <del>{say(change.before)}</del>{' '}
        <span className="unseen">{w('versions.after')}</span> <ins>{say(change.after)}</ins>
      </dd>
    </div>
  );
}

function Catalogued({ versions }: { versions: Versions }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const { operate, mayArrange, isBusy } = useDesk();
  const restore = (versionId: string) =>
    operate(
      () => [{ type: 'restoreVersion', materialId: versions.materialId, versionId }],
      () => void message.success(w('versions.restored')),
    );
  return (
    <section>
      <h3>{w('versions.catalogued')}</h3>
      <ul className="version-list">
        {versions.catalogued.toReversed().map((version) => (
          <li key={version.id}>
            <small className="quiet">
              {w('versions.by', { name: version.byName || w('versions.house'), at: sayMoment(version.atMs, language) })}
            </small>
            {version.after ? (
              <dl>
                {changesOf(version.before, version.after).map((change) => (
                  <ChangeLine key={`${change.what} ${change.code}`} change={change} />
                ))}
              </dl>
            ) : (
              <p>{w('versions.dissolved')}</p>
            )}
            {mayArrange && !versions.isGone && (
              <Popconfirm title={w('versions.restoreAsk')} onConfirm={() => restore(version.id)}>
                <Button size="small" disabled={isBusy}>
                  {w('versions.restore')}
                </Button>
              </Popconfirm>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the material in hand was before: former scans of its pages, and how it was catalogued. */
export function VersionsPanel() {
  const { w } = useWords();
  const { desk, material, page, mayArrange } = useDesk();
  const [isReplacing, setReplacing] = useState(false);
  const { data, error, refetch, isPending } = useVersions(desk.dossierId, material?.id ?? null, desk.version);
  const number = material && page ? material.pageIds.indexOf(page.id) + 1 : 0;
  if (!material) return <EmptyState title={w('versions.none')}>{w('versions.noneText')}</EmptyState>;
  return (
    <div className="versions-panel">
      {mayArrange && page && number > 0 && <Button onClick={() => setReplacing(true)}>{w('versions.replace')}</Button>}
      {isReplacing && page && <ReplaceDialog page={page} number={number} close={() => setReplacing(false)} />}
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <LoadingState what={w('versions.loading')} />}
      {data && data.scans.length + data.catalogued.length === 0 && (
        <EmptyState title={w('versions.none')}>{w('versions.noneText')}</EmptyState>
      )}
      {data && data.scans.length > 0 && <Scans faces={data.scans} />}
      {data && data.catalogued.length > 0 && <Catalogued versions={data} />}
    </div>
  );
}
