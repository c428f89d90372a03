-- Archival codes in several forms (docs/spec/archival-codes.md): which form leads in a fonds, second codes, and codes that dossiers had.

-- Every code that a dossier of a fonds has or had, whatever its standing. INVARIANT: one code means one dossier of a fonds, for ever as long as that
-- dossier is there. Written by the triggers below alone; who makes a code that is taken fails on its key.
create table code_taken (
  fonds_id uuid not null references fonds,
  code text not null collate "C",
  dossier_id uuid not null references dossier on delete cascade,
  primary key (fonds_id, code)
);
insert into code_taken (fonds_id, code, dossier_id) select fonds_id, code, id from dossier;
grant select on code_taken to lantai_app;

-- Second and former codes. The leading one is the dossier's own.
create table dossier_code (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  code text not null collate "C",
  -- The form by which it was made; null: as it was given.
  form text check (form in ('da-t-13', 'da-t-22')),
  standing text not null check (standing in ('second', 'former')),
  since_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred
);
create index dossier_code_by_dossier on dossier_code (dossier_id, id);
create index dossier_code_by_code on dossier_code (fonds_id, code);
create unique index dossier_code_second on dossier_code (dossier_id) where standing = 'second';
select guard_table('dossier_code', 'dossier_id', null);
grant select, insert, update, delete on dossier_code to lantai_app;

-- As the owner: a code is taken also by a dossier that the actor does not reach.
create function take_code() returns trigger language plpgsql security definer set search_path = public as $$
declare of_dossier uuid;
begin
  if tg_table_name = 'dossier' then of_dossier := new.id; else of_dossier := new.dossier_id; end if;
  if tg_op = 'UPDATE' then
    delete from code_taken where fonds_id = old.fonds_id and code = old.code;
  end if;
  insert into code_taken (fonds_id, code, dossier_id) values (new.fonds_id, new.code, of_dossier);
  return null;
end $$;
create function free_code() returns trigger language plpgsql security definer set search_path = public as $$
begin
  delete from code_taken where fonds_id = old.fonds_id and code = old.code;
  return null;
end $$;
create trigger dossier_code_taken after insert on dossier for each row execute function take_code();
create trigger dossier_code_changed after update of code on dossier for each row when (old.code <> new.code) execute function take_code();
create trigger other_code_taken after insert on dossier_code for each row execute function take_code();
create trigger other_code_freed after delete on dossier_code for each row execute function free_code();

-- Which form leads in a fonds for dossiers of a scheme, and which is kept beside it. Nothing: codes are given as they always were.
create table code_rule (
  fonds_id uuid not null references fonds,
  scheme text not null collate "C",
  leading_form text check (leading_form in ('da-t-13', 'da-t-22')),
  second_form text check (second_form in ('da-t-13', 'da-t-22')),
  made_by uuid not null references account,
  made_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  primary key (fonds_id, scheme),
  check (leading_form is distinct from second_form or leading_form is null)
);
grant select, insert, update on code_rule to lantai_app;
