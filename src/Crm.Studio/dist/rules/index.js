import { truthy } from './coercion.js';
import { Dialect } from './dialect.js';
import { Thrown } from './errors.js';
import { isList, isObject } from './values.js';
const dialect = new Dialect();
/**
 * Evaluates a rule as the server would. The server bounds what a rule may cost before it is published and while it runs; here nothing is bounded, so only rules that
 * came from it belong here. It has the last word on every move.
 *
 * @param rule The rule as JSON.
 * @param data The facts: one object with the roots `entity`, `project`, `step`, `actor`, `input`, `event`, `param`, `now`.
 */
export function evaluate(rule, data) {
    try {
        return { result: dialect.evaluate(rule, data, { root: data }) };
    }
    catch (thrown) {
        if (thrown instanceof Thrown)
            return { error: thrown.error };
        throw thrown;
    }
}
/** Whether only the server can evaluate a rule: it asks a decision, of which the browser knows nothing. Such a rule is not for `evaluate`. */
export function needsServer(rule) {
    if (isList(rule))
        return rule.some(needsServer);
    return isObject(rule) && !Object.hasOwn(rule, 'preserve') && (Object.hasOwn(rule, 'decide') || Object.values(rule).some(needsServer));
}
/** Whether a rule's result is truthy. A rule that ends in an error does not hold. */
export function holds(rule, data) {
    const outcome = evaluate(rule, data);
    return 'result' in outcome && truthy(outcome.result);
}
