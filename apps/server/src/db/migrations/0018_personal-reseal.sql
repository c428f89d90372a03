-- Sealing anew (docs/spec/rekey.md) replaces sealed words that are otherwise only ever added: those of a request's steps and of an assessment.
grant update (text) on subject_request_step to lantai_app;
grant update (body) on impact_assessment to lantai_app;
