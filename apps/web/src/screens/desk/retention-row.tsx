import { sayPartialDate } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import type { Material } from './desk-data.ts';
import { FormRow } from './field-row.tsx';

/** How long the material is kept by its title or class: told, not typed, for the scheme says it. Nothing where the scheme says nothing. */
export function RetentionRow({ retention }: { retention: Material['retention'] }) {
  const { w, language } = useWords();
  if (!retention) return null;
  const { code, from, until } = retention;
  return (
    <FormRow code="retention" label={w('form.retention')} share01={null} isLit={false}>
      {(id) => (
        <output id={id} className="retention">
          {code === 'Y' ? w('box.permanent') : w('box.years', { years: code.slice(1) })}
          {from !== null && (
            <span className="quiet">
              {until === null ? w(`form.retention.${from}`) : w('form.retention.until', { day: sayPartialDate(until, language) })}
            </span>
          )}
        </output>
      )}
    </FormRow>
  );
}
