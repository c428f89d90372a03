import type { Schemas } from '../../api/client.ts';
import type { Tone } from '../../parts/chip.tsx';

/** How a result is coloured; the words say it too. */
export const TONE_OF_RESULT: Readonly<Record<Schemas['KeyFactResult'], Tone>> = {
  consistent: 'jade',
  determined: 'jade',
  inconsistent: 'cinnabar',
  altered: 'cinnabar',
  explained: 'amber',
  undated: 'amber',
  missing: 'plain',
};
