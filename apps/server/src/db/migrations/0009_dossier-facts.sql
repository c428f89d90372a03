-- What is known of a dossier's subject that its scheme asks after: conditions (served in the forces, renamed …) and years of service. Sealed:
-- together with a birth year they would tell who it is.
alter table dossier add column facts bytea;
