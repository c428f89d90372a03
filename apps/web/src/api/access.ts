import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useAct } from './act.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type AccountLine = Schemas['AccountLine'];
export type BreakGlass = Schemas['BreakGlass'];
export type UseAlarm = Schemas['UseAlarm'];

const ACCOUNTS = ['accounts'] as const;
const FACTORS = ['factors'] as const;
const SESSIONS = ['sessions'] as const;
const TOKENS = ['tokens'] as const;
const BREAK_GLASS = ['break-glass'] as const;
const USE_ALARMS = ['use-alarms'] as const;

/** How often an emergency is asked after. */
const BREAK_GLASS_EVERY_MS = 30_000;

/** All accounts; not asked for by whoever may not see them. */
export const useAccounts = (isAsked = true) =>
  useQuery({ queryKey: ACCOUNTS, queryFn: () => answer(api.GET('/api/v1/accounts')), enabled: isAsked });
export const useFactors = () => useQuery({ queryKey: FACTORS, queryFn: () => answer(api.GET('/api/v1/session/factors')) });
export const useSessions = () => useQuery({ queryKey: SESSIONS, queryFn: () => answer(api.GET('/api/v1/sessions')) });
export const useTokens = () => useQuery({ queryKey: TOKENS, queryFn: () => answer(api.GET('/api/v1/tokens')) });
export const useBreakGlass = () =>
  useQuery({ queryKey: BREAK_GLASS, queryFn: () => answer(api.GET('/api/v1/break-glass')), refetchInterval: BREAK_GLASS_EVERY_MS });
export const useSignInWays = () =>
  useQuery({ queryKey: ['sign-in-ways'], queryFn: () => answer(api.GET('/api/v1/session/ways')), staleTime: 300_000, retry: false });

/** What stands against the separation of the three administrators. */
export const useOfficeConflicts = () =>
  useQuery({
    queryKey: ['office-conflicts'],
    queryFn: () => answer(api.GET('/api/v1/office-conflicts')),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Acts of the administrators that this account watches over, a page at a time; of one of them when asked. */
export const useAdministratorActs = (accountId: string | null) =>
  useInfiniteQuery({
    queryKey: ['administrator-acts', accountId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/administrator-acts', {
          params: { query: { ...(accountId ? { accountId } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (page) => page.nextCursor,
  });

export const useCreateAccount = () => useAct((body: Schemas['NewAccount']) => answer(api.POST('/api/v1/accounts', { body })), [ACCOUNTS]);
export const useChangeAccount = () =>
  useAct(
    ({ id, body }: { id: string; body: Schemas['AccountChange'] }) =>
      answer(api.PATCH('/api/v1/accounts/{accountId}', { params: { path: { accountId: id } }, body })),
    [ACCOUNTS],
  );
export const useResetPassword = () =>
  useAct((id: string) => answer(api.POST('/api/v1/accounts/{accountId}/password', { params: { path: { accountId: id } } })), [ACCOUNTS]);
export const useEndAccountSessions = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/accounts/{accountId}/sessions', { params: { path: { accountId: id } } })), [ACCOUNTS]);
export const useRemoveFactors = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/accounts/{accountId}/factors', { params: { path: { accountId: id } } })), [ACCOUNTS]);

export const useUseAlarms = () => useQuery({ queryKey: USE_ALARMS, queryFn: () => answer(api.GET('/api/v1/use-alarms')) });
export const useDecideUseAlarm = () =>
  useAct(
    ({ id, body }: { id: string; body: Schemas['UseAlarmDecision'] }) =>
      answer(api.POST('/api/v1/use-alarms/{useAlarmId}/decision', { params: { path: { useAlarmId: id } }, body })),
    [USE_ALARMS],
  );

const LEADERS = ['unit-leaders'] as const;
/** Who leads which unit, by the code of the dossier. */
export const useLeaders = () => useQuery({ queryKey: LEADERS, queryFn: () => answer(api.GET('/api/v1/unit-leaders')) });
export const useRegisterLeader = () =>
  useAct((body: Schemas['NewUnitLeader']) => answer(api.POST('/api/v1/unit-leaders', { body })), [LEADERS]);
export const useEndLeader = () =>
  useAct((leaderId: string) => answer(api.DELETE('/api/v1/unit-leaders/{leaderId}', { params: { path: { leaderId } } })), [LEADERS]);

export const useStartTotp = () => useAct(() => answer(api.POST('/api/v1/session/totp')), []);
export const useConfirmTotp = () =>
  useAct((code: string) => answer(api.POST('/api/v1/session/totp/confirmation', { body: { code } })), [FACTORS]);
export const useRemoveTotp = () => useAct(() => answer(api.DELETE('/api/v1/session/totp')), [FACTORS]);
export const useMakeRecoveryCodes = () => useAct(() => answer(api.POST('/api/v1/session/recovery-codes')), [FACTORS]);
export const useRemovePasskey = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/session/passkeys/{passkeyId}', { params: { path: { passkeyId: id } } })), [FACTORS]);
export const useAddPasskey = () =>
  useAct(
    async (label: string) => {
      const { startRegistration } = await import('@simplewebauthn/browser');
      const optionsJSON = (await answer(api.POST('/api/v1/session/passkeys/challenge'))) as unknown as Parameters<
        typeof startRegistration
      >[0]['optionsJSON'];
      const made = await startRegistration({ optionsJSON });
      return answer(api.POST('/api/v1/session/passkeys', { body: { label, answer: { ...made } } }));
    },
    [FACTORS],
  );

/** Asks the device for a passkey by a challenge of the server. */
export async function showPasskey(challenge: Promise<unknown>): Promise<Record<string, unknown>> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = (await challenge) as Parameters<typeof startAuthentication>[0]['optionsJSON'];
  return { ...(await startAuthentication({ optionsJSON })) };
}

export const useEndSession = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/sessions/{sessionId}', { params: { path: { sessionId: id } } })), [SESSIONS]);
export const useEndOtherSessions = () => useAct(() => answer(api.DELETE('/api/v1/sessions')), [SESSIONS]);
export const useMakeToken = () => useAct((body: Schemas['NewToken']) => answer(api.POST('/api/v1/tokens', { body })), [TOKENS]);
export const useRevokeToken = () =>
  useAct((id: string) => answer(api.DELETE('/api/v1/tokens/{tokenId}', { params: { path: { tokenId: id } } })), [TOKENS]);

export const useAskBreakGlass = () =>
  useAct((body: Schemas['NewBreakGlass']) => answer(api.POST('/api/v1/break-glass', { body })), [BREAK_GLASS]);
export const useOpenBreakGlass = () =>
  useAct(
    (id: string) => answer(api.POST('/api/v1/break-glass/{breakGlassId}/opening', { params: { path: { breakGlassId: id } } })),
    [BREAK_GLASS],
  );
export const useEndBreakGlass = () =>
  useAct(
    (id: string) => answer(api.DELETE('/api/v1/break-glass/{breakGlassId}', { params: { path: { breakGlassId: id } } })),
    [BREAK_GLASS],
  );
