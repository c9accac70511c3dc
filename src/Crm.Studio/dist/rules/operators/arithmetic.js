import { toNumber } from '../coercion.js';
import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
/** Arithmetic from left to right, in IEEE doubles. A result that is no finite number is an error. */
export const arithmetic = {
    '+': operator(0, Any, 'spread', call => fold(call, 0, (a, b) => a + b)),
    '*': operator(0, Any, 'spread', call => fold(call, 1, (a, b) => a * b)),
    '-': operator(1, Any, 'spread', call => fold(call, 0, (a, b) => a - b)),
    '/': operator(1, Any, 'spread', call => fold(call, 1, (a, b) => a / b)),
    '%': operator(2, Any, 'spread', call => fold(call, NaN, (a, b) => a % b)),
    min: operator(1, Any, 'spread', call => extreme(call, Math.min)),
    max: operator(1, Any, 'spread', call => extreme(call, Math.max)),
};
/** A single argument is combined with the start: `{"-": x}` is 0 - x, `{"/": x}` is 1 / x. */
function fold(call, start, combine) {
    const [first, ...others] = call.values().map(toNumber);
    if (first === undefined)
        return start;
    const result = others.length === 0 ? combine(start, first) : others.reduce(combine, first);
    if (!Number.isFinite(result))
        throw Thrown.notANumber();
    return result;
}
function extreme(call, pick) {
    const values = call.values();
    if (!values.every(value => typeof value === 'number'))
        throw Thrown.wrongArguments();
    return pick(...values);
}
