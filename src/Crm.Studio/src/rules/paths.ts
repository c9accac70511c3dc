import { toName } from './coercion.js';
import { Thrown } from './errors.js';
import { member, type Json } from './values.js';

const MaxLength = 256;
const MaxSegments = 16;

/** Takes apart what `var` is given. */
export function dotted(path: Json): string[] {
  const text = path === null ? '' : toName(path);
  if (text === undefined || text.length > MaxLength) throw Thrown.wrongArguments();
  const names = text === '' ? [] : text.split('.');
  if (names.length > MaxSegments) throw Thrown.wrongArguments();
  return names;
}

/** Takes the names `val` is given. */
export function named(names: readonly Json[]): string[] {
  const path = names.map(name => toName(name));
  if (path.length > MaxSegments || path.some(name => name === undefined) || path.join('').length > MaxLength) throw Thrown.wrongArguments();
  return path as string[];
}

/** Finds a fact; `undefined` when there is none. */
export function find(data: Json, path: readonly string[]): Json | undefined {
  let found: Json | undefined = data;
  for (const name of path) {
    if (found === undefined) return undefined;
    found = member(found, name);
  }
  return found;
}
