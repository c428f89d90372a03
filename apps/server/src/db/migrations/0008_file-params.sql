-- What the words of a file's code need: names of formats, counts, sizes. Never what a file is called or holds.
alter table source_file add column params jsonb not null default '{}';
