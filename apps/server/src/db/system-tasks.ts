/**
 * Everything that is asked of the database beyond an actor's reach, each with the reason. Nothing else may: whoever adds a task says why here.
 * A source that names one is found by `grep "system('"`.
 */
export const SYSTEM_TASKS = {
  'desk-facts': 'posts, ties and grants are read before there is a reach: it is made of them',
  'view-token': 'a token is redeemed by its digest, account and session; the policy decides behind it',
  'unique-code': 'whether a code is free in its fonds is asked of dossiers that the asker may not see',
  registers: 'ties, kinship and consultations tell of dossiers that their keepers and readers may not look into, or not yet',
  places: 'how many dossiers a unit holds, and where a code lies, is told to administrators, who look into none',
  reading: 'pages are read by jobs, for nobody',
  proposing: 'materials are proposed by jobs, for nobody, of pages that were read',
  learning: 'a model is made for nobody of what persons settled in every dossier of a fonds, and counted as numbers',
  optimise: 'the optimised image is made for whoever looks first, and is there for all who may look',
  hints: 'fields are looked at for hints of alteration by jobs, for nobody, on pages that were proposed of',
  indexing: 'the index is built from every text',
  restriction: 'that processing is restricted may rest on another dossier of the same person',
  destruction: 'a dossier is destroyed with all that hangs on it, and its subject only when no other dossier is about it',
  reorganisation: 'a unit moves with every dossier in it, whoever asked for it',
  'policy-trial': 'who would gain and lose by a draft is counted over every dossier',
  explanation: 'why a thing is not seen is told to whoever keeps the accounts',
  'use-watch': 'whether a dossier that was looked into is that of a leader of the own unit is asked for nobody, as numbers',
  'queue-counts': 'how much waits and how fast it goes, as numbers without a place',
  claims: 'a dossier of the own batch is claimed before there is a reach, which is made of claims; what is read is its place and code',
  uploads: 'what a process that died left begun is settled for whoever began it',
  backup: 'a backup is whole',
  rekey: 'every object and sealed value is sealed anew, and no byte removed that any row names',
  properties: 'a four-property check reads every row and object of its dossier, for nobody, by a job',
  fsck: 'a check reads every row',
  'trial-sample': 'whether the sample dossier of a trial archive is in',
  test: 'tests lay down and look up behind the program',
} as const;

/** Names what a use of `Db.system` is for. */
export type SystemTask = keyof typeof SYSTEM_TASKS;
