-- What the desk needs beside 0001: the filed order that breaks ties of dates, what stands behind what, and how sure a machine was.

-- Place among all materials of the dossier as filed, from 0. `sequence` is the place in the class that the scheme's order makes of it.
alter table material add column filed integer not null default 0;
-- The material this one belongs behind whatever its date (考察材料 behind its 任免表).
alter table material add column follows uuid;
-- Null: typed or confirmed by a person.
alter table material add column class_confidence01 real;
alter table material add column title_confidence01 real;
alter table material add column date_confidence01 real;
create index material_by_dossier on material (dossier_id, filed);
create index page_by_material on page (material_id, position) where material_id is not null;

-- Which folder of an import a material was made of: an import that goes on finds the material it has begun, never doubles it.
-- Keyed token of the folder's place in its layout; names nothing.
alter table material add column layout_token bytea;
create unique index material_layout on material (dossier_id, layout_token) where layout_token is not null;

-- Persons of a page in the order in which they were named.
alter table page_subject add column place smallint not null default 0;

-- Version that the dossier got by the step: the order in which steps were taken, whatever the clock says.
alter table undo add column dossier_version integer not null default 0;
