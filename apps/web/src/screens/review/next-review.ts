import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { api } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

/** Goes on to the least sure material of another dossier; says so when none waits. */
export function useNextReview(dossierId: string): () => Promise<void> {
  const { w } = useWords();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const sayRefusal = useSayRefusal();
  return async () => {
    try {
      const { items } = await answer(api.GET('/api/v1/review-queue', { params: { query: { limit: LOOKED_AT } } }));
      const next = items.find((line) => line.dossierId !== dossierId);
      if (!next) return void message.info(w('review.noneElsewhere'));
      await navigate({ to: '/dossiers/$dossierId', params: { dossierId: next.dossierId }, search: { material: next.materialId } });
    } catch (error) {
      sayRefusal(error);
    }
  };
}

/** More than one dossier holds of what is least sure. */
const LOOKED_AT = 200;
