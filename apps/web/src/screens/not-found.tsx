import { Link } from '@tanstack/react-router';
import { EmptyState } from '../parts/states.tsx';
import { useWords } from '../words/words.tsx';

/** No screen has this address. */
export function NotFound() {
  const { w } = useWords();
  return (
    <EmptyState title={w('notFound.title')} actions={<Link to="/">{w('notFound.home')}</Link>}>
      {w('notFound.text')}
    </EmptyState>
  );
}
