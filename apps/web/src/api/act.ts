import { useMutation, useQueryClient } from '@tanstack/react-query';

export interface ActOptions {
  /** Whether the lists are read again after a refusal too: one that leaves something behind, as a report. */
  readonly isRefusalKept?: boolean;
}

/** An act after which these lists are read again. */
export function useAct<Input, Output>(
  act: (input: Input) => Promise<Output>,
  lists: readonly (readonly string[])[],
  { isRefusalKept = false }: ActOptions = {},
) {
  const queries = useQueryClient();
  const readAgain = () => Promise.all(lists.map((queryKey) => queries.invalidateQueries({ queryKey })));
  return useMutation({
    mutationFn: act,
    onSuccess: readAgain,
    ...(isRefusalKept ? { onError: readAgain } : {}),
  });
}
