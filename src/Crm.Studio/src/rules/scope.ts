import type { Json } from './values.js';

/** What lies around the data in hand. An odd number of levels up is an iteration (its list and its index), an even one the data around it. */
export interface Above {
  /** The data the whole rule was given. */
  readonly root: Json;

  /** The data around; `undefined` where there is nothing around. */
  readonly data?: Json;

  /** The list that is gone through; `null` for a `try`. */
  readonly iterator?: readonly Json[] | null;

  /** The number of the item in hand. */
  readonly index?: number;

  readonly next?: Above;
}

/** Finds what lies that many levels up; `undefined` when there are not so many. */
export function climb(data: Json, above: Above, levels: number): Json | undefined {
  if (levels === 0) return data;
  const found = find(above, levels);
  if (found?.data === undefined) return undefined;
  if (levels % 2 === 0) return found.data;
  return found.iterator ? { index: found.index!, iterator: found.iterator } : null;
}

function find(above: Above | undefined, levels: number): Above | undefined {
  for (; levels > 2 && above !== undefined; levels -= 2) above = above.next;
  return above;
}
