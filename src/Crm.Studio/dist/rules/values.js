export const isList = (value) => Array.isArray(value);
export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
/** A list index as text: no sign, no leading zero. */
const Index = /^(0|[1-9]\d{0,9})$/;
/** Finds a member of an object or an item of a list; `undefined` when there is none. What objects inherit is no member. */
export function member(value, name) {
    if (isObject(value))
        return Object.hasOwn(value, name) ? value[name] : undefined;
    return isList(value) && Index.test(name) ? value[Number(name)] : undefined;
}
