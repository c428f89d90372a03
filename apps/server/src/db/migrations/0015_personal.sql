-- What the law on personal information asks (个人信息保护法): purposes with their legal basis, notices, consents, requests, restriction,
-- destruction, impact assessments, breaches (docs/spec/personal-information.md). Free text is sealed; clear are codes, ids, states and times.
-- INVARIANT: no foreign key leads from these to a dossier or subject: what was done by law stays on record when the person's data is gone.

-- A purpose as the archive states it. A change is a new version; the newest is in force.
create table processing_purpose (
  code text not null collate "C",
  version integer not null,
  -- Statement, kinds of data, retention, recipients: about the archive's work, not about anybody.
  body jsonb not null,
  basis text not null,
  retired boolean not null default false,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  entry_id uuid not null references entry,
  primary key (code, version)
);

-- The text that persons are told (告知) or agree to (同意, 单独同意), as it was worded.
create table notice (
  code text not null collate "C",
  version integer not null,
  kind text not null check (kind in ('notice', 'consent', 'separate_consent')),
  purpose_code text not null collate "C",
  purpose_version integer not null,
  text jsonb not null,
  -- SHA-256 of the text: what a consent was given to.
  digest bytea not null,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  entry_id uuid not null references entry,
  primary key (code, version),
  foreign key (purpose_code, purpose_version) references processing_purpose
);

-- That a person was told, or agreed, to one version of a text; and took it back.
create table consent (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null,
  subject_id uuid not null,
  notice_code text not null collate "C",
  notice_version integer not null,
  way text not null check (way in ('paper', 'account')),
  given_at_ms bigint not null,
  given_by uuid not null references account,
  entry_id uuid not null references entry,
  withdrawn_at_ms bigint,
  withdrawn_by uuid references account,
  withdrawal_entry_id uuid references entry,
  foreign key (notice_code, notice_version) references notice
);
create index consent_by_dossier on consent (dossier_id, id);
create unique index consent_in_force on consent (dossier_id, notice_code, notice_version) where withdrawn_at_ms is null;

-- What a person asks for. Texts are sealed under the dossier's key and go with it.
create table subject_request (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null,
  subject_id uuid not null,
  kind text not null check (kind in ('see', 'copy', 'correct', 'restrict', 'delete', 'explain')),
  state text not null check (state in ('received', 'granted', 'refused', 'done', 'withdrawn')),
  way text not null check (way in ('desk', 'account')),
  received_at_ms bigint not null,
  -- The end of the last day for the answer; later once it was extended with a reason.
  due_at_ms bigint not null,
  extended boolean not null default false,
  made_by uuid not null references account,
  -- Code of the decision's ground, e.g. the article a refusal rests on.
  ground text,
  decided_by uuid references account,
  decided_at_ms bigint,
  ended_at_ms bigint,
  -- Of a deletion: when the retention it rests on ended.
  retained_until_ms bigint,
  version integer not null default 1,
  entry_id uuid not null references entry
);
create index subject_request_open on subject_request (fonds_id, due_at_ms) where state in ('received', 'granted');
create index subject_request_by_subject on subject_request (subject_id, id);

-- Each step of a request with its words, sealed: what was asked, why it was decided so, what was done.
create table subject_request_step (
  id uuid primary key,
  request_id uuid not null references subject_request,
  kind text not null check (kind in ('received', 'extended', 'granted', 'refused', 'fulfilled', 'approved', 'withdrawn')),
  text bytea,
  actor_id uuid not null references account,
  at_ms bigint not null,
  entry_id uuid not null references entry
);
create index subject_request_step_by_request on subject_request_step (request_id, id);

-- Processing of a subject's data is restricted (限制处理) until it is lifted.
create table restriction (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  dossier_id uuid not null,
  subject_id uuid not null,
  request_id uuid references subject_request,
  from_ms bigint not null,
  made_by uuid not null references account,
  entry_id uuid not null references entry,
  lifted_at_ms bigint,
  lifted_by uuid references account,
  lift_entry_id uuid references entry
);
create unique index restriction_in_force on restriction (subject_id) where lifted_at_ms is null;

-- Destruction of a dossier by law. The row is written before anything is destroyed and says how far it came.
create table destruction (
  dossier_id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  subject_id uuid not null,
  -- The subject had no other dossier: its own key goes too.
  with_subject boolean not null,
  code text not null collate "C",
  request_id uuid references subject_request,
  ground text not null,
  approved_by uuid not null references account,
  second_by uuid not null references account check (second_by <> approved_by),
  intended_at_ms bigint not null,
  entry_id uuid not null references entry,
  page_count integer not null,
  object_count integer not null,
  -- Key backups made until then may still hold the key.
  backups_until_ms bigint not null,
  done_at_ms bigint,
  done_entry_id uuid references entry
);

create table impact_assessment (
  id uuid primary key,
  occasion text not null,
  purpose_code text collate "C",
  -- Sealed under the audit key.
  body bytea not null,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  keep_until_ms bigint not null,
  -- The assessment that this one replaces.
  replaces uuid references impact_assessment,
  entry_id uuid not null references entry
);

-- A breach (泄露), or a drill of one.
create table breach (
  id uuid primary key,
  drill boolean not null,
  found_at_ms bigint not null,
  -- Sealed under the audit key: what happened, kinds, cause, harm, remedies, contact.
  body bytea not null,
  persons_count integer not null,
  authority_due_ms bigint not null,
  persons_due_ms bigint not null,
  authority_told_at_ms bigint,
  persons_told_at_ms bigint,
  closed_at_ms bigint,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  entry_id uuid not null references entry
);

-- Limits that an archive sets for itself.
create table personal_limit (
  code text primary key,
  value integer not null,
  changed_at_ms bigint not null,
  entry_id uuid not null references entry
);

grant select, insert on processing_purpose, notice, subject_request_step, impact_assessment to lantai_app;
-- What was done by law is never taken off the record.
grant select, insert, update on consent, subject_request, restriction, destruction, breach, personal_limit to lantai_app;
-- Destroying a person's data takes the salts away that tie entries to content; bytes and positions stay as they are.
grant update (salt) on entry to lantai_app;
-- A salt is made with its entry and only ever taken away, where a destruction was recorded.
create function keep_entry_salt() returns trigger language plpgsql as $$
begin
  if new.salt is not null or not exists (select 1 from public.destruction where dossier_id = old.dossier_id) then
    raise exception 'an entry keeps its salt until its dossier is destroyed' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger entry_salt_kept before update of salt on entry
  for each row when (old.salt is distinct from new.salt) execute function keep_entry_salt();
