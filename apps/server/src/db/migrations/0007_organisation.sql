-- Who stands where, who is whom, and what is allowed: organisations as a tree, posts, subjects behind accounts, kinship, consultations,
-- and the policy in force (docs/spec/policy.md). Codes, ids and times alone: nothing here names anybody.

-- Organisations form a tree (group → subsidiary, province → city → county), each with its fonds.
alter table fonds add column parent_id uuid references fonds;
-- A unit that was merged into another stays: the log speaks of it.
alter table unit add column merged_into uuid references unit, add column version integer not null default 1;

alter table account drop constraint account_role_check;
alter table account add constraint account_role_check check (role in
  ('system_admin', 'security_admin', 'audit_admin', 'archivist', 'unit_clerk', 'reader', 'person', 'trial_owner'));

-- A policy as it was written. One is in force; without any the program's own default is.
create table policy_version (
  version integer primary key,
  text text not null,
  state text not null check (state in ('draft', 'active', 'former')),
  made_by uuid not null references account,
  made_at_ms bigint not null,
  activated_by uuid references account,
  activated_at_ms bigint,
  entry_id uuid not null references entry
);
create unique index policy_active on policy_version (state) where state = 'active';

-- Further appointments of an account, beside the one in its row.
create table post (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  role text not null check (role in ('archivist', 'unit_clerk', 'reader', 'person')),
  fonds_id uuid references fonds,
  unit_id uuid references unit,
  level_max smallint not null,
  -- Sealed categories whose audience it belongs to.
  audiences text[] not null default '{}',
  created_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry
);
create index post_by_account on post (account_id) where ended_at_ms is null;

-- The subject that an account's person is. Other subjects of the same fonds with the same ID number are meant with it.
create table subject_tie (
  account_id uuid not null references account on delete cascade,
  subject_id uuid not null references subject on delete cascade,
  created_at_ms bigint not null,
  entry_id uuid not null references entry,
  primary key (account_id, subject_id)
);

-- The kinship register (回避登记): a person, known by an account or by a subject, and a subject that is a relative.
create table kinship (
  id uuid primary key,
  account_id uuid references account on delete cascade,
  person_subject_id uuid references subject on delete cascade,
  subject_id uuid not null references subject on delete cascade,
  relation text not null check (relation in ('spouse', 'parent', 'child', 'sibling', 'other')),
  source text not null check (source in ('declaration', 'record')),
  created_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry,
  check (num_nonnulls(account_id, person_subject_id) = 1)
);
create index kinship_by_account on kinship (account_id) where ended_at_ms is null;
create index kinship_by_person on kinship (person_subject_id) where ended_at_ms is null;
create index kinship_by_subject on kinship (subject_id) where ended_at_ms is null;

-- An approved consultation (查阅): what is named to its readers for a time.
create table consultation (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  dossier_id uuid references dossier on delete cascade,
  subject_id uuid references subject on delete cascade,
  unit_id uuid references unit,
  rights text[] not null,
  purposes text[] not null,
  audiences text[] not null default '{}',
  from_ms bigint not null,
  until_ms bigint not null,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry,
  check (num_nonnulls(dossier_id, subject_id, unit_id) = 1),
  check (until_ms > from_ms)
);
create index consultation_by_fonds on consultation (fonds_id, id desc);

create table consultation_reader (
  consultation_id uuid not null references consultation on delete cascade,
  account_id uuid not null references account on delete cascade,
  party_member boolean not null,
  -- Signed in for it until then.
  present_until_ms bigint not null default 0,
  -- The entry by which the reader declared that the subject is no relative.
  statement_entry_id uuid references entry,
  primary key (consultation_id, account_id)
);
create index consultation_by_reader on consultation_reader (account_id);

-- Units that are being moved or merged: rows and tokens follow in a job, and a count is not taken from tokens alone until they have.
create table reorganisation (
  id uuid primary key,
  kind text not null check (kind in ('move', 'merge')),
  unit_id uuid not null references unit,
  into_id uuid references unit,
  state text not null default 'running' check (state in ('running', 'done')),
  done_count integer not null default 0,
  -- The last dossier that was done: a job that is taken up again goes on behind it.
  last_dossier_id uuid,
  started_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry
);
create index reorganisation_running on reorganisation (id) where state = 'running';

grant select, insert, update, delete on policy_version, post, subject_tie, kinship, consultation, consultation_reader, reorganisation to lantai_app;
