import { strictlyEqual, toNumber } from '../coercion.js';
import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
const relation = (holds, ofNullAndText = holds) => operator(2, Any, 'list', call => chain(call, (left, right) => compare(left, right, holds, ofNullAndText)));
/** Comparing neighbours, up to the first pair for which it does not hold. */
export const comparison = {
    '==': relation((a, b) => a === b, () => false),
    '!=': relation((a, b) => a !== b, () => true),
    '<': relation((a, b) => a < b),
    '<=': relation((a, b) => a <= b),
    '>': relation((a, b) => a > b),
    '>=': relation((a, b) => a >= b),
    '===': operator(2, Any, 'list', call => chain(call, strictlyEqual)),
    '!==': operator(2, Any, 'list', call => chain(call, (a, b) => !strictlyEqual(a, b))),
};
function chain(call, holds) {
    let left = call.value(0);
    for (let i = 1; i < call.count; i++) {
        const right = call.value(i);
        if (!holds(left, right))
            return false;
        left = right;
    }
    return true;
}
/** Two texts are compared as texts, by their UTF-16 code units; anything else as numbers, and what is no number is an error, but for a text beside null. */
function compare(left, right, holds, ofNullAndText) {
    if (typeof left === 'string' && typeof right === 'string')
        return holds(left, right);
    const [a, b] = [toNumber(left), toNumber(right)];
    if ((typeof left === 'string' && right === null) || (left === null && typeof right === 'string'))
        return ofNullAndText(a, b);
    if (Number.isNaN(a) || Number.isNaN(b))
        throw Thrown.notANumber();
    return holds(a, b);
}
