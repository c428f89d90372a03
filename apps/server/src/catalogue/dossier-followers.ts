/** Tables whose rows lie where their dossier lies: a move rewrites them with it, and `fsck` compares them. A test holds every such table to this list. */
export const DOSSIER_FOLLOWERS = [
  'material',
  'stored_object',
  'import',
  'source_file',
  'page',
  'optimised_image',
  'page_replacement',
  'material_version',
  'finding',
  'undo',
  'view_token',
  'consent',
  'subject_request',
  'dossier_code',
] as const;
