import type { Desk } from '../desk/index.ts';
import { approveConsultation, askConsultation, type ConsultationRequest, type NewConsultation } from '../organisation/index.ts';

/** The words of a form as an invented unit brings it. */
export const REQUEST: ConsultationRequest = {
  unitName: '云岭县统计局',
  letterNo: '云统函〔2026〕18号',
  reason: '考察拟任人选',
  contents: '',
  leader: { name: '高启山', signedOn: '2026-11-20' },
};

/** Asked for by one and approved by another, as the procedure wants it. Returns the consultation's id. */
export async function nameToReaders(
  { asker, approver }: { readonly asker: Desk; readonly approver: Desk },
  input: Omit<NewConsultation, 'request'>,
): Promise<string> {
  const id = await askConsultation(asker, { ...input, request: REQUEST });
  await approveConsultation(approver, id, { opinion: '同意', leader: { name: '温明远', signedOn: '2026-11-21' } });
  return id;
}
