import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';

export type Fault = Schemas['RunResponse'];

/** Runs that were given up, the newest first. */
export const useFaults = (flow: string) =>
  useInfiniteQuery({
    queryKey: ['faults', flow],
    queryFn: ({ pageParam }) => answered(api.GET('/api/v1/runs', { params: { query: { status: 'faulted', limit: 50, ...(flow ? { flow } : {}), ...(pageParam ? { before: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 15_000,
  });

/** One run with what each of its activities did. */
export const useRun = (id: string | null) =>
  useQuery({ queryKey: ['run', id], enabled: id !== null, queryFn: () => answered(api.GET('/api/v1/runs/{id}', { params: { path: { id: id! } } })) });

/** Tries a dead letter once more from the activity it failed in, or puts it away. */
export function useIntervention(onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ run, what }: { run: string; what: 'replay' | 'discard' }) =>
      what === 'replay'
        ? answered(api.POST('/api/v1/dead-letters/{run}/replay', { params: { path: { run } } }))
        : answered(api.POST('/api/v1/dead-letters/{run}/discard', { params: { path: { run } } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
}
