import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
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

/** Makes a pack and hands it to the browser as a download. An entry of the log; the password may be asked for again. */
export function useSavePack() {
  const { code, language } = useWords();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: async ({ selection, withContents, name }: PackOrder) => {
      const asked = { params: { header: { 'lantai-purpose': currentPurpose() } }, body: { selection, language }, parseAs: 'blob' } as const;
      const bytes = await answer(withContents ? api.POST('/api/v1/audit-packs', asked) : api.POST('/api/v1/evidence-packs', asked));
      return { bytes, name };
    },
    onSuccess: ({ bytes, name }) => saveFile(bytes, `${name}.zip`),
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
}
