-- Versions of classification schemes and quality standards that an archive adopted over those that came with the program: docs/spec/standards.md.
create table standard_version (
  id uuid primary key,
  kind text not null check (kind in ('scheme', 'quality')),
  standard_id text not null collate "C",
  version integer not null,
  -- The day of the archive's own clock from which it is in force.
  effective_on date not null,
  text text not null,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  withdrawn_at_ms bigint,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (kind, standard_id, version)
);
create index standard_in_force on standard_version (kind, standard_id, effective_on desc, version desc) where withdrawn_at_ms is null;
grant select, insert, update on standard_version to lantai_app;
