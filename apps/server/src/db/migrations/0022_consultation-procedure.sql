-- Asking for a consultation (申请) and approving it (审批) are two acts of two persons (docs/spec/consultation.md). What was approved before
-- had been asked and approved in one act by one archivist: it stays as it was.
alter table consultation
  add column state text not null default 'approved'
    check (state in ('requested', 'approved', 'open', 'refused', 'withdrawn', 'ended', 'expired')),
  -- Words of the request (unit, letter, reason, contents, its leader), sealed; null: from before there were any.
  add column request bytea,
  -- Words of the decision (opinion or reason of a refusal, the leader who signed), sealed.
  add column decision bytea,
  add column decided_by uuid references account,
  add column decided_at_ms bigint,
  add column decision_entry_id uuid references entry deferrable initially deferred;
update consultation set state = 'ended' where ended_at_ms is not null;
-- From now on each comes in as what is asked for, and nothing opens by being left out.
alter table consultation alter column state set default 'requested';
create index consultation_unsettled on consultation (until_ms) where state in ('requested', 'approved', 'open');
