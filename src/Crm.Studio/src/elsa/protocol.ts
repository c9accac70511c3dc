/** What our application and the frame around Elsa Studio say to each other: windows of one origin, and nobody else is listened to. */

export type ToFrame =
  | { readonly crm: 'token'; readonly token: string }
  | { readonly crm: 'show'; readonly path: string | null }
  | { readonly crm: 'colours'; readonly dark: boolean };

export type FromFrame =
  /** The frame is there and waits for a token. */
  | { readonly crm: 'ready' }
  /** A token is needed, another one than was refused. */
  | { readonly crm: 'token'; readonly refused: string | null }
  /** It shows something else now. */
  | { readonly crm: 'moved'; readonly path: string; readonly replace: boolean }
  /** What it was asked to show is shown, or is not there. */
  | { readonly crm: 'shown' | 'missing'; readonly path: string }
  /** Something in it broke. */
  | { readonly crm: 'broken' }
  /** Whether requests wait for a server that does not answer. */
  | { readonly crm: 'waiting'; readonly waiting: boolean };

/** Listens to one window of our own origin. */
export function listen<T extends ToFrame | FromFrame>(from: () => Window | null | undefined, told: (message: T) => void): () => void {
  const listener = (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin || event.source !== from()) return;
    const { data } = event;
    if (typeof data === 'object' && data !== null && 'crm' in data) told(data as T);
  };
  addEventListener('message', listener);
  return () => removeEventListener('message', listener);
}

export function tell<T extends ToFrame | FromFrame>(to: Window | null | undefined, message: T): void {
  to?.postMessage(message, location.origin);
}
