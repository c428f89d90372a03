-- What became of each stamp, for whoever looks after them (docs/spec/anchor.md, section 7).
-- When it was first held; a later check is told from the one that came with it. Null: held before this was kept.
alter table anchor add column held_at_ms bigint;
-- Why a check found it wrong, as the provider's own check says.
alter table anchor add column fault_reason text;
