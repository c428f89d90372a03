import { describe, expect, it } from 'vitest';
import { keepAsking } from './asking.ts';
import { DEFAULT_POLICY, loadPolicy } from './document.ts';

const idsThat = (text: string, action: 'grant.ask' | 'grant.make') =>
  keepAsking(loadPolicy(text))
    .lines.filter((line) => line.actions.includes(action))
    .map((line) => line.id);

describe('a policy and asking for consultations', () => {
  it('that does not speak of it, being older, says of it what it says of approving', () => {
    const older = DEFAULT_POLICY.replaceAll('grant.ask, ', '').replace('actions: [grant.ask]', 'actions: [custody.read]');
    expect(older).not.toContain('grant.ask');
    expect(idsThat(older, 'grant.ask')).toEqual(idsThat(older, 'grant.make'));
    expect(idsThat(older, 'grant.ask')).toContain('archivist-keeps');
    expect(idsThat(older, 'grant.ask')).toContain('no-own-no-relatives');
  });
  it('that speaks of it is left as it is', () => {
    const own = DEFAULT_POLICY.replace('archive.export, grant.ask, grant.make]', 'archive.export, grant.make]');
    expect(idsThat(own, 'grant.make')).toContain('archivist-keeps');
    expect(idsThat(own, 'grant.ask')).not.toContain('archivist-keeps');
  });
});
