import { isArchiveError } from '@lantai/values';

/**
 * Runs once more what a kill from outside ended: the system short of memory, an operator. Whoever had the bytes then was a bystander.
 * A child that ends so twice on the same bytes does it to itself, or the machine cannot bear them: the second end is thrown.
 * @param run starts from the beginning each time
 */
export async function retryIfKilled<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isArchiveError(error, 'child/killed') && error.fault === 'environment') return run();
    throw error;
  }
}
