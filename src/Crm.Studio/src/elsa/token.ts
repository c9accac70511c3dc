import { tell, type FromFrame } from './protocol';

let known: string | undefined;
const waiting: ((token: string) => void)[] = [];
const listeners: ((token: string) => void)[] = [];

/** Takes the token the application sends, unasked when it has a newer one. */
export function receive(token: string): void {
  const newer = known !== undefined && token !== known;
  known = token;
  for (const resolve of waiting.splice(0)) resolve(token);
  if (newer) for (const listener of listeners) listener(token);
}

/** Gets a token that is not the refused one: however long that takes, for who is signed out may have to sign in first. */
export function token(refused?: string): Promise<string> {
  if (known !== undefined && known !== refused) return Promise.resolve(known);
  tell<FromFrame>(parent, { crm: 'token', refused: refused ?? null });
  return new Promise((resolve) => waiting.push(resolve));
}

/** Tells of every token after the first. */
export const onNewToken = (listener: (token: string) => void): void => void listeners.push(listener);
