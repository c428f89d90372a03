import { Button } from 'antd';
import { useState } from 'react';
import { useConsents, useNotices, useOwnDossiers, useRecordConsent, useRequests, useWithdrawConsent } from '../../api/personal.ts';
import { Chip } from '../../parts/chip.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { RequestDialog } from './request-dialog.tsx';
import { NewRequest, RequestLines } from './request-list.tsx';

/** The person's own dossiers: that they are kept, since when, and what is missing. */
function Own() {
  const { w, code, language } = useWords();
  const { data, error, refetch } = useOwnDossiers();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.items.length === 0) return <EmptyState title={w('personal.notTied')}>{w('personal.notTiedHelp')}</EmptyState>;
  return (
    <ul className="personal-list card">
      {data.items.map((d) => (
        <li key={d.dossierId} className="own-dossier">
          <strong className="num">{d.code}</strong>
          <span className="quiet">{w('personal.keptSince', { day: sayDay(d.keptSinceMs, language) })}</span>
          <span className="states">
            {d.isRestricted && <Chip tone="amber">{w('personal.restricted')}</Chip>}
            {!d.isReadable && <Chip>{w('personal.statusOnly')}</Chip>}
            <Chip tone={d.missing.length ? 'amber' : 'jade'}>{w('personal.missing', { count: d.missing.length })}</Chip>
          </span>
          {d.missing.length > 0 && (
            <details>
              <summary>{w('personal.missingWhat')}</summary>
              <ul>
                {d.missing.map((finding) => (
                  <li key={`${finding.code}${JSON.stringify(finding.params)}`}>{code(finding.code, finding.params ?? {})}</li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Texts that the person may agree to, and what was agreed. */
function OwnConsents() {
  const { w, language } = useWords();
  const own = useOwnDossiers();
  const notices = useNotices();
  const consents = useConsents();
  const record = useRecordConsent();
  const withdraw = useWithdrawConsent();
  const current = notices.data?.items.filter((n) => n.isCurrent) ?? [];
  if (current.length === 0 || !own.data?.items.length) return null;
  return (
    <section>
      <h2>{w('personal.consents')}</h2>
      <ul className="personal-list card">
        {current.map((notice) => {
          const given = consents.data?.items.find((c) => c.noticeCode === notice.code && c.withdrawnAtMs === null && !c.isOutdated);
          const dossierId = own.data.items[0]?.dossierId;
          return (
            <li key={notice.code} className="own-dossier">
              <strong>{w(`personal.notice.${notice.kind}`)}</strong>
              <details>
                <summary>{w('personal.noticeVersion', { version: notice.version })}</summary>
                <p className="notice-text">{(language === 'en' && notice.text.en) || notice.text.zh}</p>
              </details>
              <span className="states">
                {given && <Chip tone="jade">{w('personal.givenOn', { day: sayDay(given.givenAtMs, language) })}</Chip>}
                {given && notice.kind !== 'notice' && (
                  <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate(given.id)}>
                    {w('personal.withdrawConsent')}
                  </Button>
                )}
                {!given && dossierId && (
                  <Button size="small" loading={record.isPending} onClick={() => record.mutate({ dossierId, noticeCode: notice.code })}>
                    {w(notice.kind === 'notice' ? 'personal.haveRead' : 'personal.agree')}
                  </Button>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** 我的请求: what the person may know of the own dossier, what was asked, and what came of it. */
export function MyRequests() {
  const { w } = useWords();
  const own = useOwnDossiers();
  const { data, error, refetch } = useRequests();
  const [asking, setAsking] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const request = data?.items.find((item) => item.id === opened);
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>{w('personal.mine')}</h1>
        <div className="stretch" />
        <Button type="primary" disabled={!own.data?.items.length} onClick={() => setAsking(true)}>
          {w('personal.ask')}
        </Button>
      </div>
      <Own />
      <h2>{w('personal.requests')}</h2>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !data ? (
        <LoadingState />
      ) : data.items.length === 0 ? (
        <p className="quiet">{w('personal.noneOwn')}</p>
      ) : (
        <RequestLines items={data.items} open={setOpened} />
      )}
      <OwnConsents />
      {asking && own.data && <NewRequest own={own.data.items} close={() => setAsking(false)} />}
      {request && <RequestDialog key={`${request.id}/${request.state}`} request={request} close={() => setOpened(null)} />}
    </div>
  );
}
