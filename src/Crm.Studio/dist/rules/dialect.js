import { LogicEngine } from 'json-logic-engine';
import { truthy } from './coercion.js';
import { Thrown } from './errors.js';
import { Call } from './operator.js';
import { access } from './operators/access.js';
import { arithmetic } from './operators/arithmetic.js';
import { comparison } from './operators/comparison.js';
import { lists } from './operators/lists.js';
import { logic } from './operators/logic.js';
import { processes } from './operators/processes.js';
import { texts } from './operators/texts.js';
import { times } from './operators/times.js';
import { isList, isObject } from './values.js';
const operators = { ...access, ...logic, ...comparison, ...arithmetic, ...lists, ...texts, ...times, ...processes };
/**
 * JsonLogic as the server speaks it: the engine walks the rules, and every operator is one of ours, because the engine's own differ in what they coerce, compare and
 * refuse. Nothing is compiled to JavaScript, so that a strict content security policy holds.
 */
export class Dialect extends LogicEngine {
    constructor() {
        super({}, { disableInline: true, disableInterpretedOptimization: true, permissive: false });
        for (const [name, operator] of Object.entries(operators)) {
            this.addMethod(name, { lazy: true, method: (source, data, above) => this.apply(operator, source, data, above) });
        }
    }
    /** Evaluates a rule, or a part of one. */
    evaluate(source, data, above) {
        return this.run(source, data, { above });
    }
    truthy(value) {
        return truthy(value);
    }
    run(source, data, options) {
        if (isObject(source)) {
            const names = Object.keys(source);
            // Members have no order that counts: the first name is the first by its characters, as the server has it.
            if (names.length > 1)
                throw Thrown.unknownOperator(names.sort()[0]);
            if (names.length === 1 && !Object.hasOwn(operators, names[0]))
                throw Thrown.unknownOperator(names[0]);
        }
        return super.run(source, data, options);
    }
    apply(operator, source, data, above) {
        if (operator.form === 'literal')
            return source;
        const call = this.call(operator, source, data, above);
        if (call.count < operator.least || call.count > operator.most)
            throw Thrown.wrongArguments();
        return operator.apply(call);
    }
    call(operator, source, data, above) {
        if (isList(source))
            return new Call(this, source, false, data, above);
        if (operator.form === 'list')
            throw Thrown.wrongArguments();
        if (operator.form === 'single')
            return new Call(this, [source], false, data, above);
        const value = this.evaluate(source, data, above);
        return new Call(this, isList(value) ? value : [value], true, data, above);
    }
}
