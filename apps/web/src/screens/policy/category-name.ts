import { useWords, type WordKey } from '../../words/words.tsx';
import { zh } from '../../words/zh.ts';

/** Categories that are closed but to their audience, in the policy an archive begins with. */
export const SEALED_CATEGORIES = ['discipline', 'non_compete'] as const;

/** The name of a category (档案门类); its code when this page knows none. */
export function useCategoryName(): (category: string) => string {
  const { w } = useWords();
  return (category) => (`category.${category}` in zh ? w(`category.${category}` as WordKey) : category);
}
