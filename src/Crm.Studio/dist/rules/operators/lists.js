import { strictlyEqual, toText, truthy } from '../coercion.js';
import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
import { isList } from '../values.js';
/** Going through lists. */
export const lists = {
    map: operator(2, 2, 'list', call => items(call, true).map((item, i, all) => each(call, all, i, item))),
    filter: operator(2, 2, 'list', call => items(call, true).filter((item, i, all) => truthy(each(call, all, i, item)))),
    reduce: operator(2, 3, 'list', reduce),
    all: operator(2, 2, 'list', call => {
        const list = items(call);
        return list.length > 0 && list.every((item, i) => truthy(each(call, list, i, item)));
    }),
    some: operator(2, 2, 'list', call => items(call).some((item, i, all) => truthy(each(call, all, i, item)))),
    none: operator(2, 2, 'list', call => !items(call).some((item, i, all) => truthy(each(call, all, i, item)))),
    merge: operator(0, Any, 'spread', call => call.values().flatMap(value => (isList(value) ? value : [value]))),
    in: operator(2, 2, 'spread', call => isIn(call.value(0), call.value(1))),
};
/** Whether a value is an item of a list (strictly equal) or a part of a text. */
export function isIn(part, whole) {
    if (typeof whole === 'string')
        return whole.length > 0 && whole.includes(toText(part));
    return isList(whole) && whole.some(item => strictlyEqual(item, part));
}
/** The list to go through. Where that is allowed, one that is missing counts as empty. */
function items(call, isMissingAllowed = false) {
    // There is nothing to go through, or nothing to do.
    if (isMissingAllowed && (call.constant(0) === null || call.constant(1) === null))
        throw Thrown.wrongArguments();
    const list = call.value(0);
    if (list === null && isMissingAllowed)
        return [];
    if (!isList(list))
        throw Thrown.wrongArguments();
    return list;
}
/** The rule for an item. */
function each(call, iterator, index, data) {
    return call.value(1, data, { root: call.above.root, data: call.data, iterator, index, next: call.above });
}
function reduce(call) {
    const list = items(call, true);
    const hasStart = call.count > 2;
    let accumulator = hasStart ? call.value(2) : (list[0] ?? null);
    for (let i = hasStart ? 0 : 1; i < list.length; i++)
        accumulator = each(call, list, i, { accumulator, current: list[i] });
    return accumulator;
}
