import type { Dialect } from './dialect.js';
import { toNumber, toText, truthy } from './coercion.js';
import { Thrown } from './errors.js';
import type { Above } from './scope.js';
import { isList, isObject, type Json } from './values.js';

/** What an argument that is no list means: `{"op": x}`. */
export type Form =
  /** A list that comes of it is the list of arguments, anything else the only one. */
  | 'spread'
  /** It is the only argument, whatever comes of it. */
  | 'single'
  /** Nothing: the operator decides which arguments are evaluated, so they have to stand there. */
  | 'list'
  /** It is the value, evaluated or not. */
  | 'literal';

/** An operator of the dialect. */
export interface Operator {
  readonly least: number;
  readonly most: number;
  readonly form: Form;
  readonly apply: (call: Call) => Json;
}

export const Any = Number.POSITIVE_INFINITY;

export const operator = (least: number, most: number, form: Form, apply: (call: Call) => Json): Operator => ({ least, most, form, apply });

/** An operator's arguments, evaluated when they are asked for. */
export class Call {
  constructor(
    private readonly engine: Dialect,
    private readonly given: readonly Json[],
    private readonly isEvaluated: boolean,
    readonly data: Json,
    readonly above: Above,
  ) {}

  get count(): number {
    return this.given.length;
  }

  /** What an argument comes to; with other data where it is given. */
  value(argument: number, data: Json = this.data, above: Above = this.above): Json {
    const source = this.given[argument]!;
    return this.isEvaluated ? source : this.engine.evaluate(source, data, above);
  }

  values(): Json[] {
    return this.given.map((_, i) => this.value(i));
  }

  number(argument: number): number {
    return toNumber(this.value(argument));
  }

  holds(argument: number, data: Json = this.data, above: Above = this.above): boolean {
    return truthy(this.value(argument, data, above));
  }

  /** A text; null is the empty one, and a list or an object is none. */
  text(argument: number): string {
    const value = this.value(argument);
    if (isList(value) || isObject(value)) throw Thrown.wrongArguments();
    return value === null ? '' : toText(value);
  }

  /** The value of an argument that stands in the rule; `undefined` for one that has to be computed. */
  constant(argument: number): Json | undefined {
    return this.isEvaluated ? this.given[argument] : constant(this.given[argument]!);
  }
}

function constant(source: Json): Json | undefined {
  if (isList(source)) return source.every(item => constant(item) !== undefined) ? source : undefined;
  if (!isObject(source)) return source;
  const [name, ...others] = Object.keys(source);
  if (name === undefined) return source;
  if (others.length > 0) return undefined;
  if (name === 'preserve') return source[name];
  const logged = source['log'];
  return name === 'log' && logged !== undefined ? constant(isList(logged) && logged.length === 1 ? logged[0]! : logged) : undefined;
}
