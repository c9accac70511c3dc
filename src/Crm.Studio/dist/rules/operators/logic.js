import { truthy } from '../coercion.js';
import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
/** Truth, choice and errors. */
export const logic = {
    preserve: operator(0, Any, 'literal', () => null),
    if: operator(0, Any, 'list', choose),
    '?:': operator(0, Any, 'list', choose),
    and: operator(0, Any, 'list', call => until(call, value => !truthy(value), false)),
    or: operator(0, Any, 'list', call => until(call, truthy, false)),
    '??': operator(0, Any, 'list', call => until(call, value => value !== null, null)),
    '!': operator(0, 1, 'single', call => call.count === 0 || !call.holds(0)),
    '!!': operator(0, 1, 'single', call => call.count > 0 && call.holds(0)),
    throw: operator(1, 1, 'spread', call => {
        throw Thrown.of(call.value(0));
    }),
    try: operator(1, Any, 'single', attempt),
    log: operator(1, 1, 'single', call => call.value(0)),
};
function choose(call) {
    let i = 0;
    for (; i + 1 < call.count; i += 2) {
        if (call.holds(i))
            return call.value(i + 1);
    }
    return i < call.count ? call.value(i) : null;
}
/** The argument that decides, or the last. */
function until(call, decides, none) {
    let value = none;
    for (let i = 0; i < call.count; i++) {
        value = call.value(i);
        if (decides(value))
            break;
    }
    return value;
}
/** The first argument that does not end in an error; those after the first see the last error in place of the data. */
function attempt(call) {
    let last;
    for (let i = 0; i < call.count; i++) {
        try {
            if (last === undefined)
                return call.value(i);
            return call.value(i, last.error, { root: call.above.root, data: call.data, iterator: null, next: call.above });
        }
        catch (thrown) {
            if (!(thrown instanceof Thrown))
                throw thrown;
            last = thrown;
        }
    }
    throw last;
}
