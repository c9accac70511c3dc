/** Who is signed in here: kept for all tabs of this browser, refreshed before it ends, never lost while somebody types. */

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends, by this machine's clock. */
  readonly expiresAt: number;
  /** Whose it is: who signs in again in the middle of something has to be the same. */
  readonly email: string;
  /** The workspace that was chosen, of several. */
  readonly workspace?: string;
}

/** `expired`: the page stays as it is, and whatever it asks for waits until the same user has signed in again. */
export type Session = { readonly state: 'out' } | { readonly state: 'in' | 'expired'; readonly tokens: Tokens };

const KEY = 'crm.session';
const EARLY = 120_000;

// A refresh token is good once: tabs share the session only where they can take turns, which browsers allow on https and on localhost.
const store: Storage = 'locks' in navigator ? localStorage : sessionStorage;

let session: Session = read();
let refreshing: Promise<void> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export const current = (): Session => session;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Waits for a token that is good for a while yet, and is not the one that was refused. */
export async function accessToken(refused?: string): Promise<string> {
  for (;;) {
    if (session.state === 'in') {
      const { accessToken: token, expiresAt } = session.tokens;
      if (token !== refused && expiresAt > Date.now() + EARLY / 4) return token;
      await refresh();
    } else {
      await changed();
    }
  }
}

export function signedIn(who: Pick<Tokens, 'email' | 'workspace'>, answer: { accessToken: string; refreshToken: string; expiresIn: number }): void {
  const tokens: Tokens = { email: who.email, ...(who.workspace ? { workspace: who.workspace } : {}), accessToken: answer.accessToken, refreshToken: answer.refreshToken, expiresAt: Date.now() + answer.expiresIn * 1000 };
  store.setItem(KEY, JSON.stringify(tokens));
  become({ state: 'in', tokens });
}

export function signedOut(): void {
  store.removeItem(KEY);
  become({ state: 'out' });
}

/** Refreshes once, however many ask in however many tabs. */
function refresh(): Promise<void> {
  refreshing ??= inTurn(refreshNow).finally(() => (refreshing = undefined));
  return refreshing;
}

async function inTurn(work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request('crm.refresh', work);
  else await work();
}

async function refreshNow(): Promise<void> {
  if (session.state !== 'in') return;
  const mine = session.tokens;
  const stored = read();
  // Another tab was here first.
  if (stored.state !== 'in' || stored.tokens.refreshToken !== mine.refreshToken) return become(stored);
  const answer = await fetch('/api/v1/refresh', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ refreshToken: mine.refreshToken }) });
  if (answer.ok) signedIn(mine, (await answer.json()) as Parameters<typeof signedIn>[1]);
  else if (answer.status === 400 || answer.status === 401) become({ state: 'expired', tokens: mine });
  else throw new Error(`The session could not be refreshed: ${answer.status}.`);
}

function become(next: Session): void {
  session = next;
  clearTimeout(timer);
  if (next.state === 'in') timer = setTimeout(() => void refresh().catch(() => undefined), Math.max(1000, Math.min(next.tokens.expiresAt - Date.now() - EARLY, 2 ** 31 - 1)));
  for (const listener of [...listeners]) listener();
}

function changed(): Promise<void> {
  return new Promise((resolve) => {
    const stop = subscribe(() => {
      stop();
      resolve();
    });
  });
}

function read(): Session {
  try {
    const tokens = JSON.parse(store.getItem(KEY) ?? 'null') as Tokens | null;
    return tokens ? { state: 'in', tokens } : { state: 'out' };
  } catch {
    return { state: 'out' };
  }
}

addEventListener('storage', (event) => {
  if (event.key === KEY || event.key === null) become(read());
});
become(session);
