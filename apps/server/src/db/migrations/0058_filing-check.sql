-- The four-property check as a gate before filing (归档前四性检测; docs/spec/four-properties.md, section 8).

-- Whether dossiers of a fonds under a scheme must be checked before they are filed. INVARIANT: a line is never changed; the latest of a fonds and
-- scheme is in force.
create table filing_check_rule (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  scheme text not null collate "C",
  required boolean not null,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred
);
create index filing_check_rule_in_force on filing_check_rule (fonds_id, scheme, id desc);
grant select, insert on filing_check_rule to lantai_app;

-- What the dossier was when it was looked at: both numbers of its row. Empty of checks that have not ended, and of those made before this.
alter table property_check add column dossier_version integer;
alter table property_check add column dossier_changed_at_ms bigint;
alter table property_check add constraint property_check_of_what
  check ((dossier_version is null) = (dossier_changed_at_ms is null) and (dossier_version is null or state = 'done'));

-- INVARIANT: what was found, and of what, stays as it was found; only its sealed text may be sealed anew.
drop trigger property_check_kept on property_check;
create trigger property_check_kept before update on property_check for each row
  when (old.state <> 'running' and (old.id, old.dossier_id, old.moment, old.standard, old.state, old.code, old.total, old.done, old.made_by,
    old.created_at_ms, old.entry_id, old.ended_at_ms, old.result_entry_id, old.dossier_version, old.dossier_changed_at_ms) is distinct from (new.id,
    new.dossier_id, new.moment, new.standard, new.state, new.code, new.total, new.done, new.made_by, new.created_at_ms, new.entry_id,
    new.ended_at_ms, new.result_entry_id, new.dossier_version, new.dossier_changed_at_ms))
  execute function keep_property_check();
