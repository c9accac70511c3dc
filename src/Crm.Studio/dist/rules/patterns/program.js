const MaxLength = 2000;
class TooLarge extends Error {
}
/** Writes the instructions of a pattern, what is repeated written out; `undefined` when they are too many. */
export function compile(pattern) {
    const program = new Program();
    try {
        program.emit(pattern);
    }
    catch (error) {
        if (error instanceof TooLarge)
            return undefined;
        throw error;
    }
    return [...program.instructions, { kind: 'match' }];
}
class Program {
    instructions = [];
    emit(node) {
        switch (node.kind) {
            case 'sequence':
                node.parts.forEach(part => this.emit(part));
                break;
            case 'choice':
                this.choose(node.ways);
                break;
            case 'repetition':
                this.repeat(node.part, node.least, node.most);
                break;
            default: this.add(node);
        }
    }
    add(instruction) {
        this.instructions.push(instruction);
        if (this.instructions.length >= MaxLength)
            throw new TooLarge();
        return instruction;
    }
    split() {
        return this.add({ kind: 'split', first: this.instructions.length + 1, second: 0 });
    }
    choose(ways) {
        const ends = [];
        ways.forEach((way, i) => {
            const split = i + 1 < ways.length ? this.split() : undefined;
            this.emit(way);
            if (split === undefined)
                return;
            ends.push(this.add({ kind: 'jump', first: 0 }));
            split.second = this.instructions.length;
        });
        for (const end of ends)
            end.first = this.instructions.length;
    }
    repeat(part, least, most) {
        for (let i = 0; i < least; i++) {
            const before = this.instructions.length;
            this.emit(part);
            if (this.instructions.length === before)
                return; // nothing, however often
        }
        if (most === undefined)
            this.loop(part);
        else
            this.optional(part, most - least);
    }
    loop(part) {
        const start = this.instructions.length;
        const split = this.split();
        this.emit(part);
        this.add({ kind: 'jump', first: start });
        split.second = this.instructions.length;
    }
    optional(part, times) {
        const splits = [];
        for (let i = 0; i < times; i++) {
            splits.push(this.split());
            this.emit(part);
        }
        for (const split of splits)
            split.second = this.instructions.length;
    }
}
