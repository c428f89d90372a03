import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { api } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { saveFile } from '../../parts/save-file.ts';
import { useWords } from '../../words/words.tsx';
import type { Dossier, Page } from './desk-data.ts';

function useSayRefusal() {
  const { code } = useWords();
  const { message } = App.useApp();
  return (error: unknown) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error));
}

/** Downloads the file a page came from, exactly as received. An entry of the log. */
export function useSaveOriginal(page: Page) {
  const onError = useSayRefusal();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/v1/pages/{pageId}/original', { params: { path: { pageId: page.id } }, parseAs: 'blob' })),
    onSuccess: (bytes) => saveFile(bytes, page.fileName.split('/').at(-1) ?? page.id),
    onError,
  });
}

/** Exports the catalogue sheet (目录). An entry of the log. */
export function useSaveSheet(dossier: Dossier) {
  const onError = useSayRefusal();
  return useMutation({
    mutationFn: async (format: 'xlsx' | 'pdf') => {
      const bytes = await answer(
        api.POST('/api/v1/dossiers/{dossierId}/catalogue-sheets', {
          params: { path: { dossierId: dossier.id } },
          body: { format },
          parseAs: 'blob',
        }),
      );
      return { bytes, format };
    },
    onSuccess: ({ bytes, format }) => saveFile(bytes, `${dossier.code}.${format}`),
    onError,
  });
}
