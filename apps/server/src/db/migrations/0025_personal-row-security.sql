-- Row-level security on what the law on personal information asks to keep (docs/adr/0120, 0240): requests, consents, restrictions, destructions.
-- Not here: purposes, notices, assessments, breaches and limits, which tell of the archive's work and of nobody.

-- Where a request or consent lies is where its dossier lies: what was left behind by an earlier move follows now.
update consent c set unit_id = d.unit_id, category = d.category, level = d.level from dossier d
  where d.id = c.dossier_id and (c.unit_id, c.category, c.level) is distinct from (d.unit_id, d.category, d.level);
update subject_request q set unit_id = d.unit_id, category = d.category, level = d.level from dossier d
  where d.id = q.dossier_id and (q.unit_id, q.category, q.level) is distinct from (d.unit_id, d.category, d.level);

-- They follow a dossier that moves, one dossier after the other.
create index subject_request_by_dossier on subject_request (dossier_id);

-- The account and its subjects: what it asked for itself stays its own when the dossier, and all that leads to it, is destroyed.
create function reach_own() returns uuid[] language sql stable parallel safe
  as $$ select nullif(current_setting('lantai.own', true), '')::uuid[] $$;

select guard_table('consent', 'dossier_id', 'subject_id = any ((select reach_own())::uuid[])');
select guard_table('subject_request', 'dossier_id', 'array[subject_id, made_by] && (select reach_own())::uuid[]');

alter table subject_request_step enable row level security;
alter table subject_request_step force row level security;
create policy subject_request_step_reached on subject_request_step to lantai_app
  using (exists (select 1 from subject_request q where q.id = request_id));
create policy subject_request_step_whole on subject_request_step to lantai_owner, lantai_system using (true);

-- A restriction holds for every dossier of its subject: whoever reaches one of them reaches it.
alter table restriction enable row level security;
alter table restriction force row level security;
create policy restriction_reached on restriction to lantai_app
  using (exists (select 1 from dossier d where d.subject_id = restriction.subject_id));
create policy restriction_whole on restriction to lantai_owner, lantai_system using (true);

-- The register of destructions names codes and counts: by place, whatever level and category the dossier had, and to who asked for something of it.
alter table destruction enable row level security;
alter table destruction force row level security;
create policy destruction_reached on destruction to lantai_app using (
  array['00000000-0000-0000-0000-000000000000', fonds_id, unit_id, dossier_id] && (select reach_places())
  or exists (select 1 from subject_request q where q.dossier_id = destruction.dossier_id));
create policy destruction_whole on destruction to lantai_owner, lantai_system using (true);
