import { Button, Spin } from 'antd';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

/** A card whose content is not there yet, or could not be had. */
export function CardState({ title, error, retry }: { title: string; error: unknown; retry: () => void }) {
  const { w } = useWords();
  return (
    <section className="card" aria-busy={!error}>
      <h2>{title}</h2>
      {error ? (
        <>
          <Refused error={error} />
          <Button onClick={retry}>{w('act.again')}</Button>
        </>
      ) : (
        <Spin />
      )}
    </section>
  );
}
