import { climb } from '../scope.js';
import { toNumber } from '../coercion.js';
import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
import { dotted, find, named } from '../paths.js';
import { isList } from '../values.js';
/** Reading the data. */
export const access = {
    var: operator(0, 2, 'spread', read),
    val: operator(0, Any, 'spread', val),
    exists: operator(0, Any, 'spread', exists),
    missing: operator(0, Any, 'spread', call => {
        const names = call.values();
        return missing(call.data, isList(names[0]) ? names[0] : names);
    }),
    missing_some: operator(2, 2, 'spread', call => {
        const wanted = toNumber(call.value(0));
        const value = call.value(1);
        const names = isList(value) ? value : [value];
        const lacking = missing(call.data, names);
        return names.length - lacking.length >= wanted ? [] : lacking;
    }),
};
// A fact that is null is one; only what is missing has a default.
function read(call) {
    const found = find(call.data, dotted(call.count > 0 ? call.value(0) : null));
    if (found !== undefined)
        return found;
    return call.count > 1 ? call.value(1) : null;
}
function val(call) {
    const { levels, names } = levelsOf(call.values());
    const path = named(names);
    const from = climb(call.data, call.above, levels);
    return from === undefined ? null : (find(from, path) ?? null);
}
function exists(call) {
    const { levels, names } = levelsOf(call.values());
    const path = named(names);
    const from = climb(call.data, call.above, levels);
    return from !== undefined && find(from, path) !== undefined;
}
/** `[[2], "name"]` climbs two levels first. */
function levelsOf(names) {
    const [first] = names;
    if (!isList(first) || first.length !== 1 || typeof first[0] !== 'number')
        return { levels: 0, names };
    if (!Number.isInteger(first[0]))
        throw Thrown.wrongArguments();
    return { levels: Math.abs(first[0]), names: names.slice(1) };
}
function missing(data, names) {
    const paths = names.map(dotted);
    return names.filter((_, i) => {
        const found = find(data, paths[i]);
        return found === undefined || found === null || found === '';
    });
}
