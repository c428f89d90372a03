-- Where people are kept in step from: an Excel sheet, SCIM, LDAP (docs/spec/directory.md). INVARIANT: nothing personal in clear: who somebody is
-- at a source is a keyed token and a sealed column; units are codes and ids.

create table directory_source (
  id uuid primary key,
  kind text not null check (kind in ('sheet', 'scim', 'ldap')),
  -- The fonds whose units the source speaks of.
  fonds_id uuid not null references fonds,
  -- When a whole list was last applied, and the code of what went wrong since; null: nothing.
  ran_at_ms bigint,
  fault text,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (kind, fonds_id)
);

-- A person of a source, behind an account: one source at most keeps an account in step.
create table directory_person (
  account_id uuid primary key references account on delete cascade,
  source_id uuid not null references directory_source,
  -- Keyed token of source and external id.
  external_token bytea not null,
  -- JSON {externalId, displayName}, sealed under the account key.
  body bytea not null,
  -- The source made the account; one that was there before is kept in step, and never disabled for having vanished.
  made boolean not null,
  -- The source disabled it, and may enable it again; what an administrator disabled it may not.
  disabled_here boolean not null default false,
  -- Is not in the source any more.
  gone boolean not null default false,
  version integer not null default 1,
  created_at_ms bigint not null,
  changed_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (source_id, external_token)
);

grant select, insert, update on directory_source, directory_person to lantai_app;
