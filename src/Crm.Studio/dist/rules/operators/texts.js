import { join, toText } from '../coercion.js';
import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
import { Pattern } from '../patterns/pattern.js';
import { isList, isObject } from '../values.js';
import { isIn } from './lists.js';
/** Texts, by their UTF-16 code units. */
export const texts = {
    cat: operator(0, Any, 'spread', call => call.values().map(join).join('')),
    substr: operator(2, 3, 'spread', substr),
    lower: operator(1, 1, 'single', call => recase(call.text(0), c => c.toLowerCase())),
    upper: operator(1, 1, 'single', call => recase(call.text(0), toUpper)),
    startsWith: operator(2, 2, 'list', call => affix(call, (text, part) => text.startsWith(part))),
    endsWith: operator(2, 2, 'list', call => affix(call, (text, part) => text.endsWith(part))),
    contains: operator(2, 2, 'list', contains),
    matches: operator(2, 2, 'list', matches),
};
/** From a start, counted from the end when negative; a negative length leaves out that many characters at the end. */
function substr(call) {
    const text = toText(call.value(0));
    const start = call.number(1);
    const from = within(start < 0 ? text.length + Math.trunc(start) : start, text.length);
    const rest = text.length - from;
    if (call.count < 3)
        return text.slice(from);
    const wanted = call.number(2);
    return text.slice(from, from + within(wanted < 0 ? rest + wanted : wanted, rest));
}
const within = (position, most) => (Number.isNaN(position) ? 0 : Math.trunc(Math.min(Math.max(position, 0), most)));
/** Character by character, whatever the language and what stands around: a letter whose other case is several letters stays. */
function recase(text, other) {
    return Array.from(text, letter => [other(letter), withIota(letter, other)].find(recased => recased.length === letter.length) ?? letter).join('');
}
/** Greek letters with a small iota below keep it: ᾳ is ᾼ, not ΑΙ. */
const withIota = (letter, other) => Array.from(letter.normalize('NFD'), part => (part === '\u0345' ? part : other(part))).join('').normalize('NFC');
// ı and ſ are no other case of I and S, which have one.
const toUpper = (letter) => (letter === 'ı' || letter === 'ſ' ? letter : letter.toUpperCase());
function affix(call, holds) {
    const text = call.text(0);
    return holds(text, call.text(1));
}
function contains(call) {
    const whole = call.value(0);
    if (isObject(whole))
        throw Thrown.wrongArguments();
    if (isList(whole))
        return isIn(call.value(1), whole);
    const part = call.text(1);
    return (whole === null ? '' : toText(whole)).includes(part);
}
const patterns = new Map();
function matches(call) {
    const source = call.constant(1);
    if (typeof source !== 'string')
        throw Thrown.wrongArguments();
    if (!patterns.has(source))
        patterns.set(source, Pattern.compile(source));
    const pattern = patterns.get(source);
    if (pattern === undefined)
        throw Thrown.wrongArguments();
    return pattern.isMatch(call.text(0));
}
