import { wordCharacters } from './chars.js';
import { compile } from './program.js';
import { Malformed, Reader } from './reader.js';
const MaxLength = 1000;
/** A regular expression whose matching takes at most its length in steps for each character. The browser's own can be made to take years. */
export class Pattern {
    program;
    constructor(program) {
        this.program = program;
    }
    /** Compiles a pattern; `undefined` when it is malformed, too large or needs backtracking. */
    static compile(source) {
        if (source.length > MaxLength)
            return undefined;
        try {
            const program = compile(new Reader(source).read());
            return program && new Pattern(program);
        }
        catch (error) {
            if (error instanceof Malformed)
                return undefined;
            throw error;
        }
    }
    /** Whether the pattern matches anywhere in a text. */
    isMatch(text) {
        let takers = [];
        for (let at = 0;; at++) {
            const seen = new Set();
            const reached = [];
            for (const taker of takers) {
                const instruction = this.program[taker];
                if (instruction.kind === 'take' && instruction.set.contains(text[at - 1]) && this.follow(taker + 1, text, at, seen, reached))
                    return true;
            }
            // Each place may be where the match begins.
            if (this.follow(0, text, at, seen, reached))
                return true;
            if (at === text.length)
                return false;
            takers = reached;
        }
    }
    /** Adds all instructions that take a character and can be reached without taking one; tells whether the pattern has matched. */
    follow(start, text, at, seen, takers) {
        const pending = [start];
        for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
            if (seen.has(place))
                continue;
            seen.add(place);
            const instruction = this.program[place];
            switch (instruction.kind) {
                case 'match': return true;
                case 'take':
                    takers.push(place);
                    break;
                case 'jump':
                    pending.push(instruction.first);
                    break;
                case 'split':
                    pending.push(instruction.second, instruction.first);
                    break;
                case 'place': if (isAt(instruction.place, text, at))
                    pending.push(place + 1);
            }
        }
        return false;
    }
}
function isAt(place, text, at) {
    if (place === 'begin')
        return at === 0;
    if (place === 'end')
        return at === text.length;
    return (isWord(text, at - 1) !== isWord(text, at)) === (place === 'boundary');
}
const isWord = (text, at) => at >= 0 && at < text.length && wordCharacters.contains(text[at]);
