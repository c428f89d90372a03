/** Below this share of one the machine is unsure and a person should look. */
export const UNSURE_BELOW = 0.9;

/** From this share of one the machine is right in 99 of 100 cases (docs/spec/proposals.md, section 4). */
export const SURE_FROM = 0.95;
