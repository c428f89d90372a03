-- Separator sheets in uploads (docs/spec/separator.md): whether an import looks for them, and for what a sheet led into another dossier, the import that it came with.
-- That one is named, not tied: it may go with its dossier.
alter table import add column separated boolean not null default false, add column of_import uuid;
create index import_of_import on import (of_import) where of_import is not null;
