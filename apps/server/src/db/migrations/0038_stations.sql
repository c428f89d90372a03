-- Stations of digitisation (数字化工序; docs/spec/stations.md): batches of dossiers, who claimed which at which station, what an inspection found.
-- A claim of a contractor's account is what opens the dossier to it, for a time: like consultations, these tables are read before there is a reach,
-- which is made of them, and hold ids, codes, numbers and times alone. Words of persons are sealed.

alter table account drop constraint account_role_check;
alter table account add constraint account_role_check check (role in
  ('system_admin', 'security_admin', 'audit_admin', 'archivist', 'unit_clerk', 'reader', 'person', 'contractor', 'trial_owner'));

create table batch (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  code text not null collate "C",
  -- The unit of the contractor that digitises it, in whichever organisation; null: own staff alone.
  contractor_unit_id uuid references unit,
  sampling text not null check (sampling in ('full', 'percent', 'pages')),
  sample_size integer check ((sampling = 'full') = (sample_size is null) and sample_size > 0),
  -- Share of failed pages that is let pass.
  limit_percent smallint not null check (limit_percent between 0 and 100),
  claim_hours smallint not null check (claim_hours between 1 and 72),
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (fonds_id, code)
);

create table batch_dossier (
  batch_id uuid not null references batch on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  station text not null check (station in ('take_out', 'prepare', 'describe', 'scan', 'process', 'check', 'link', 'accept', 'back_up', 'restore', 'done')),
  pass smallint not null default 1 check (pass in (1, 2)),
  -- How often it was sent back, plus one.
  round smallint not null default 1,
  primary key (batch_id, dossier_id)
);
-- INVARIANT: a dossier is in one batch at a time.
create unique index batch_dossier_once on batch_dossier (dossier_id) where station <> 'done';
create index batch_dossier_by_station on batch_dossier (batch_id, station);

create table station_claim (
  id uuid primary key,
  batch_id uuid not null,
  dossier_id uuid not null,
  station text not null check (station in ('take_out', 'prepare', 'describe', 'scan', 'process', 'check', 'link', 'accept', 'back_up', 'restore')),
  pass smallint not null check (pass in (1, 2)),
  round smallint not null,
  account_id uuid not null references account,
  -- The contractor's unit when a contractor's account claimed it.
  unit_id uuid references unit,
  from_ms bigint not null,
  until_ms bigint not null,
  ended_at_ms bigint,
  outcome text check (outcome in ('passed', 'returned', 'released', 'expired')),
  to_station text,
  images_in integer not null,
  images_out integer,
  -- Of an inspection: the seed that drew its pages, 16 hexadecimal digits.
  seed text,
  -- Why it was sent back, sealed under the dossier's key.
  reason bytea,
  entry_id uuid not null references entry deferrable initially deferred,
  end_entry_id uuid references entry deferrable initially deferred,
  foreign key (batch_id, dossier_id) references batch_dossier on delete cascade,
  check ((ended_at_ms is null) = (outcome is null) and (ended_at_ms is null) = (end_entry_id is null)),
  check ((outcome = 'returned') = (to_station is not null))
);
-- INVARIANT: a dossier is in one hand at a time. One whose time is over is ended before another claims it.
create unique index station_claim_open on station_claim (dossier_id) where ended_at_ms is null;
create index station_claim_by_account on station_claim (account_id) where ended_at_ms is null;
create index station_claim_by_batch on station_claim (batch_id, dossier_id, id);

-- The pages drawn for an inspection, in the order of arrival, and what was said of each.
create table station_page (
  claim_id uuid not null references station_claim on delete cascade,
  page_id uuid not null references page on delete cascade,
  place integer not null,
  verdict text check (verdict in ('pass', 'fail')),
  primary key (claim_id, page_id)
);

-- A defect that an inspection found, by the code of the dictionary as it weighed then.
create table station_defect (
  id uuid primary key,
  claim_id uuid not null references station_claim on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  page_id uuid not null references page on delete cascade,
  code text not null,
  severity text not null check (severity in ('serious', 'minor', 'note')),
  unique (claim_id, page_id, code)
);
create index station_defect_by_dossier on station_defect (dossier_id);

grant select, insert, update, delete on batch, batch_dossier, station_claim, station_page, station_defect to lantai_app;
