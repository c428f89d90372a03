-- A position, once given, is kept for ever: beside the sequencer's own statement, which touches rows without one only, the table refuses.
-- INVARIANT: a receipt names a position, and a checkpoint was signed over it. Even the owner of the table must take the trigger away first.
create function keep_entry_position() returns trigger language plpgsql as $$
begin
  raise exception 'an entry keeps the position it was given' using errcode = '42501';
end $$;

create trigger entry_position_kept before update of position on entry
  for each row when (old.position is not null and new.position is distinct from old.position)
  execute function keep_entry_position();
