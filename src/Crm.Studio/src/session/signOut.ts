import { signedInFetch } from './fetch';
import { current, signedOut } from './session';

/** Ends the session here, in all tabs, and on the server. When that is out of reach, its tokens are forgotten all the same. */
export async function signOut(): Promise<void> {
  const asked = current().state === 'in' ? signedInFetch(new Request('/api/v1/sign-out', { method: 'POST' })).catch(() => undefined) : undefined;
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 2000))]);
  signedOut();
}
