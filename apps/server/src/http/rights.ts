import { ACTIONS, type Action } from '@lantai/policy';
import { isArchiveError } from '@lantai/values';
import type { Desk } from '../desk/index.ts';

/** Whether the policy lets the actor of this desk do it somewhere. */
export function isAllowed(desk: Desk, action: Action): boolean {
  try {
    desk.scope(action);
    return true;
  } catch (error) {
    if (isArchiveError(error) && error.fault === 'caller') return false;
    throw error;
  }
}

/** Everything the actor of this desk may do somewhere: what a screen offers. */
export const rightsAt = (desk: Desk): Action[] => ACTIONS.filter((action) => isAllowed(desk, action));
