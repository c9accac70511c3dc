/** Our addresses and those of Elsa Studio, which are the same places. */

const PLACES: readonly { readonly ours: RegExp; readonly elsa: RegExp; readonly toElsa: (id: string) => string; readonly toOurs: (id: string) => string; readonly title: string }[] = [
  { ours: /^\/flows\/?$/, elsa: /^workflows\/definitions\/?$|^$/, toElsa: () => 'workflows/definitions', toOurs: () => '/flows', title: 'Flows' },
  { ours: /^\/flows\/([^/]+)\/?$/, elsa: /^workflows\/definitions\/([^/]+)\/edit\/?$/, toElsa: (id) => `workflows/definitions/${id}/edit`, toOurs: (id) => `/flows/${id}`, title: 'Flow' },
  { ours: /^\/runs\/?$/, elsa: /^workflows\/instances\/?$/, toElsa: () => 'workflows/instances', toOurs: () => '/runs', title: 'Runs' },
  { ours: /^\/runs\/([^/]+)\/?$/, elsa: /^workflows\/instances\/([^/]+)\/view\/?$/, toElsa: (id) => `workflows/instances/${id}/view`, toOurs: (id) => `/runs/${id}`, title: 'Run' },
];

/** Where Elsa Studio shows what is at an address of ours; `undefined` for what it has no part in. */
export function elsaPath(pathname: string, search: string): string | undefined {
  for (const place of PLACES) {
    const match = place.ours.exec(pathname);
    if (match) return place.toElsa(match[1] ?? '') + search;
  }
  return undefined;
}

/** Where that is with us; the list of flows for what Elsa Studio shows and we do not. */
export function ourPath(path: string): string {
  const [pathname = '', search] = path.split('?');
  for (const place of PLACES) {
    const match = place.elsa.exec(pathname);
    if (match) return place.toOurs(match[1] ?? '') + (search ? `?${search}` : '');
  }
  return '/flows';
}

export const titleOf = (pathname: string): string => PLACES.find((place) => place.ours.test(pathname))?.title ?? 'Elsa Studio';

/** Whether a drawing is shown there, which wants room. */
export const isDrawing = (pathname: string): boolean => /^\/(flows|runs)\/[^/]+/.test(pathname);
