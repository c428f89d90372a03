-- Proposals are laid by themselves once a dossier was read, and of a page only once: what a person took apart is not laid again.
-- Pages that are here already count as proposed: their archivists have arranged what they wanted, and may still ask.
alter table page add column proposed boolean not null default true;
alter table page alter column proposed set default false;
create index page_unproposed on page (dossier_id) where not proposed and material_id is null;
