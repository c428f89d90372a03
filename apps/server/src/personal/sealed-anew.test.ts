import { describe, expect, it } from 'vitest';
import { openDesk } from '../desk/index.ts';
import { rekeyArchive } from '../keeping/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { listAssessments, listBreaches, listRequests, makeRequest, recordAssessment, recordBreach } from './index.ts';

const fixture = useArchive();

describe('the words of requests, assessments and breaches', () => {
  it('are opened as before when the archive was sealed anew under another suite', async () => {
    const { archive } = fixture;
    const security = await openDesk(archive, await fixture.addAccount({ role: 'security_admin' }), 'administration');
    const archivist = await openDesk(archive, await fixture.addAccount({ role: 'archivist' }), 'archive_work');
    const dossierId = await fixture.addDossier({ name: '孔重封' });
    await makeRequest(fixture.archive, archivist, { dossierId, kind: 'explain', text: '请说明用途' });
    const words = { title: '评估', necessity: '必要', risks: '低', measures: '加密', conclusion: '可行', assessors: '档案室' };
    await recordAssessment(security, { ...words, occasion: 'sensitive', purposeCode: null, replaces: null });
    const breach = { title: '演练', kinds: '姓名', cause: '演练', harm: '无', remedies: '无', contact: '档案室' };
    await recordBreach(security, { ...breach, isDrill: true, foundAtMs: archive.clock.nowMs() - 1, personsCount: 0 });
    const shown = async () => ({
      steps: (await listRequests(archive, archivist))[0]?.steps.map((s) => s.text),
      assessment: (await listAssessments(archive, security))[0]?.risks,
      breach: (await listBreaches(archive, security))[0]?.kinds,
    });
    const before = await shown();
    expect(before).toEqual({ steps: ['请说明用途'], assessment: '低', breach: '姓名' });
    expect(await rekeyArchive(archive, { suite: 'gm' })).toMatchObject({ state: 'done', damaged: 0 });
    expect(await shown()).toEqual(before);
  });
});
