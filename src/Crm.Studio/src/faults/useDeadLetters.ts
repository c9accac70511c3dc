import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';

export type DeadLetter = Schemas['DeadLetterResponse'];
export type Batch = Schemas['DeadLetterBatch'];

/** Which are meant: those of a flow, those whose reason has a word in it. */
export interface Filter {
  readonly flow: string;
  readonly error: string;
}

/** What is in the filter, as the API takes it. */
export const asked = ({ flow, error }: Filter) => ({ ...(flow ? { flow } : {}), ...(error ? { error } : {}) });

/** Runs that failed for good and were neither replayed nor discarded, the latest first. */
export const useDeadLetters = (filter: Filter) =>
  useInfiniteQuery({
    queryKey: ['dead-letters', filter.flow, filter.error],
    queryFn: ({ pageParam }) => answered(api.GET('/api/v1/dead-letters', { params: { query: { limit: 50, ...asked(filter), ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 15_000,
  });

/** One of them, opened: its incidents, where it stands, its journal. */
export const useDeadLetter = (run: string | null) =>
  useQuery({ queryKey: ['dead-letter', run], enabled: run !== null, queryFn: () => answered(api.GET('/api/v1/dead-letters/{run}', { params: { path: { run: run! } } })) });

/** Replays or discards some, or all a filter finds. Sent again by mistake it does nothing twice: each time it is asked for has a key of its own. */
export function useIntervention(what: 'replay' | 'discard') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['DeadLetterSelection']): Promise<Batch> => {
      const headers = { 'Idempotency-Key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
      return answered(what === 'replay' ? api.POST('/api/v1/dead-letters/bulk-replay', { body, headers }) : api.POST('/api/v1/dead-letters/bulk-discard', { body, headers }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}
