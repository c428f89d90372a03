-- The defect dictionary and the calendar of working days are adopted like schemes and quality standards: docs/spec/standards.md.
alter table standard_version drop constraint standard_version_kind_check;
alter table standard_version add constraint standard_version_kind_check check (kind in ('scheme', 'quality', 'defects', 'calendar'));
-- Years that the calendar did not know when a limit was reckoned: weekends alone were counted there, and the request says so.
alter table subject_request add column years_without_calendar smallint[] not null default '{}';

-- A restored backup may hold dossiers that were destroyed after it was made: they are destroyed again (ADR 0563). Who approved then may have come
-- after the backup, and stands in the log alone.
alter table destruction alter column approved_by drop not null;
alter table destruction alter column second_by drop not null;
-- By which a destruction was known that a restored backup did not hold: the surviving log, or the key store. Null: an ordinary one.
alter table destruction add column repeated_by text check (repeated_by in ('log', 'keys'));
alter table destruction add check (repeated_by is not null or (approved_by is not null and second_by is not null));
