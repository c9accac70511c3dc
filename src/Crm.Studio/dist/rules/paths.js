import { toName } from './coercion.js';
import { Thrown } from './errors.js';
import { member } from './values.js';
const MaxLength = 256;
const MaxSegments = 16;
/** Takes apart what `var` is given. */
export function dotted(path) {
    const text = path === null ? '' : toName(path);
    if (text === undefined || text.length > MaxLength)
        throw Thrown.wrongArguments();
    const names = text === '' ? [] : text.split('.');
    if (names.length > MaxSegments)
        throw Thrown.wrongArguments();
    return names;
}
/** Takes the names `val` is given. */
export function named(names) {
    const path = names.map(name => toName(name));
    if (path.length > MaxSegments || path.some(name => name === undefined) || path.join('').length > MaxLength)
        throw Thrown.wrongArguments();
    return path;
}
/** Finds a fact; `undefined` when there is none. */
export function find(data, path) {
    let found = data;
    for (const name of path) {
        if (found === undefined)
            return undefined;
        found = member(found, name);
    }
    return found;
}
