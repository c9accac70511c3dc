import { CharSet, digits, lineEnds, not, ofCategory, one, range, spaces, wordCharacters } from './chars.js';
const MaxDepth = 100;
const MaxCount = 1000;
const SyntaxCharacters = '^$\\.*+?()[]{}|/-';
/** A pattern that is none, or outside the subset. */
export class Malformed extends Error {
}
/** Reads the regular expressions of ECMAScript, without look-around and back-references. */
export class Reader {
    pattern;
    at = 0;
    depth = 0;
    constructor(pattern) {
        this.pattern = pattern;
    }
    read() {
        const node = this.choice();
        if (this.at !== this.pattern.length)
            throw new Malformed();
        return node;
    }
    choice() {
        if (++this.depth > MaxDepth)
            throw new Malformed();
        const ways = [this.sequence()];
        while (this.skip('|'))
            ways.push(this.sequence());
        this.depth--;
        return ways.length === 1 ? ways[0] : { kind: 'choice', ways };
    }
    sequence() {
        const parts = [];
        while (this.at < this.pattern.length && this.peek !== '|' && this.peek !== ')')
            parts.push(this.quantified());
        return { kind: 'sequence', parts };
    }
    quantified() {
        const part = this.atom();
        const count = this.quantifier();
        if (count === undefined)
            return part;
        if (part.kind === 'place')
            throw new Malformed();
        this.skip('?'); // as little as possible matches the same texts
        return { kind: 'repetition', part, ...count };
    }
    quantifier() {
        if (this.skip('*'))
            return { least: 0, most: undefined };
        if (this.skip('+'))
            return { least: 1, most: undefined };
        if (this.skip('?'))
            return { least: 0, most: 1 };
        if (!this.skip('{'))
            return undefined;
        const least = this.count();
        const most = !this.skip(',') ? least : this.peek === '}' ? undefined : this.count();
        if (!this.skip('}') || (most !== undefined && most < least))
            throw new Malformed();
        return { least, most };
    }
    count() {
        const start = this.at;
        while (/[0-9]/.test(this.peek))
            this.at++;
        const count = Number(this.pattern.slice(start, this.at));
        if (this.at === start || count > MaxCount)
            throw new Malformed();
        return count;
    }
    atom() {
        const c = this.pattern[this.at++];
        switch (c) {
            case '^': return { kind: 'place', place: 'begin' };
            case '$': return { kind: 'place', place: 'end' };
            case '.': return take(not(lineEnds));
            case '(': return this.group();
            case '[': return this.charClass();
            case '\\': return this.peek === 'b' || this.peek === 'B' ? this.boundary() : take(this.escape(false));
            case '*':
            case '+':
            case '?':
            case '{': throw new Malformed();
            default: return take(one(c));
        }
    }
    boundary() {
        const place = this.pattern[this.at++] === 'b' ? 'boundary' : 'noBoundary';
        return { kind: 'place', place };
    }
    group() {
        if (this.skip('?') && !this.skip(':'))
            this.skipGroupName();
        const inner = this.choice();
        if (!this.skip(')'))
            throw new Malformed();
        return inner;
    }
    skipGroupName() {
        const end = this.peek === '<' ? this.pattern.indexOf('>', this.at) : -1;
        if (end < this.at + 2 || /[=!]/.test(this.pattern[this.at + 1]))
            throw new Malformed();
        this.at = end + 1;
    }
    charClass() {
        const isNegated = this.skip('^');
        const parts = [];
        while (!this.skip(']')) {
            let part = this.classAtom();
            if (this.peek === '-' && this.at + 1 < this.pattern.length && this.pattern[this.at + 1] !== ']') {
                this.at++;
                part = this.span(part, this.classAtom());
            }
            parts.push(part);
        }
        return { kind: 'take', set: new CharSet(parts, isNegated) };
    }
    classAtom() {
        const c = this.pattern[this.at++];
        if (c === undefined)
            throw new Malformed();
        return c === '\\' ? this.escape(true) : one(c);
    }
    span(first, last) {
        if (first.single === undefined || last.single === undefined || first.single > last.single)
            throw new Malformed();
        return range(first.single, last.single);
    }
    escape(inClass) {
        const c = this.pattern[this.at++];
        switch (c) {
            case 'd': return digits;
            case 'D': return not(digits);
            case 'w': return wordCharacters;
            case 'W': return not(wordCharacters);
            case 's': return spaces;
            case 'S': return not(spaces);
            case 'p': return this.category();
            case 'P': return not(this.category());
            case 't': return one('\t');
            case 'n': return one('\n');
            case 'r': return one('\r');
            case 'f': return one('\f');
            case 'v': return one('\v');
            case 'x': return this.hex(2);
            case 'u': return this.hex(4);
            default:
                if (c === '0' && !/[0-9]/.test(this.peek))
                    return one('\0');
                if (c === 'b' && inClass)
                    return one('\b');
                if (c === undefined || !SyntaxCharacters.includes(c))
                    throw new Malformed();
                return one(c);
        }
    }
    category() {
        const end = this.peek === '{' ? this.pattern.indexOf('}', this.at) : -1;
        const part = end < 0 ? undefined : ofCategory(this.pattern.slice(this.at + 1, end));
        if (part === undefined)
            throw new Malformed();
        this.at = end + 1;
        return part;
    }
    hex(count) {
        const code = this.pattern.slice(this.at, this.at + count);
        if (!/^[0-9A-Fa-f]+$/.test(code) || code.length < count)
            throw new Malformed();
        this.at += count;
        return one(String.fromCharCode(parseInt(code, 16)));
    }
    get peek() {
        return this.pattern[this.at] ?? '';
    }
    skip(c) {
        if (this.peek !== c)
            return false;
        this.at++;
        return true;
    }
}
const take = (part) => ({ kind: 'take', set: new CharSet([part]) });
