-- What was found of the signatures of a document brought in (docs/spec/signed-documents.md): who signed, what it covers, what holds; sealed, as JSON.
-- Null where a file has no signature or was never looked at for one.
alter table source_file add column signatures bytea;
