export const one = (c) => ({ contains: other => other === c, single: c });
export const range = (first, last) => ({ contains: c => c >= first && c <= last });
export const not = (part) => ({ contains: c => !part.contains(c) });
const oneOf = (set) => ({ contains: c => set.test(c) });
export const digits = oneOf(/[0-9]/);
export const wordCharacters = oneOf(/[A-Za-z0-9_]/);
export const spaces = oneOf(/\s/);
export const lineEnds = oneOf(/[\n\r\u2028\u2029]/);
const Categories = ['Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd', 'Nl', 'No', 'Zs', 'Zl', 'Zp', 'Cc', 'Cf', 'Cs', 'Co', 'Pc', 'Pd', 'Ps', 'Pe', 'Pi', 'Pf', 'Po', 'Sm', 'Sc', 'Sk', 'So', 'Cn'];
/** The characters of a Unicode category such as `Lu` or `L`; `undefined` when there is no such category. */
export function ofCategory(name) {
    const isKnown = Categories.some(category => category === name || (name.length === 1 && category.startsWith(name)));
    return isKnown ? oneOf(new RegExp(`\\p{${name}}`, 'u')) : undefined;
}
/** Characters a pattern asks for in one place. */
export class CharSet {
    parts;
    isNegated;
    constructor(parts, isNegated = false) {
        this.parts = parts;
        this.isNegated = isNegated;
    }
    contains(c) {
        return this.parts.some(part => part.contains(c)) !== this.isNegated;
    }
}
