import { App } from 'antd';
import { isRefusal } from '../api/refusal.ts';
import { useWords } from '../words/words.tsx';

/** Why a form was not taken, beside its button. Nothing while nothing was refused. */
export function Refused({ error }: { error: unknown }) {
  const { w, code } = useWords();
  if (!error) return null;
  return (
    <p className="refusal" role="alert">
      {isRefusal(error) ? code(error.code, error.params) : w('state.failed')}
    </p>
  );
}

/** Says why an act without a form was refused. */
export function useSayRefusal(): (error: unknown) => void {
  const { w, code } = useWords();
  const { message } = App.useApp();
  return (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : w('state.failed'));
}
