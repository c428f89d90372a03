/** Below this share of one the machine is unsure and a person should look. */
export const UNSURE_BELOW = 0.9;
