/** States, to-dos and tabs that addresses and filters name. */
export const DOSSIER_STATES = ['open', 'in_review', 'filed', 'closed'] as const;

export const TO_DOS = ['unread', 'needs_person', 'proposed', 'loose'] as const;

export const JOB_STATES = ['queued', 'running', 'failed', 'needs_person', 'done'] as const;

/** Parts of the screen of schemes and standards. */
export const STANDARD_TABS = ['content', 'edit', 'versions'] as const;
export const POLICY_TABS = ['table', 'draft', 'explain', 'versions'] as const;
