import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { useAskLeave } from '../parts/ask-leave.tsx';
import { saveFile } from '../parts/save-file.ts';
import { useWords } from '../words/words.tsx';
import { api, currentPurpose, type Schemas } from './client.ts';
import { answer, isRefusal } from './refusal.ts';

/** A pack to be asked for: its contents, or accesses and proofs alone. */
export interface PackOrder {
  readonly selection: Schemas['PackRequest']['selection'];
  readonly withContents: boolean;
  /** Of the file; a code or a day, never a person. */
  readonly name: string;
}

/** Makes a pack, once what is sensitive in it was shown and a reason given, and hands it to the browser as a download. An entry of the log; the password may be asked for again. */
export function useSavePack() {
  const { code, language } = useWords();
  const { message } = App.useApp();
  const askLeave = useAskLeave();
  return useMutation({
    mutationFn: async ({ selection, withContents, name }: PackOrder) => {
      const params = { header: { 'lantai-purpose': currentPurpose() } };
      const body = { selection, language };
      if (!withContents) return { bytes: await answer(api.POST('/api/v1/evidence-packs', { params, body, parseAs: 'blob' })), name };
      const confirmed = await answer(api.POST('/api/v1/audit-packs/counts', { params, body: { selection } }));
      const reason = await askLeave(confirmed);
      if (reason === null) return { bytes: null, name };
      const leave = { confirmed, reason };
      return { bytes: await answer(api.POST('/api/v1/audit-packs', { params, body: { ...body, leave }, parseAs: 'blob' })), name };
    },
    onSuccess: ({ bytes, name }) => {
      if (bytes) saveFile(bytes, `${name}.zip`);
    },
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
}
