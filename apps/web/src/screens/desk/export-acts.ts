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

/** A sheet, and as what. */
export interface SheetAsked {
  readonly sheet: 'catalogue' | 'remarks' | 'chase';
  readonly format: 'xlsx' | 'pdf';
}

/** Exports the catalogue sheet (目录), the remarks sheet (备考表) or the chase list (催缴清单). An entry of the log. */
export function useSaveSheet(dossier: Dossier) {
  const onError = useSayRefusal();
  return useMutation({
    mutationFn: async ({ sheet, format }: SheetAsked) => {
      const bytes = await answer(
        api.POST('/api/v1/dossiers/{dossierId}/catalogue-sheets', {
          params: { path: { dossierId: dossier.id } },
          body: { format, sheet },
          parseAs: 'blob',
        }),
      );
      return { bytes, name: sheet === 'catalogue' ? `${dossier.code}.${format}` : `${dossier.code}-${sheet}.${format}` };
    },
    onSuccess: ({ bytes, name }) => saveFile(bytes, name),
    onError,
  });
}
