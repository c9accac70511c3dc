import { LogicEngine } from 'json-logic-engine';
import { truthy } from './coercion.js';
import { Thrown } from './errors.js';
import { Call, type Operator } from './operator.js';
import { access } from './operators/access.js';
import { arithmetic } from './operators/arithmetic.js';
import { comparison } from './operators/comparison.js';
import { lists } from './operators/lists.js';
import { logic } from './operators/logic.js';
import { processes } from './operators/processes.js';
import { texts } from './operators/texts.js';
import { times } from './operators/times.js';
import type { Above } from './scope.js';
import { isList, isObject, type Json } from './values.js';

const operators: Record<string, Operator> = { ...access, ...logic, ...comparison, ...arithmetic, ...lists, ...texts, ...times, ...processes };

/**
 * JsonLogic as the server speaks it: the engine walks the rules, and every operator is one of ours, because the engine's own differ in what they coerce, compare and
 * refuse. Nothing is compiled to JavaScript, so that a strict content security policy holds.
 */
export class Dialect extends LogicEngine {
  constructor() {
    super({}, { disableInline: true, disableInterpretedOptimization: true, permissive: false });
    for (const [name, operator] of Object.entries(operators)) {
      this.addMethod(name, { lazy: true, method: (source: Json, data: Json, above: unknown) => this.apply(operator, source, data, above as Above) });
    }
  }

  /** Evaluates a rule, or a part of one. */
  evaluate(source: Json, data: Json, above: Above): Json {
    return this.run(source, data, { above }) as Json;
  }

  override truthy(value: Json): boolean {
    return truthy(value);
  }

  override run(source: Json, data: Json, options: { above?: Above }): Json {
    if (isObject(source)) {
      const names = Object.keys(source);
      // Members have no order that counts: the first name is the first by its characters, as the server has it.
      if (names.length > 1) throw Thrown.unknownOperator(names.sort()[0]!);
      if (names.length === 1 && !Object.hasOwn(operators, names[0]!)) throw Thrown.unknownOperator(names[0]!);
    }
    return super.run(source, data, options) as Json;
  }

  private apply(operator: Operator, source: Json, data: Json, above: Above): Json {
    if (operator.form === 'literal') return source;
    const call = this.call(operator, source, data, above);
    if (call.count < operator.least || call.count > operator.most) throw Thrown.wrongArguments();
    return operator.apply(call);
  }

  private call(operator: Operator, source: Json, data: Json, above: Above): Call {
    if (isList(source)) return new Call(this, source, false, data, above);
    if (operator.form === 'list') throw Thrown.wrongArguments();
    if (operator.form === 'single') return new Call(this, [source], false, data, above);
    const value = this.evaluate(source, data, above);
    return new Call(this, isList(value) ? value : [value], true, data, above);
  }
}
