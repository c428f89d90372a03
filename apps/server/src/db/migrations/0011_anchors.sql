-- Standing proof outside the archive (docs/spec/anchor.md): who is asked for it, and what they gave. Nothing here is secret or names anybody.

-- A time-stamp authority, a contract on a chain, or a witness. What was set is never changed: another is added, the old one ended.
create table anchor_provider (
  id uuid primary key,
  kind text not null check (kind in ('rfc3161', 'evm', 'witness')),
  -- A code, as commands and messages name it.
  name text not null collate "C" check (name ~ '^[a-z][a-z0-9-]{0,31}$'),
  settings jsonb not null,
  interval_ms bigint not null check (interval_ms > 0),
  created_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry,
  -- When it is asked next, and what went wrong since it last answered well.
  next_at_ms bigint not null,
  done_at_ms bigint,
  failures integer not null default 0,
  fault text,
  fault_reason text
);
create unique index anchor_provider_name on anchor_provider (name) where ended_at_ms is null;

-- An anchor of one checkpoint. `waiting`: to be made. `held`: made and checked. `gone`, `wrong`: a later check found that it is not.
create table anchor (
  id uuid primary key,
  provider_id uuid not null references anchor_provider,
  size bigint not null references checkpoint,
  state text not null check (state in ('waiting', 'held', 'gone', 'wrong')),
  proof jsonb,
  -- The provider's own time.
  anchored_at_ms bigint,
  created_at_ms bigint not null,
  checked_at_ms bigint,
  -- When it is checked again; null when it is not.
  check_at_ms bigint,
  check (state = 'waiting' or proof is not null)
);
create unique index anchor_live on anchor (provider_id, size) where state in ('waiting', 'held');
create index anchor_due on anchor (check_at_ms) where state = 'held';
create index anchor_by_size on anchor (size) where state = 'held';

-- The line that a witness put under a checkpoint (C2SP tlog-cosignature).
create table cosignature (
  provider_id uuid not null references anchor_provider,
  size bigint not null references checkpoint,
  line text not null,
  seen_at_ms bigint not null,
  primary key (provider_id, size)
);
create index cosignature_by_size on cosignature (size desc);

grant select, insert, update, delete on anchor_provider, anchor, cosignature to lantai_app;
