import { isObject } from './values.js';
/** An error of a rule on its way to the next `try` or to the end of the evaluation. */
export class Thrown extends Error {
    error;
    constructor(error) {
        super('A rule ended in an error.');
        this.error = error;
    }
    /** An object with a type is the error as it is, everything else an error's type. */
    static of(thrown) {
        return new Thrown(isObject(thrown) && Object.hasOwn(thrown, 'type') ? thrown : { type: thrown });
    }
    /** Something had to be a number and is none, or has no finite result. */
    static notANumber = () => Thrown.of('NaN');
    /** An operator was given too few or too many arguments, or arguments of the wrong kind. */
    static wrongArguments = () => Thrown.of('Invalid Arguments');
    /** There is no such operator. */
    static unknownOperator = (name) => new Thrown({ key: name, type: 'Unknown Operator' });
}
