import { useMutation, useQueryClient } from '@tanstack/react-query';

/** An act after which these lists are read again. */
export function useAct<Input, Output>(act: (input: Input) => Promise<Output>, lists: readonly (readonly string[])[]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => Promise.all(lists.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
