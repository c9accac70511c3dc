import type { components, paths } from 'crm-api';
import createClient from 'openapi-fetch';
import { signedInFetch } from '../session/fetch';

export type Schemas = components['schemas'];

/** Our API, asked as who is signed in. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: signedInFetch });

/** What the server says it will not do, in its own words (RFC 9457). */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
    this.name = 'ProblemError';
  }

  static of(status: number, problem: unknown): ProblemError {
    const { detail, title, type } = (problem ?? {}) as { detail?: string; title?: string; type?: string };
    return new ProblemError(status, type ?? '', detail ?? title ?? `The server answered ${status}.`);
  }
}

/** Gets what a request was answered with; throws the problem when there is one. */
export async function answered<T>(request: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) throw ProblemError.of(response.status, error);
  return data as T;
}
