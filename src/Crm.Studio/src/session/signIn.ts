import type { components } from 'crm-api';
import createClient from 'openapi-fetch';
import type { paths } from 'crm-api';
import { signedIn } from './session';

const strangers = createClient<paths>({ baseUrl: location.origin });

export type Workspace = components['schemas']['ChooseWorkspaceProblem']['workspaces'][number];

/** What came of it: signed in; refused, in words; or a member of several workspaces, who has to name one. */
export type Outcome = { readonly done: true } | { readonly refused: string } | { readonly choose: readonly Workspace[] };

export async function signIn(email: string, password: string, workspace?: string): Promise<Outcome> {
  try {
    const { data, error, response } = await strangers.POST('/api/v1/sign-in', { body: { email, password, ...(workspace ? { workspace } : {}) } });
    if (data) {
      signedIn({ email, ...(workspace ? { workspace } : {}) }, data);
      return { done: true };
    }
    if (response.status === 429) return { refused: `Too many attempts. Wait ${response.headers.get('Retry-After') ?? 'some'} seconds.` };
    if (error && 'workspaces' in error) return { choose: error.workspaces };
    return { refused: (error as { detail?: string } | undefined)?.detail ?? `The server answered ${response.status}.` };
  } catch {
    return { refused: 'The server is out of reach. Try again in a moment.' };
  }
}
