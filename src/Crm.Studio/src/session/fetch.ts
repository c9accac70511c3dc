import { accessToken, current } from './session';

/** Asks our API as who is signed in. A token that has ended is replaced, and the request sent again: whoever asked only waits. */
export async function signedInFetch(request: Request): Promise<Response> {
  let refused: string | undefined;
  for (let attempt = 0; ; attempt++) {
    const token = await accessToken(refused);
    const sent = new Request(request.clone());
    sent.headers.set('Authorization', `Bearer ${token}`);
    const answer = await fetch(sent);
    if (answer.status !== 401 || current().state === 'out' || attempt === 5) return answer;
    refused = token;
  }
}
