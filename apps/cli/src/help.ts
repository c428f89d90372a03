/** What stands behind the list of commands. */
export const HELP_AFTER = `
Environment:
  LANTAI_DATA          data folder (default ./data)
  LANTAI_KEYS          key folder (default <data>-keys; never inside the data folder)
  LANTAI_DATABASE_URL  a PostgreSQL 15+ instead of the embedded one
  LANTAI_HOST, LANTAI_PORT, LANTAI_TLS_CERT, LANTAI_TLS_KEY
  LANTAI_READERS       processes that read pages (default 2; 0 switches the reader off)
  LANTAI_SCANNER       SANE's program (default scanimage); SANE_CONFIG_DIR is handed on to it
  LANTAI_SIGNERS       a folder of certificates (PEM) by which signers of PDF and OFD are known
  LANTAI_PROPOSE       off: materials are proposed only when somebody asks
  LANTAI_OPTIMISE      read: optimised images are made once a page was read, else when asked for
  LANTAI_LEARN         off: models are trained only when somebody asks
  LANTAI_CLAMD         a ClamAV daemon that four-property checks ask, host:port or a socket's path
  LANTAI_ADVISER_URL   an OpenAI-compatible endpoint in the own network, asked about uncertain proposals (default none)
  LANTAI_WATCH         a folder whose subfolders are imported as they come
  LANTAI_PASSWORD      password for --as
  LANTAI_CODE          authenticator's or recovery code for --as, where the account has a second factor
  LANTAI_ROOT_SECRET_FILE, LANTAI_ROOT_SECRET_FD   passphrase or shares of the root key, if it asks for them
  LANTAI_LANG          zh or en

Exit codes:
  0  done   1  done, something needs a look   2  wrong usage
  3  the machine, disk or database failed     4  missing, altered or not proved   5  not allowed

Examples:
  lantai init --trial
  lantai import scans/P1101 --dossier P1101
  lantai search 张德振
  lantai receipt PAGE --out page.tlog-proof --file page.jpg && lantai verify page.tlog-proof page.jpg
`;
