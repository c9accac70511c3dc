import { toNumber, toText, truthy } from './coercion.js';
import { Thrown } from './errors.js';
import { isList, isObject } from './values.js';
export const Any = Number.POSITIVE_INFINITY;
export const operator = (least, most, form, apply) => ({ least, most, form, apply });
/** An operator's arguments, evaluated when they are asked for. */
export class Call {
    engine;
    given;
    isEvaluated;
    data;
    above;
    constructor(engine, given, isEvaluated, data, above) {
        this.engine = engine;
        this.given = given;
        this.isEvaluated = isEvaluated;
        this.data = data;
        this.above = above;
    }
    get count() {
        return this.given.length;
    }
    /** What an argument comes to; with other data where it is given. */
    value(argument, data = this.data, above = this.above) {
        const source = this.given[argument];
        return this.isEvaluated ? source : this.engine.evaluate(source, data, above);
    }
    values() {
        return this.given.map((_, i) => this.value(i));
    }
    number(argument) {
        return toNumber(this.value(argument));
    }
    holds(argument, data = this.data, above = this.above) {
        return truthy(this.value(argument, data, above));
    }
    /** A text; null is the empty one, and a list or an object is none. */
    text(argument) {
        const value = this.value(argument);
        if (isList(value) || isObject(value))
            throw Thrown.wrongArguments();
        return value === null ? '' : toText(value);
    }
    /** The value of an argument that stands in the rule; `undefined` for one that has to be computed. */
    constant(argument) {
        return this.isEvaluated ? this.given[argument] : constant(this.given[argument]);
    }
}
function constant(source) {
    if (isList(source))
        return source.every(item => constant(item) !== undefined) ? source : undefined;
    if (!isObject(source))
        return source;
    const [name, ...others] = Object.keys(source);
    if (name === undefined)
        return source;
    if (others.length > 0)
        return undefined;
    if (name === 'preserve')
        return source[name];
    const logged = source['log'];
    return name === 'log' && logged !== undefined ? constant(isList(logged) && logged.length === 1 ? logged[0] : logged) : undefined;
}
