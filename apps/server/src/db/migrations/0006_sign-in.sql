-- Who signs in, by what, and what administrators do to accounts (docs/spec/sign-in.md).
-- INVARIANT: a secret that is shown once (token, recovery code, challenge) is kept as a digest; what must be read again (the TOTP secret)
-- is sealed under the account key.

alter table account
  add column version integer not null default 1,
  add column password_changed_at_ms bigint,
  -- argon2id hashes of the passwords before the present one, newest first: none of them is taken again.
  add column former_hashes text[] not null default '{}',
  -- Every role the account ever had: the acts of one who was audit administrator stay visible to the security administrator.
  add column held_roles text[] not null default '{}',
  -- Keyed token of the staff or ID number of the person behind the account: one person cannot hold two of the three administrators.
  add column holder_token bytea,
  add column signed_in_at_ms bigint,
  add column totp_secret bytea,
  add column totp_confirmed boolean not null default false,
  -- The last time step whose code was used: it and all before it are refused.
  add column totp_last_step bigint not null default 0,
  -- Keyed token of issuer and subject at an OpenID provider, linked by an administrator.
  add column oidc_token bytea unique;
update account set password_changed_at_ms = created_at_ms, held_roles = array[role];
alter table account alter password_changed_at_ms set not null;
create unique index account_one_administrator on account (holder_token)
  where role in ('system_admin', 'security_admin', 'audit_admin') and not disabled;
create index account_by_holder on account (holder_token) where holder_token is not null;

-- Sessions of before know neither their id nor how they began: everybody signs in again.
delete from session;
alter table session
  add column id uuid not null unique,
  add column way text not null check (way in ('password', 'totp', 'recovery', 'passkey', 'oidc')),
  -- When password or second factor were last shown: dangerous acts ask for it again.
  add column fresh_at_ms bigint not null,
  -- Address and browser, sealed under the account key.
  add column client bytea not null;
create index session_by_account on session (account_id);

-- A question the server asked and waits to have answered once: passkey ceremonies, the way to an OpenID provider and back.
create table challenge (
  digest bytea primary key,
  kind text not null check (kind in ('passkey-add', 'passkey-in', 'passkey-fresh', 'oidc')),
  account_id uuid references account on delete cascade,
  value bytea not null,
  expires_at_ms bigint not null
);

create table recovery_code (
  digest bytea primary key,
  account_id uuid not null references account on delete cascade,
  used_at_ms bigint
);
create index recovery_code_by_account on recovery_code (account_id);

create table passkey (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  credential_id bytea not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  label bytea not null,
  created_at_ms bigint not null,
  used_at_ms bigint
);
create index passkey_by_account on passkey (account_id);

create table api_token (
  id uuid primary key,
  token_digest bytea not null unique,
  account_id uuid not null references account on delete cascade,
  label bytea not null,
  scopes text[] not null,
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  used_at_ms bigint,
  revoked_at_ms bigint
);
create index api_token_by_account on api_token (account_id);

-- Access in an emergency: asked by one person, opened by another, over by itself.
create table break_glass (
  id uuid primary key,
  account_id uuid not null references account,
  second_id uuid references account check (second_id <> account_id),
  reason bytea not null,
  minutes smallint not null check (minutes between 5 and 120),
  asked_at_ms bigint not null,
  opened_at_ms bigint,
  ends_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry
);
create index break_glass_open on break_glass (account_id) where ended_at_ms is null;

grant select, insert, update, delete on challenge, recovery_code, passkey, api_token to lantai_app;
-- What was opened in an emergency is never deleted.
grant select, insert, update on break_glass to lantai_app;
