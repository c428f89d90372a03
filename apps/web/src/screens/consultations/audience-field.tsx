import { useQuery } from '@tanstack/react-query';
import { Checkbox } from 'antd';
import { api } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import { SEALED_CATEGORIES, useCategoryName } from '../policy/category-name.ts';

/** Asked only of a dossier of a sealed category: without it the readers see nothing of it. */
export function AudienceField({
  dossierId,
  value,
  change,
}: {
  dossierId: string;
  value: readonly string[];
  change: (next: string[]) => void;
}) {
  const { w } = useWords();
  const categoryName = useCategoryName();
  const { data } = useQuery({
    queryKey: ['dossier', dossierId],
    queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}', { params: { path: { dossierId } } })),
  });
  const category = SEALED_CATEGORIES.find((sealed) => sealed === data?.category);
  if (!category) return null;
  return (
    <Checkbox checked={value.includes(category)} onChange={(event) => change(event.target.checked ? [category] : [])}>
      {w('consult.audience', { category: categoryName(category) })}
    </Checkbox>
  );
}
