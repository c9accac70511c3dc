import { isList, isObject } from './values.js';
/** JsonLogic's truth: JavaScript's, but an empty list is false. */
export function truthy(value) {
    return isList(value) ? value.length > 0 : Boolean(value);
}
/** The value as a number: null is 0, a boolean 0 or 1, a text what `Number` reads; NaN for lists and objects. */
export function toNumber(value) {
    return value !== null && typeof value === 'object' ? NaN : Number(value);
}
/** `String(value)`. */
export function toText(value) {
    return isList(value) ? join(value) : isObject(value) ? '[object Object]' : String(value);
}
/** What `[value].join()` gives: null is nothing, a list's items are parted by commas. */
export function join(value) {
    return value === null ? '' : isList(value) ? value.map(join).join(',') : toText(value);
}
/** The name of a member or the index of an item that a value stands for; `undefined` for lists and objects. */
export function toName(value) {
    return value !== null && typeof value === 'object' ? undefined : String(value);
}
/** `===`, but lists and objects are compared deeply. */
export function strictlyEqual(left, right) {
    if (isList(left))
        return isList(right) && left.length === right.length && left.every((item, i) => strictlyEqual(item, right[i]));
    if (!isObject(left))
        return left === right;
    if (!isObject(right))
        return false;
    const names = Object.keys(left);
    return names.length === Object.keys(right).length && names.every(name => Object.hasOwn(right, name) && strictlyEqual(left[name], right[name]));
}
