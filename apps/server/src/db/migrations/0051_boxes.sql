-- Boxes (卷盒; docs/spec/boxes.md): which volume of which dossier lies in which box, and where the box stands. Codes, numbers and ids alone.

-- INVARIANT: a box is never deleted and its number never given again: labels with it are out in the storeroom.
create table box (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  -- The unit that keeps it; like the category and the level, what says who sees it.
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  number integer not null check (number between 1 and 999999999),
  spine_mm smallint not null check (spine_mm in (20, 30, 40, 50)),
  capacity_sheets integer not null check (capacity_sheets between 1 and 2000),
  -- What it is arranged by, where it is: period, year, scheme and class.
  retention text collate "C" check (retention ~ '^(Y|D[1-9][0-9]{0,2})$'),
  year smallint check (year between 1800 and 2999),
  scheme text collate "C",
  class_code text collate "C" check (class_code is null or scheme is not null),
  -- Where it stands: 库房, 分区, 密集架, 列, 层, 盒位. Empty: not known.
  place_repository text not null default '',
  place_zone text not null default '',
  place_rack text not null default '',
  place_bay text not null default '',
  place_shelf text not null default '',
  place_slot text not null default '',
  -- Whether labels may name those whose dossiers lie in it.
  names_outside boolean not null default false,
  version integer not null default 1,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  -- Taken out of use; only an empty one is.
  ended_at_ms bigint,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (fonds_id, number)
);
create index box_by_place on box (place_repository collate "C", place_zone collate "C", place_rack collate "C");
select guard_table('box', null, null);

-- A volume (册) of a dossier in a box. INVARIANT: a volume lies in one box at a time; the order in a box has no place twice.
create table box_volume (
  dossier_id uuid not null references dossier on delete cascade,
  volume smallint not null check (volume between 1 and 99),
  box_id uuid not null references box,
  position integer not null check (position > 0),
  sheets integer not null check (sheets between 1 and 2000),
  put_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  primary key (dossier_id, volume),
  unique (box_id, position) deferrable initially deferred
);

grant select, insert, update on box to lantai_app;
grant select, insert, update, delete on box_volume to lantai_app;

-- Whoever reaches the box reaches what lies in it, so that its order and its sheets are whole: ids and numbers. Whose a dossier is says the dossier's
-- own row. Whoever reaches the dossier alone reaches its volumes.
alter table box_volume enable row level security;
alter table box_volume force row level security;
create policy box_volume_reached on box_volume to lantai_app using (
  exists (select 1 from box b where b.id = box_id) or exists (select 1 from dossier d where d.id = dossier_id));
create policy box_volume_whole on box_volume to lantai_owner, lantai_system using (true);

-- INVARIANT: what lies in a box is of its fonds and its category and no higher than its level, and no box that is out of use holds anything.
-- As the owner: it looks at whole boxes, whatever anybody reaches.
create function keep_box_volume() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if not exists (select 1 from box b join dossier d on d.id = new.dossier_id where b.id = new.box_id and b.fonds_id = d.fonds_id
      and b.category = d.category and d.level <= b.level and b.ended_at_ms is null) then
    raise exception 'a volume does not belong into this box';
  end if;
  return new;
end $$;
create constraint trigger box_volume_kept after insert or update on box_volume deferrable initially deferred
  for each row execute function keep_box_volume();

-- The last number given in a fonds, and the first of some asked for that is given already. As the owner: numbers of boxes that the actor does not
-- reach are given too. It tells numbers alone.
create function box_numbers(of_fonds uuid, wanted integer, how_many integer) returns table (last integer, taken integer)
  language sql stable security definer set search_path = public
  as $$ select (select max(number) from box where fonds_id = of_fonds),
    (select min(number) from box where fonds_id = of_fonds and number >= wanted and number < wanted + how_many) $$;

-- Number and place of the box of a volume that is seen, to whoever reaches the dossier and not the box: no data of anybody.
create function box_standing(of_box uuid, at_position integer) returns table (number integer, place_repository text, place_zone text, place_rack text,
    place_bay text, place_shelf text, place_slot text, ordinal integer)
  language sql stable security definer set search_path = public
  as $$ select b.number, b.place_repository, b.place_zone, b.place_rack, b.place_bay, b.place_shelf, b.place_slot,
      (select count(*)::int from box_volume v where v.box_id = b.id and v.position <= at_position) from box b where b.id = of_box $$;
