import type { CharSet } from './chars.js';

export type Place = 'begin' | 'end' | 'boundary' | 'noBoundary';

/** A piece of a pattern as it was read. */
export type Node =
  | { readonly kind: 'take'; readonly set: CharSet }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly ways: readonly Node[] }
  | { readonly kind: 'repetition'; readonly part: Node; readonly least: number; readonly most: number | undefined };

/** One step of a pattern that was compiled. */
export type Instruction =
  | { kind: 'take'; set: CharSet }
  | { kind: 'place'; place: Place }
  | { kind: 'split'; first: number; second: number }
  | { kind: 'jump'; first: number }
  | { kind: 'match' };

const MaxLength = 2000;

class TooLarge extends Error {}

/** Writes the instructions of a pattern, what is repeated written out; `undefined` when they are too many. */
export function compile(pattern: Node): readonly Instruction[] | undefined {
  const program = new Program();
  try {
    program.emit(pattern);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
  return [...program.instructions, { kind: 'match' }];
}

class Program {
  readonly instructions: Instruction[] = [];

  emit(node: Node): void {
    switch (node.kind) {
      case 'sequence': node.parts.forEach(part => this.emit(part)); break;
      case 'choice': this.choose(node.ways); break;
      case 'repetition': this.repeat(node.part, node.least, node.most); break;
      default: this.add(node);
    }
  }

  private add<T extends Instruction>(instruction: T): T {
    this.instructions.push(instruction);
    if (this.instructions.length >= MaxLength) throw new TooLarge();
    return instruction;
  }

  private split() {
    return this.add({ kind: 'split', first: this.instructions.length + 1, second: 0 });
  }

  private choose(ways: readonly Node[]): void {
    const ends: { first: number }[] = [];
    ways.forEach((way, i) => {
      const split = i + 1 < ways.length ? this.split() : undefined;
      this.emit(way);
      if (split === undefined) return;
      ends.push(this.add({ kind: 'jump', first: 0 }));
      split.second = this.instructions.length;
    });
    for (const end of ends) end.first = this.instructions.length;
  }

  private repeat(part: Node, least: number, most: number | undefined): void {
    for (let i = 0; i < least; i++) {
      const before = this.instructions.length;
      this.emit(part);
      if (this.instructions.length === before) return; // nothing, however often
    }
    if (most === undefined) this.loop(part);
    else this.optional(part, most - least);
  }

  private loop(part: Node): void {
    const start = this.instructions.length;
    const split = this.split();
    this.emit(part);
    this.add({ kind: 'jump', first: start });
    split.second = this.instructions.length;
  }

  private optional(part: Node, times: number): void {
    const splits: { second: number }[] = [];
    for (let i = 0; i < times; i++) {
      splits.push(this.split());
      this.emit(part);
    }
    for (const split of splits) split.second = this.instructions.length;
  }
}
