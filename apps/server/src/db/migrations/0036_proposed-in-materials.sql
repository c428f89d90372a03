-- Pages that a folder layout put into materials are read for fields too. Only pages that were read are looked for; most wait a short while.
drop index page_unproposed;
create index page_unproposed on page (dossier_id) where not proposed and read_state <> 'waiting';
