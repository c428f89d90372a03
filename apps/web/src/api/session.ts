import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showPasskey } from './access.ts';
import { api, type Schemas } from './client.ts';
import { answer, isRefusal } from './refusal.ts';

export type Session = Schemas['SessionView'];
export type Right = Schemas['Right'];

export const SESSION_KEY = ['session'] as const;

/** Who is signed in; null when nobody is. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async (): Promise<Session | null> => {
      try {
        return await answer(api.GET('/api/v1/session'));
      } catch (error) {
        if (isRefusal(error) && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    retry: false,
  });
}

/** The session of a screen that is only shown to somebody signed in. */
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data) throw new Error('useSession needs somebody signed in');
  return data;
}

/** Whether the account may do this; screens hide what would be refused. */
export function useMay(): (right: Right) => boolean {
  const { rights } = useSession();
  return (right) => rights.includes(right);
}

/** Takes a new session over into what is shown. */
function useEntered(): (session: Session) => void {
  const queries = useQueryClient();
  return (session) => {
    queries.setQueryData(SESSION_KEY, session);
    void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
  };
}

export function useSignIn() {
  const onSuccess = useEntered();
  return useMutation({ mutationFn: (body: Schemas['SignIn']) => answer(api.POST('/api/v1/session', { body })), onSuccess });
}

/** Signs in by a passkey of the device; nobody is named before. */
export function useSignInByPasskey() {
  const onSuccess = useEntered();
  return useMutation({
    mutationFn: async () => {
      const passkey = await showPasskey(answer(api.POST('/api/v1/session/passkey/challenge')));
      return answer(api.POST('/api/v1/session/passkey', { body: { answer: passkey } }));
    },
    onSuccess,
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    onSuccess: () => {
      // Names and titles of the one who leaves must not stay in memory for the one who comes.
      queries.setQueryData(SESSION_KEY, null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
      queries.getMutationCache().clear();
    },
  });
}
