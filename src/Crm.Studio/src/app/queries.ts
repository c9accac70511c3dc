import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '../api/client';
import { subscribe, current } from '../session/session';

/** What the server said, kept while it is looked at. An answer is an answer; only what got none is asked for again. */
export const queries = new QueryClient({
  defaultOptions: { queries: { retry: (failures, error) => !(error instanceof ProblemError && error.status < 500) && failures < 3, staleTime: 5_000 } },
});

// Nothing of one user is shown to the next.
subscribe(() => {
  if (current().state === 'out') queries.clear();
});
