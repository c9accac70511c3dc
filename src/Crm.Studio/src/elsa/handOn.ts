import { tell, type FromFrame } from './protocol';
import { onNewToken, token } from './token';

export const API = `${location.origin}/elsa/api`;

const LONGEST = 15_000;

/**
 * Elsa Studio takes every answer but a good one for the end: it shows a red bar and has lost what was edited. So a token that has ended is replaced here and the request sent again,
 * and one that reached nobody waits until somebody is there, if sending it twice does what sending it once does.
 */
export function handOn(): void {
  const send = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    return request.url.startsWith(`${location.origin}/elsa/`) ? sendSignedIn(send, request) : send(input, init);
  };
  // For what is no request of the kind above: the connection that tells of runs as they go.
  onNewToken(provide);
}

async function sendSignedIn(send: typeof fetch, request: Request): Promise<Response> {
  const repeatable = await isRepeatable(request);
  let refused: string | undefined;
  for (let [refusals, failures] = [0, 0]; ; ) {
    const used = await token(refused);
    await online(request.signal);
    const sent = request.clone();
    sent.headers.set('Authorization', `Bearer ${used}`);
    try {
      const answer = await send(sent);
      if (answer.status === 401 && refusals++ < 5) {
        refused = used;
        continue;
      }
      if (answer.status !== 503 || !repeatable) return settled(answer);
    } catch (error) {
      if (request.signal.aborted || !repeatable) throw error;
    }
    told(true);
    await pause(Math.min(LONGEST, 500 * 2 ** failures++), request.signal);
  }
}

/** Reading, and saving a flow that has an id, are the same done twice; making one or starting one is not. */
async function isRepeatable(request: Request): Promise<boolean> {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const path = new URL(request.url).pathname;
  if (!path.endsWith('/workflow-definitions')) return /\/(workflow-instances|journal|report)$/.test(path);
  const { model } = (await request.clone().json()) as { model?: { definitionId?: string | null } };
  return Boolean(model?.definitionId);
}

/** What is sent while there is no network is lost: so it is not sent. */
async function online(signal: AbortSignal): Promise<void> {
  while (!navigator.onLine) {
    told(true);
    await pause(LONGEST, signal);
  }
}

let waits = false;

function told(waiting: boolean): void {
  if (waits !== waiting) tell<FromFrame>(parent, { crm: 'waiting', waiting: (waits = waiting) });
}

function settled(answer: Response): Response {
  told(false);
  return answer;
}

/** Until the time is over, or the network is back. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    addEventListener('online', () => (clearTimeout(timer), resolve()), { once: true });
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}

/** Elsa's way to give a page another token: an element that shows nothing. */
function provide(token: string): void {
  const provider = document.createElement('elsa-backend-provider');
  provider.setAttribute('remote-endpoint', API);
  provider.setAttribute('access-token', token);
  document.querySelector('elsa-backend-provider')?.remove();
  document.body.append(provider);
}
